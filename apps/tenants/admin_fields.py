"""Fields that the admin pages of several apps have."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.contrib.postgres.fields import ArrayField
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2Widget, UnfoldAdminTextInputWidget

from apps.core.durations import duration_read, duration_text
from apps.tenants.zones import zone_choices

_DURATION = re.compile(r"(?:^|_)(seconds|minutes|hours|days)$")


def language_choices() -> list[tuple[str, str]]:
    """Languages by their tags, in the order of their English names."""
    named = {tag: info["name"] for tag, info in LANG_INFO.items() if "name" in info}
    return sorted(named.items(), key=lambda each: each[1])


class TimeZoneField(forms.ChoiceField):
    """A time zone, out of a list that can be searched."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        super().__init__(choices=zone_choices, widget=UnfoldAdminSelect2Widget, **kwargs)


class DurationField(forms.Field):
    """A whole number of seconds, minutes, hours or days, shown and read as people write durations.

    Attributes:
        unit: what the number counts, and what a number without a unit is taken for.
        least: the smallest value, in the unit.
        most: the largest value, in the unit; None where there is none.
    """

    widget = UnfoldAdminTextInputWidget
    default_error_messages = {
        "invalid": _("This is no duration. Write it like 45 s, 10 min, 1 h 30 min or 3 days."),
        "range": _("It has to be %(range)s."),
    }

    def __init__(self, *, unit: str, least: int = 0, most: int | None = None, **kwargs: Any) -> None:
        self.unit, self.least, self.most = unit, least, most
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A number as a duration; what was typed, as it was typed."""
        return value if value is None or isinstance(value, str) else duration_text(value, self.unit)

    def to_python(self, value: Any) -> int | None:
        """The number of units, or None for nothing."""
        if value in self.empty_values:
            return None
        try:
            return value if isinstance(value, int) else duration_read(str(value), self.unit)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value: int | None) -> None:
        """Within its bounds."""
        super().validate(value)
        if value is not None and (value < self.least or (self.most is not None and value > self.most)):
            raise forms.ValidationError(
                self.error_messages["range"], code="range", params={"range": _range(self.unit, self.least, self.most)}
            )


class DurationListField(DurationField):
    """Several durations, separated by commas."""

    default_error_messages = {
        "item": _("“%(item)s” is no duration. Write them like 15 min, 1 h, 4 h."),
        "item_range": _("“%(item)s”: each has to be %(range)s."),
        "many": _("%(most)d at most."),
    }

    def __init__(self, *, size: int | None = None, **kwargs: Any) -> None:
        self.size = size
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The durations in words."""
        return ", ".join(duration_text(each, self.unit) for each in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        """Each as a number of units, in the order in which they stand."""
        if isinstance(value, list):
            return value
        return [self._read(item) for item in re.split(r"[,;\n]", str(value or "")) if item.strip()]

    def validate(self, value: list[int]) -> None:  # type: ignore[override]
        """Each within the bounds, and no more than there may be."""
        forms.Field.validate(self, value)
        if self.size is not None and len(value) > self.size:
            raise forms.ValidationError(self.error_messages["many"], code="many", params={"most": self.size})
        for each in value:
            try:
                super().validate(each)
            except forms.ValidationError:
                params = {
                    "item": duration_text(each, self.unit),
                    "range": _range(self.unit, self.least, self.most),
                }
                raise forms.ValidationError(self.error_messages["item_range"], params=params) from None

    def _read(self, item: str) -> int:
        try:
            return duration_read(item, self.unit)
        except ValueError:
            params = {"item": item.strip()[:40]}
            raise forms.ValidationError(self.error_messages["item"], code="item", params=params) from None


def duration_unit(column: Any) -> str:
    """What a model's column counts where it holds a duration (or several), by its name's end; else nothing."""
    numbers = column.base_field if isinstance(column, ArrayField) else column
    found = _DURATION.search(column.name) if isinstance(numbers, models.IntegerField) else None
    return found[1] if found else ""


def duration_formfield(column: Any, **kwargs: Any) -> DurationField | None:
    """The form field of a column that holds a duration, with its bounds, default and unit in a sentence below it.

    Args:
        column: a model's field.
        kwargs: what the form says of it.

    Returns:
        None for every other column.
    """
    if not (unit := duration_unit(column)):
        return None
    is_list = isinstance(column, ArrayField)
    least, most = _bounds((column.base_field if is_list else column).validators)
    facts = {
        "label": capfirst(column.verbose_name),
        "required": not column.blank,
        "initial": column.get_default() if column.has_default() else None,
        "help_text": _lazy_sentence(column, unit, least, most),
    }
    facts |= {"unit": unit, "least": least, "most": most} | ({"size": column.size} if is_list else {})
    facts |= {key: value for key, value in kwargs.items() if key in {"label", "help_text", "initial", "required"}}
    return (DurationListField if is_list else DurationField)(**facts)


def _bounds(validators: Iterable[Any]) -> tuple[int, int | None]:
    limits = {
        type(each): each.limit_value() if callable(each.limit_value) else each.limit_value
        for each in validators
        if isinstance(each, BaseValidator)
    }
    return limits.get(MinValueValidator, 0), limits.get(MaxValueValidator)


def _sentence(column: Any, unit: str, least: int, most: int | None) -> str:
    """What a duration does, what it may be, what it is unless somebody changes it, and what a number alone means."""
    default = column.get_default() if column.has_default() else None
    if isinstance(default, list):
        default_text = ", ".join(duration_text(each, unit) for each in default)
    else:
        default_text = "" if default is None else duration_text(default, unit)
    plain = {
        "seconds": _t("without a unit: seconds"),
        "minutes": _t("without a unit: minutes"),
        "hours": _t("without a unit: hours"),
        "days": _t("without a unit: days"),
    }[unit]
    facts = _range(unit, least, most)
    if default_text:
        facts = _t("%(range)s, %(default)s by default") % {"range": facts, "default": default_text}
    return f"{column.help_text} {capfirst(facts)}; {plain}.".strip()


def _range(unit: str, least: int, most: int | None) -> str:
    if most is None:
        return _t("at least %(least)s") % {"least": duration_text(least, unit)}
    return _t("%(least)s to %(most)s") % {"least": duration_text(least, unit), "most": duration_text(most, unit)}


_lazy_sentence = lazy(_sentence, str)
