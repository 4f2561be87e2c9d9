"""Single rows by statements that are written once: the steps that every message takes.

Django compiles a query anew each time it runs. For a row of thirty columns that costs more than all that PostgreSQL
does, and a message pays for it four times. These do what `select_for_update().get()`, `exists()`,
`save(update_fields=...)`, `create()` and `bulk_create()` do; values are plain ones, no expressions.
"""

# Table and column names come from the models, and `_meta` is how Django gives them out.
# ruff: noqa: S608, SLF001

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import DatabaseError, connection
from django.db.models import Field, Model
from django.db.models.expressions import Col

Row = TypeVar("Row", bound=Model)
Converter = Callable[[Any, Any, Any], Any]
_Counted = tuple[tuple[tuple[type[Model], tuple["Field[Any, Any]", ...]], int], ...]


@dataclass(frozen=True)
class _Table:
    """What the statements of one model are made of.

    Attributes:
        fields: its columns, in order.
        names: the attribute of each.
        select: reads a row by its key.
        converters: by position, of the columns that the driver alone does not read as Python has them.
    """

    fields: tuple["Field[Any, Any]", ...]
    names: tuple[str, ...]
    select: str
    converters: tuple[tuple[int, Converter, Col], ...]


def row_lock(model: type[Row], key: Any) -> Row | None:
    """The row of this key, locked until the transaction ends; None when there is none.

    Rows that merely refer to it may be inserted meanwhile (NO KEY). Rows it refers to are read when they are asked for.
    """
    return _read(model, _table(model).select + " FOR NO KEY UPDATE", key)


def row_get(model: type[Row], key: Any) -> Row | None:
    """The row of this key; None when there is none."""
    return _read(model, _table(model).select, key)


def row_has(model: type[Model], **values: Any) -> bool:
    """Whether there is a row with these values in these columns."""
    with connection.cursor() as cursor:
        cursor.execute(_exists(model, tuple(values)), list(values.values()))
        return cursor.fetchone() is not None


