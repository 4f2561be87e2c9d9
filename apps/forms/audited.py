"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model, audited_verbs
from apps.forms.choices import AuditVerb
from apps.forms.models import Form, FormSettings

audited_model(Form, "form", ignored=["queues_only", "groups_only"], related=["fields", "queues", "agent_groups"])
audited_model(FormSettings, "form_settings")
audited_verbs(AuditVerb)
