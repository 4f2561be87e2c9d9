"""What the audit log shows of this app's rows (AUD-1)."""

from apps.accounts.choices import AuditVerb
from apps.accounts.models import OpenIDIdentity, OpenIDProvider, Role, SignInSettings, User
from apps.audit.registry import audited_model, audited_verbs

audited_model(Role, "role", ignored=["is_stock"])
audited_model(User, "user", secret=["password"], ignored=["last_login", "session_generation", "created_at"])
audited_model(SignInSettings, "signin_settings", related=["second_factor_roles"])
audited_model(OpenIDProvider, "openid_provider", secret=["sealed"])
audited_model(OpenIDIdentity, "openid_identity")
audited_verbs(AuditVerb)
