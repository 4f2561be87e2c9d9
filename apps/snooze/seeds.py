"""What a new tenant finds of snooze: its settings, switched off (SNZ-1)."""

from apps.snooze.models import SnoozeSettings
from apps.tenants.seeds import seed


@seed("snooze.settings")
def snooze_settings() -> None:
    """Everything at its default."""
    SnoozeSettings.load()
