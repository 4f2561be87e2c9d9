"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_verbs
from apps.mailin.choices import AuditVerb

audited_verbs(AuditVerb)
