"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.chat.models import WidgetChannel

audited_model(WidgetChannel, "widget", related=["topics", "words", "identity_keys"])
