"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.snooze.models import SnoozeSettings

audited_model(SnoozeSettings, "snooze_settings")
