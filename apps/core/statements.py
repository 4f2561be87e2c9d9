"""Queries that are compiled once.

Django builds the SQL of a query anew each time it runs. For those that routing asks with every conversation that costs
several times what PostgreSQL needs for the answer. A `Statement` is written as a queryset, with a `Parameter` where a
value will stand, is compiled the first time it is asked, and from then on only executed.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any, ClassVar, Generic, TypeVar

import structlog
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection, transaction
from django.db.models import BooleanField, Expression, F, Field, Func, Model, QuerySet, Subquery, UUIDField
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators
from psycopg import sql

log = structlog.get_logger(__name__)

Row = TypeVar("Row")


class Parameter(Expression):
    """A value that is given by this name when the statement runs; stands in a filter in the value's place.

    Args:
        name: what the value is called by.
        field: what kind of value it is, such as ``UUIDField()``.
    """

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        """A placeholder, with itself in the place of its value."""
        return "%s", [self]

    def bind(self, values: dict[str, Any]) -> Any:
        """What stands here this time, as the driver takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Among(Func):
    """Whether a column holds one of some keys: one statement, however many there are.

    Args:
        column: its name, as a filter has it.
        keys: what the keys are called by, a list of UUIDs that is given when the statement runs; or a subquery that
            makes an array of them. Asked whether it is in the subquery itself, a planner would rather read the table.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, keys: str | Subquery) -> None:
        super().__init__(F(column), Parameter(keys, ArrayField(UUIDField())) if isinstance(keys, str) else keys)


class Statement(Generic[Row]):
    """A queryset that is compiled once, whatever its values; the tenant is the connection's, as ever.

    Args:
        build: makes the queryset: of models, with what `select_related` names, or of `values_list`. It must not depend
            on anything but its `Parameter`s.
    """

    known: ClassVar[list["Statement[Any]"]] = []

    def __init__(self, build: Callable[[], "QuerySet[Any, Row]"]) -> None:
        self._build = build
        self.known.append(self)

    def compile(self) -> None:
        """Compile it now, and not when it is asked first."""
        self._compiled  # noqa: B018

    def all(self, **values: Any) -> list[Row]:
        """Every row; one of `values_list(flat=True)` is the value itself.

        Args:
            values: the value of each `Parameter`.
        """
        compiled = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, compiled.bound(values))
            found = cursor.fetchall()
        return compiled.rows(found) if found else []

    def first(self, **values: Any) -> Row | None:
        """The first row, if there is any. The queryset itself says ``[:1]`` where there may be many."""
        found = self.all(**values)
        return found[0] if found else None

    def exists(self, **values: Any) -> bool:
        """Whether there is a row."""
        return bool(self.all(**values))

    def count(self, **values: Any) -> int:
        """How many rows there are, counted by the database."""
        compiled = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({compiled.sql}) AS counted", compiled.bound(values))  # noqa: S608
            (number,) = cursor.fetchone()
        return int(number)

    @cached_property
    def _compiled(self) -> "_Compiled":
        return _Compiled(self._build())


def statements_compile() -> None:
    """Compile every statement there is, for a process that has just started: whoever asks first waits no longer.

    What can't be compiled now, since the database is away, is compiled when it is asked.
    """
    try:
        with transaction.atomic():  # Some lock what they find, and Django compiles those in a transaction alone.
            for statement in Statement.known:
                statement.compile()
    except DatabaseError as failure:
        log.warning("statements.not_compiled", failure=repr(failure))
    finally:
        connection.close()


class _Compiled:
    """What a queryset comes to: its text, what stands at each placeholder, and how its rows are read."""

    def __init__(self, queryset: "QuerySet[Any, Any]") -> None:
        self.compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self.params = _written_out(*self.compiler.as_sql())
        columns = [column for column, _sql, _alias in self.compiler.select]
        self.converters = self.compiler.get_converters(columns)
        kind = queryset._iterable_class  # noqa: SLF001
        self._read: Callable[[Any], Any] = tuple
        if kind is ModelIterable:
            self._read = self._models()
        elif kind is FlatValuesListIterable:
            self._read = itemgetter(0)

    def bound(self, values: dict[str, Any]) -> list[Any]:
        return [each.bind(values) for each in self.params]

    def rows(self, found: list[Any]) -> list[Any]:
        if self.converters:
            found = list(self.compiler.apply_converters(found, self.converters))
        return [self._read(row) for row in found]

    def _models(self) -> Callable[[Any], Any]:
        """Models as Django's own iterator makes them: its columns, what was selected along, annotations."""
        select, info = self.compiler.select, self.compiler.klass_info
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column.target.attname for column, _sql, _alias in select[start:end]]
        related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]
        annotations = list(self.compiler.annotation_col_map.items())
        model: type[Model] = info["model"]

        def read(row: Any) -> Model:
            made = model.from_db(connection.alias, names, row[start:end])
            for each in related:
                each.populate(row, made)
            for name, position in annotations:
                setattr(made, name, row[position])
            return made

        return read


def _written_out(text: str, params: Sequence[Any]) -> tuple[str, list[Parameter]]:
    """The text with what never changes in it as literals, and the parameters that stay.

    A plan that is kept has to hold for every value: one that knows which state is asked for can take the index of the
    rows in that state.
    """
    written = tuple("%s" if isinstance(each, Parameter) else _literal(each) for each in params)
    return text.replace("%%", "%%%%") % written, [each for each in params if isinstance(each, Parameter)]


def _literal(value: Any) -> str:
    return sql.Literal(value).as_string().replace("%", "%%")