def row_save(row: Model, names: Sequence[str], *, beside: Sequence[Model] = ()) -> None:
    """Write these fields of a row, and add others with the same statement.

    Args:
        row: it.
        names: of its fields.
        beside: rows that are added; see `rows_add`.

    Raises:
        DatabaseError: the row is not there any more.
    """
    update, fields = _update(type(row), tuple(names))
    values = [field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in fields]
    counted, added = _counted(beside)
    with connection.cursor() as cursor:
        cursor.execute(_within(counted, update), [*added, *values, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError("the row to save is not there")
    for each in beside:
        _is_stored(each)


def rows_delete(model: type[Model], **values: Any) -> int:
    """Delete the rows with these values in these columns, of a model that no other refers to. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_deletion(model, tuple(values)), list(values.values()))
        return int(cursor.rowcount)


def row_add(row: Row) -> Row:
    """Add a row. One that gets its key from the database does not learn it."""
    _insert(row, "")
    return row


def rows_add(rows: Sequence[Model]) -> None:
    """Add rows, of one model or of several, with one statement; nothing happens without any. As `row_add` for each.

    Args:
        rows: in any order. They may refer to each other: the commit looks at their keys.
    """
    if not rows:
        return
    counted, values = _counted(rows)
    (model, fields), count = counted[-1]
    with connection.cursor() as cursor:
        cursor.execute(_within(counted[:-1], _insertion(model, fields, count)), values)
    for row in rows:
        _is_stored(row)


def row_put(row: Model) -> None:
    """Add a row, or write all its fields over the one that has its key."""
    fields = _written(row)
    with connection.cursor() as cursor:
        cursor.execute(_insertion(type(row), fields) + _over(type(row)), _values(row, fields))
    _is_stored(row)


def row_add_once(row: Model) -> bool:
    """Add a row unless one with the same unique value is there; one that is just being added is waited for.

    Returns:
        Whether it was added.
    """
    return _insert(row, " ON CONFLICT DO NOTHING")


def _read(model: type[Row], statement: str, key: Any) -> Row | None:
    table = _table(model)
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        found = cursor.fetchone()
    if found is None:
        return None
    values = list(found)
    for position, convert, column in table.converters:
        values[position] = convert(values[position], column, connection)
    return model.from_db(connection.alias, table.names, values)


def _insert(row: Model, unless: str) -> bool:
    fields = _written(row)
    with connection.cursor() as cursor:
        cursor.execute(_insertion(type(row), fields) + unless, _values(row, fields))
        added = bool(cursor.rowcount)
    if added:
        _is_stored(row)
    return added


def _written(row: Model) -> "tuple[Field[Any, Any], ...]":
    """Every column, but for a key that the database gives."""
    fields = _table(type(row)).fields
    return fields if row.pk is not None else tuple(field for field in fields if not field.primary_key)


def _values(row: Model, fields: "tuple[Field[Any, Any], ...]") -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]


def _is_stored(row: Model) -> None:
    row._state.adding, row._state.db = False, connection.alias


@cache
def _table(model: type[Model]) -> _Table:
    fields = tuple(model._meta.concrete_fields)
    columns = ", ".join(_quoted(field.column) for field in fields)
    name, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    converters = [
        (position, convert, Col(model._meta.db_table, field))
        for position, field in enumerate(fields)
        for convert in field.get_db_converters(connection)
    ]
    return _Table(
        fields=fields,
        names=tuple(field.attname for field in fields),
        select=f"SELECT {columns} FROM {name} WHERE {key} = %s",
        converters=tuple(converters),
    )


@cache
def _insertion(model: type[Model], fields: "tuple[Field[Any, Any], ...]", rows: int = 1) -> str:
    columns = ", ".join(_quoted(field.column) for field in fields)
    values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * rows)
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES {values}"


@cache
def _within(counted: "_Counted", last: str) -> str:
    """A statement within which these rows are added."""
    added = [_insertion(model, fields, count) for (model, fields), count in counted]
    within = ", ".join(f"added{number} AS ({each})" for number, each in enumerate(added))
    return f"WITH {within} {last}" if within else last


def _counted(rows: Sequence[Model]) -> "tuple[_Counted, list[Any]]":
    """How many rows of which columns there are of each model, and their values."""
    parts: dict[tuple[type[Model], tuple[Field[Any, Any], ...]], list[Model]] = {}
    for row in rows:
        parts.setdefault((type(row), _written(row)), []).append(row)
    counted = tuple((part, len(same)) for part, same in parts.items())
    return counted, [value for (_, fields), same in parts.items() for row in same for value in _values(row, fields)]


@cache
def _over(model: type[Model]) -> str:
    others = [_quoted(field.column) for field in model._meta.concrete_fields if not field.primary_key]
    written = ", ".join(f"{column} = excluded.{column}" for column in others)
    return f" ON CONFLICT ({_quoted(model._meta.pk.column)}) DO UPDATE SET {written}"


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, tuple["Field[Any, Any]", ...]]:
    fields: tuple[Any, ...] = tuple(model._meta.get_field(name) for name in names)
    written = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    key = _quoted(model._meta.pk.column)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {written} WHERE {key} = %s", fields


@cache
def _deletion(model: type[Model], names: tuple[str, ...]) -> str:
    return f"DELETE FROM {_quoted(model._meta.db_table)} WHERE {_equal(model, names)}"


@cache
def _exists(model: type[Model], names: tuple[str, ...]) -> str:
    return f"SELECT 1 FROM {_quoted(model._meta.db_table)} WHERE {_equal(model, names)} LIMIT 1"


def _equal(model: type[Model], names: tuple[str, ...]) -> str:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    return " AND ".join(f"{_quoted(field.column)} = %s" for field in fields)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")
