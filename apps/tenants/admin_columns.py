"""Columns that hold durations, where they are only read: in lists, and on pages of those who may not change them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model
from django.utils.text import capfirst

from apps.core.durations import duration_text
from apps.tenants.admin_fields import duration_unit


class DurationColumn:
    """A column of a list, or a value of a page, that shows a duration in words."""

    def __init__(self, column: Any) -> None:
        self._column = column
        self.__name__ = self.admin_order_field = column.name
        self.short_description = capfirst(column.verbose_name)

    def __call__(self, row: Model) -> str | None:
        """The value in words; several separated by commas."""
        value, unit = getattr(row, self._column.name), duration_unit(self._column)
        if isinstance(value, list):
            return ", ".join(duration_text(each, unit) for each in value)
        return None if value is None else duration_text(value, unit)

    def __str__(self) -> str:
        return str(self.__name__)


def with_durations(model: type[Model], names: Iterable[Any]) -> list[Any]:
    """Columns of a list with durations in place of their numbers.

    Args:
        model: whose columns.
        names: as Django takes them: names and functions.
    """
    shown = _durations(model)
    return [shown.get(each, each) if isinstance(each, str) else each for each in names]


def read_durations(part: Any, model: type[Model]) -> None:
    """Show the durations of a form or a table in words, where they can't be changed.

    Args:
        part: what Django's admin draws a form or a table from.
        model: its rows' model.
    """
    fixed = set(part.readonly_fields)
    if not getattr(part, "has_change_permission", True):
        fixed |= set(flatten_fieldsets(part.fieldsets))
    shown = {name: column for name, column in _durations(model).items() if name in fixed}
    if not shown:
        return

    def fields(names: Iterable[Any]) -> list[Any]:
        return [fields(each) if isinstance(each, (list, tuple)) else shown.get(each, each) for each in names]

    part.fieldsets = [(title, {**options, "fields": fields(options["fields"])}) for title, options in part.fieldsets]
    part.readonly_fields = type(part.readonly_fields)([*part.readonly_fields, *shown.values()])


def _durations(model: type[Model]) -> dict[str, DurationColumn]:
    return {
        column.name: DurationColumn(column)
        for column in model._meta.fields  # noqa: SLF001 - Django's name for it
        if duration_unit(column)
    }
