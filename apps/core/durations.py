"""Durations as people write them: `10 min`, `72 h`, `1 h 30 min`, `3 days`."""

import re
from decimal import Decimal

from django.utils.translation import gettext, gettext_noop, ngettext

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
"""How many seconds a unit is; columns end in its name, as in ``grace_seconds``."""
LONGEST = 60
"""Characters of a duration that are read."""

_SHORT = {"hours": gettext_noop("h"), "minutes": gettext_noop("min"), "seconds": gettext_noop("s")}
_WRITTEN = {
    "s": 1,
    "sec": 1,
    "secs": 1,
    "second": 1,
    "seconds": 1,
    "m": 60,
    "min": 60,
    "mins": 60,
    "minute": 60,
    "minutes": 60,
    "h": 3600,
    "hr": 3600,
    "hrs": 3600,
    "hour": 3600,
    "hours": 3600,
    "d": 86_400,
    "day": 86_400,
    "days": 86_400,
    "w": 604_800,
    "week": 604_800,
    "weeks": 604_800,
}
_PART = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([^\W\d_]+)\.?")
_BETWEEN = re.compile(r"(?:\s|,\s|\band\b)*")


def duration_text(amount: int, unit: str = "seconds") -> str:
    """A duration in words, from the largest unit that it fills down: ``5400`` seconds are ``1 h 30 min``.

    Args:
        amount: how many of the unit, not negative.
        unit: a key of `SECONDS`; what is shorter is not named.
    """
    rest, parts = amount * SECONDS[unit], []
    days, rest = divmod(rest, SECONDS["days"])
    if days:
        parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
    for name, short in _SHORT.items():
        count, rest = divmod(rest, SECONDS[name])
        if count:
            parts.append(f"{count} {gettext(short)}")
    return " ".join(parts) or f"0 {_unit_text(unit)}"


def duration_read(text: str, unit: str = "seconds") -> int:
    """What somebody wrote, in the unit.

    Args:
        text: numbers with their units, such as ``1 h 30 min`` or ``1.5 h``; a number alone counts in the unit.
        unit: a key of `SECONDS`.

    Raises:
        ValueError: it is no duration, or no whole number of the unit.
    """
    text = text.strip().lower()[: LONGEST + 1]
    if len(text) > LONGEST:
        raise ValueError(text)
    if text.isascii() and text.isdigit():
        return int(text)
    written, at, seconds = _WRITTEN | _translated(), 0, Decimal(0)
    while at < len(text):
        part = _PART.match(text, at)
        if part is None or part[2] not in written:
            raise ValueError(text)
        seconds += Decimal(part[1].replace(",", ".")) * written[part[2]]
        gap = _BETWEEN.match(text, part.end())
        at = gap.end() if gap else part.end()
    amount = seconds / SECONDS[unit]
    if not text or amount != int(amount):
        raise ValueError(text)
    return int(amount)


def _unit_text(unit: str) -> str:
    return gettext(_SHORT[unit]) if unit in _SHORT else ngettext("day", "days", 0)


def _translated() -> dict[str, int]:
    """The units in the reader's language."""
    own = {gettext(short).lower(): SECONDS[name] for name, short in _SHORT.items()}
    return own | {ngettext("day", "days", count).lower(): SECONDS["days"] for count in (1, 2)}
