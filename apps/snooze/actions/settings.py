"""Changes of how a tenant snoozes, as administrators make them (SNZ-1)."""

from django.db import transaction

from apps.audit.actions import audited_action
from apps.snooze.models import SnoozeSettings


@transaction.atomic
@audited_action("settings")
def snooze_settings_save(*, settings: SnoozeSettings) -> SnoozeSettings:
    """Write the settings; what is snoozed already wakes when it was to.

    Raises:
        ValidationError: a value is not acceptable.
    """
    settings.minutes = sorted(set(settings.minutes))
    settings.full_clean()
    settings.save()
    return settings
