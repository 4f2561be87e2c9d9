"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.masking.models import MaskingRule

audited_model(MaskingRule, "masking_rule", related=["queues"])
