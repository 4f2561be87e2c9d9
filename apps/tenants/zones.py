"""Time zones: which there are, and which of them people choose from."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def zone_validate(value: str) -> None:
    """Refuse a name that the time zone database does not have.

    Raises:
        ValidationError: it does not.
    """
    if value not in available_timezones():
        raise ValidationError(_("This is not a time zone, such as Europe/Madrid."))


def zone_choices() -> list[tuple[str, str]]:
    """Every time zone that is a place, and UTC."""
    return [(name, name) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]
