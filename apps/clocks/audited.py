"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.clocks.models import ReplyMessage, ReplyRules

audited_model(ReplyRules, "reply_rules")
audited_model(ReplyMessage, "reply_message")
