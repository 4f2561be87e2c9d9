"""What a new tenant finds of transfers."""

from apps.tenants.seeds import register_seed
from apps.transfers.models import TransferSettings


@register_seed("transfers.settings")
def transfer_settings() -> None:
    """Queues and agents are destinations, and skills stay as they are (XFR-1, XFR-2), for the settings page to show."""
    TransferSettings.load()
