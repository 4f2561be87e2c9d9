"""What entries say, as people read it: fields by their labels, durations and times in words."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, Model
from django.utils.dateparse import parse_datetime
from django.utils.encoding import force_str
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.audit.models import AuditEntry
from apps.core.durations import duration_text
from apps.tenants.admin_base import exact_time
from apps.tenants.admin_fields import duration_unit

NOTHING = "–"


@dataclass(frozen=True)
class FieldChange:
    """A field of a row that has become different.

    Attributes:
        label: what the field is called.
        before: what it was: several values, such as the lines of a table, one by one.
        after: what it became.
    """

    label: str
    before: list[str]
    after: list[str]


def field_changes(entry: AuditEntry) -> list[FieldChange]:
    """What an entry says of each field, by the fields' labels."""
    model = entry_model(entry)
    said = [
        FieldChange(field_label(model, name), value_lines(model, name, before), value_lines(model, name, after))
        for name, (before, after) in entry.changes.items()
    ]
    return sorted(said, key=lambda each: each.label)


def detail_lines(entry: AuditEntry) -> list[tuple[str, str]]:
    """What else an entry tells: names and values."""
    return [
        (_plain_label(key), ", ".join(value_lines(None, key, value))) for key, value in sorted(entry.detail.items())
    ]


def entry_model(entry: AuditEntry) -> type[Model] | None:
    """The model of what it was done to; None where that is no row, or of a model that is no more."""
    try:
        return apps.get_model(entry.target_type)
    except (LookupError, ValueError):
        return None


def field_label(model: type[Model] | None, name: str) -> str:
    """What a field of a model is called; one that it has no more, by its name."""
    field = _field(model, name)
    if field is None:
        return _plain_label(name)
    if field.auto_created and not field.concrete:
        return capfirst(force_str(field.related_model._meta.verbose_name_plural))  # noqa: SLF001 - Django's name for it
    return capfirst(force_str(field.verbose_name))


def value_lines(model: type[Model] | None, name: str, value: Any) -> list[str]:
    """A value of a field as people read it, its parts one by one; a dash for nothing.

    Args:
        model: the field's; None where there is none.
        name: the field's.
        value: of plain JSON, as an entry holds it.
    """
    field = _field(model, name)
    parts = value if isinstance(value, list) else [value]
    return [_text(field, each) for each in parts] or [NOTHING]


def _text(field: Any, value: Any) -> str:
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and field is not None and (unit := duration_unit(field)):
        return duration_text(value, unit)
    if isinstance(field, DateTimeField) and (moment := parse_datetime(str(value))):
        return exact_time(moment)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


@cache
def _field(model: type[Model] | None, name: str) -> Any:
    """A model's field or relation; None where it has none of that name."""
    fields = model._meta.get_fields() if model is not None else ()  # noqa: SLF001 - Django's way to ask
    for each in fields:
        is_reverse = each.auto_created and not each.concrete
        if name == (each.get_accessor_name() if is_reverse else each.name):  # type: ignore[union-attr]
            return each
    return None


def _plain_label(name: str) -> str:
    return name.replace("_", " ").capitalize()
