"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.dispositions.models import Code, CodeSet

audited_model(Code, "disposition_code")
audited_model(CodeSet, "disposition_set", related=["entries", "queues", "groups"])
