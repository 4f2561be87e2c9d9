"""What a new tenant finds of snooze: its settings, switched off (SNZ-1)."""

from apps.snooze.models import SnoozeSettings
from apps.tenants.seeds import register_seed


@register_seed("snooze.settings")
def snooze_settings() -> None:
    """Everything at its default."""
    SnoozeSettings.load()
