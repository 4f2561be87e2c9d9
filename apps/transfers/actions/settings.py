"""Changes of the rules of transfers, as administrators make them."""

from django.db import transaction

from apps.audit.actions import audited_action
from apps.transfers.models import TransferSettings


@transaction.atomic
@audited_action("settings")
def transfer_settings_save(*, settings: TransferSettings) -> TransferSettings:
    """Write what holds for transfers in the whole tenant; what was transferred already stays as it went.

    Raises:
        ValidationError: a value is not acceptable.
    """
    settings.full_clean()
    settings.save()
    return settings
