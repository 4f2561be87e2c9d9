"""What the audit log says of itself."""

from apps.audit.choices import AuditVerb, TenantVerb
from apps.audit.models import AuditSettings
from apps.audit.registry import audited_model, audited_verbs

audited_model(AuditSettings, "audit_settings", ignored=["seal_due_at"])
audited_verbs(AuditVerb)
audited_verbs(TenantVerb)
