"""What the audit log says of passes (AUD-1)."""

from apps.audit.registry import audited_verbs
from apps.operators.choices import AuditVerb

audited_verbs(AuditVerb)
