"""Time zones: which there are, for those who choose and for what is stored."""

from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_NO_ZONES = frozenset({"Factory", "localtime"})
"""What stands among the files of some machines: nobody's zone, and the machine's own."""


def zone_validate(value: str) -> None:
    """Refuse a name that the time zone database does not have.

    Raises:
        ValidationError: it does not.
    """
    if value not in zone_names():
        raise ValidationError(_("This is not a time zone, such as Europe/Madrid."))


def zone_choices() -> list[tuple[str, str]]:
    """Every time zone, since every one may be stored: a page that lacked it would change it."""
    return [(name, name) for name in sorted(zone_names())]


@cache
def zone_names() -> frozenset[str]:
    """The names, which stay while we run; to find them hundreds of files are read."""
    return frozenset(available_timezones() - _NO_ZONES)
