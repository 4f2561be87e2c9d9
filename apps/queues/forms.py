"""How hours are written and read by people."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.queues.schedule import MINUTES_OF_A_DAY, Range, has_overlap

_RANGE = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})")  # any dash that a keyboard makes
_UNREADABLE = _("Write hours like 09:00–13:00, 14:00–18:00.")


def ranges_to_text(ranges: Iterable[Range]) -> str:
    """Ranges as people write them, each from clock to clock with a dash, commas between them."""
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in sorted(ranges))


def text_to_ranges(text: str) -> tuple[Range, ...]:
    """Ranges from what somebody wrote; nothing written is no range.

    Raises:
        ValidationError: it can't be read, leaves the day, or two ranges overlap.
    """
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    found = [_RANGE.fullmatch(part) for part in parts]
    ranges = tuple(sorted(_range(*map(int, match.groups())) for match in found if match))
    if len(ranges) != len(parts):
        raise ValidationError(_UNREADABLE)
    if has_overlap(ranges):
        raise ValidationError(_("Two of these ranges overlap."))
    return ranges


def _range(hour: int, minute: int, last_hour: int, last_minute: int) -> Range:
    opens, closes = hour * 60 + minute, last_hour * 60 + last_minute
    if minute > 59 or last_minute > 59 or closes > MINUTES_OF_A_DAY:
        raise ValidationError(_UNREADABLE)
    if opens >= closes:
        raise ValidationError(_("A range opens before it closes. What goes past midnight is two ranges, on two days."))
    return opens, closes


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


class RangesField(forms.CharField):
    """The ranges of one day in one line; its value is a tuple of ranges."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Ranges from what was written."""
        return text_to_ranges(value or "") if isinstance(value, str) or value is None else tuple(value)

    def prepare_value(self, value: Any) -> Any:
        """What stands in the field."""
        return value if isinstance(value, str) or value is None else ranges_to_text(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other ranges are meant, however they are written."""
        try:
            return bool(tuple(sorted(initial or ())) != self.to_python(data))
        except ValidationError:
            return True

    def run_validators(self, value: Any) -> None:
        """Those of text have nothing to say about ranges."""
