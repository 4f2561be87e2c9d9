"""A row as it is stored, value by value: what a person reads, and what it could be restored from."""

from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model
from django.utils.encoding import force_str
from django.utils.translation import override

from apps.audit.choices import HIDDEN, LONGEST_TEXT
from apps.audit.registry import Audited, audited
from apps.core.durations import duration_text
from apps.tenants.admin_fields import duration_unit

_encoder = DjangoJSONEncoder()


@dataclass(frozen=True)
class Value:
    """One value of a row.

    Attributes:
        stored: as it is kept: what two are compared by.
        shown: as people read it, of plain JSON.
        is_secret: whether it must not be written down.
    """

    stored: Any
    shown: Any
    is_secret: bool = False


Snapshot = dict[str, Value]


def snapshot(model: type[Model], key: Any, *, locks: bool = False) -> tuple[Snapshot | None, str]:
    """What is stored of a row, and what the row is called; None and nothing where it is not there.

    Args:
        model: its model.
        key: its key; None is no row.
        locks: whether nobody else changes it before the transaction ends: what is read stays what was before.
    """
    said = audited(model)
    rows = said.model._base_manager.filter(pk=key)  # noqa: SLF001
    # Rows that point at it may come meanwhile: they hold no more than its key.
    rows = rows.select_for_update(no_key=True) if locks else rows
    row: Any = rows.first() if key is not None else None
    if row is None:
        return None, ""
    with override("en"):
        values = {each.name: _value(said, row, each) for each in row._meta.concrete_fields if _is_shown(said, each)}  # noqa: SLF001
        for name in said.related:
            values[name] = _related(said, row, name)
        return values, force_str(row)


def related_value(model: type[Model], key: Any, name: str) -> Value | None:
    """What is stored of rows that belong to a row, whether or not its snapshots hold them; None where there are none.

    Args:
        model: a registered model.
        key: of the row.
        name: of the relation, as `audited_model` takes it.
    """
    said = audited(model)
    row: Any = said.model._base_manager.filter(pk=key).first()  # noqa: SLF001
    relations = {each.get_accessor_name() for each in said.model._meta.related_objects}  # noqa: SLF001
    relations |= {each.name for each in said.model._meta.many_to_many}  # noqa: SLF001
    if row is None or name not in relations:
        return None
    with override("en"):
        return _related(said, row, name)


def _is_shown(said: Audited, field: "Field[Any, Any]") -> bool:
    automatic = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return not (field.primary_key or automatic or field.name in said.ignored)


def _value(said: Audited, row: Any, field: "Field[Any, Any]") -> Value:
    stored = getattr(row, field.attname)
    if field.name in said.secret or field.get_internal_type() == "BinaryField":
        secret = bytes(stored) if isinstance(stored, memoryview) else stored
        return Value(secret, HIDDEN if stored else "", is_secret=True)
    plain = plain_json(stored)
    if field.is_relation:
        return Value(plain, force_str(getattr(row, field.name)) if stored is not None else None)
    if field.choices and not isinstance(stored, list):
        return Value(plain, force_str(dict(field.flatchoices).get(stored, stored)))
    return Value(plain, plain)


def _related(said: Audited, row: Any, name: str) -> Value:
    if name in {each.name for each in row._meta.many_to_many}:  # noqa: SLF001
        rows = list(getattr(row, name).all())
        return Value(sorted(str(each.pk) for each in rows), sorted(force_str(each) for each in rows))
    rows = list(getattr(row, name).select_related())
    ignored = frozenset(each.partition(".")[2] for each in said.ignored if each.startswith(f"{name}."))
    lines = [_line(each, type(row), ignored) for each in rows]
    return Value([stored for stored, _shown in lines], [shown for _stored, shown in lines])


def _line(row: Any, parent: type[Model], ignored: frozenset[str]) -> tuple[dict[str, Any], str]:
    """A child's values but its key and its parent's: as stored, and as people read it."""
    said = Audited(type(row), "", ignored=ignored)
    stored: dict[str, Any] = {}
    shown = []
    for field in row._meta.concrete_fields:  # noqa: SLF001
        if field.related_model is parent or not _is_shown(said, field):
            continue
        value = _value(said, row, field)
        stored[field.name] = None if value.is_secret else value.stored
        if text := _in_line(field, value.shown):
            shown.append(text)
    return stored, "; ".join(shown)


def _in_line(field: "Field[Any, Any]", shown: Any) -> str:
    if shown in (None, "", [], {}) or shown is False:
        return ""
    if shown is True:
        return force_str(field.verbose_name)
    if isinstance(shown, int) and (unit := duration_unit(field)):
        shown = duration_text(shown, unit)
    return f"{force_str(field.verbose_name)}: {shown}"


def plain_json(value: Any) -> Any:
    """A value as JSON has it, every value in its own form: numbers stay numbers, times and keys become text."""
    if value is None or isinstance(value, bool | int | float | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, dict):
        return {force_str(key): plain_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_json(each) for each in value]
    try:
        return _encoder.default(value)
    except TypeError:
        return force_str(value)


def shorten(value: Any) -> Any:
    """A shown value within its bound: of a long text its beginning, and how long it was."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT]}… ({len(value)})"
    if isinstance(value, list):
        return [shorten(each) for each in value]
    if isinstance(value, dict):
        return {key: shorten(each) for key, each in value.items()}
    return value


@dataclass(frozen=True)
class Difference:
    """What differs between two snapshots of a row.

    Attributes:
        changes: by field, as people read it: before and after.
        before: by field, as it was stored, where it may be written down and is whole.
    """

    changes: dict[str, list[Any]]
    before: dict[str, Any]


def difference(before: Snapshot | None, after: Snapshot | None) -> Difference:
    """What has become different; of a row that was not there, or is no more, all that is not empty."""
    changes: dict[str, list[Any]] = {}
    stored: dict[str, Any] = {}
    for name in {**(before or {}), **(after or {})}:
        old, new = (before or {}).get(name), (after or {}).get(name)
        if old is not None and new is not None and old.stored == new.stored:
            continue
        shown = [shorten(each.shown) if each is not None else None for each in (old, new)]
        if all(each in (None, "", [], {}) for each in shown) and (old is None or new is None):
            continue
        changes[name] = shown
        if old is not None and not old.is_secret and shown[0] == old.shown:
            stored[name] = old.stored
    return Difference(changes, stored)
