"""The rows of one kind, both ways: read from files and written through actions, and read from the tenant for files.

A resource of django-import-export whose instances are no models but `Record`s: what stands in the columns of a row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.encoding import force_str
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets

from apps.core.errors import DomainError
from apps.imports.cells import Names, Text
from apps.imports.choices import RowState
from apps.imports.limits import MAX_CELL
from apps.imports.reading import FileRow

Key = tuple[str, ...]


class Column(fields.Field):  # type: ignore[misc]
    """A column of a file.

    Attributes:
        help: one sentence for whoever fills it in.
        example: what could stand in it.
        needed: whether something has to stand in it in a row that is new.
        default: its value in a new row whose file doesn't have the column.
        is_silent_when_empty: whether an empty cell leaves what is there.
    """

    def __init__(
        self,
        name: str,
        *,
        help: str | Promise,  # noqa: A002 - the field's word
        example: str,
        widget: widgets.Widget | None = None,
        needed: bool = False,
        default: Any = "",
        is_silent_when_empty: bool = False,
    ) -> None:
        super().__init__(attribute=name, column_name=name, widget=widget or Text(), default=default)
        self.help, self.example, self.needed = help, example, needed
        # Where nothing can't be stored, an empty cell says nothing.
        takes_nothing = isinstance(self.widget, (Text, Names)) or getattr(self.widget, "optional", False)
        self.is_silent_when_empty = is_silent_when_empty or not takes_nothing

    def clean(self, row: dict[str, str], **kwargs: Any) -> Any:
        """What a cell holds.

        Raises:
            ValueError: nothing that may stand there.
        """
        text = row[self.column_name]
        if len(text) > MAX_CELL:
            raise ValueError(_("At most %(max)d characters.") % {"max": MAX_CELL})
        return self.widget.clean(text, row=row, **kwargs)

    def save(self, instance: "Record", row: dict[str, str], is_m2m: bool = False, **kwargs: Any) -> None:
        """Put what a cell holds into the record."""
        del is_m2m
        if self.is_silent_when_empty and not row[self.column_name].strip():
            return
        instance.said.add(self.attribute)
        if instance.row is not None and row[self.column_name] == self.text(instance):
            return  # As it was exported: what is older than today's rules, or than ours of spaces, stays.
        instance.values[self.attribute] = self.clean(row, **kwargs)

    def text(self, record: "Record") -> str:
        """The cell of a record."""
        return force_str(self.widget.render(record.values.get(self.attribute, self.default)))


@dataclass
class Record:
    """What stands in the columns of a row, and the row of the tenant that it is, if there is one already."""

    values: dict[str, Any]
    row: Any = None
    # Columns that the file says something in, and the line on which it does.
    said: set[str] = field(default_factory=set)
    line: int = 0


@dataclass
class Outcome:
    """What becomes of a row of a file; see `ImportRow`."""

    line: int
    state: RowState
    name: str
    changes: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


class CsvResource(resources.Resource):  # type: ignore[misc]
    """The rows of one kind. A subclass names its columns, finds its rows, and has actions write them.

    Attributes:
        key: the columns by which a row of a file is found in the tenant: natural names, never ids.
    """

    key: ClassVar[tuple[str, ...]] = ()
    writes_to_check: ClassVar[bool] = True
    """Whether a check has to write, and to take it back, to know what actions would refuse."""

    class Meta:
        skip_diff = True
        use_transactions = False

    def __init__(self, actor: Any = None, *, writes: bool = True) -> None:
        super().__init__()
        self.actor = actor
        self.writes = writes
        self._known: dict[Key, Record] = {}
        self._lines: dict[Key, int] = {}
        self._before: dict[str, Any] = {}
        self._changes: dict[str, list[str]] = {}

    # --- What a subclass says

    def find(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """The records that the tenant has of these keys, in a fixed number of queries."""
        raise NotImplementedError

    def records(self, rows: Sequence[Any]) -> list[Record]:
        """Rows of the model as records, in a fixed number of queries."""
        raise NotImplementedError

    def write(self, record: Record, changed: dict[str, Any], *, is_new: bool) -> None:
        """Have actions write a record, in a transaction of its own.

        Raises:
            DomainError, ValidationError: refused; by column where the names are those of columns.
        """
        raise NotImplementedError

    def key_of(self, row: dict[str, str]) -> Key:
        """By what a row of a file is found; nothing where its cells are empty."""
        parts = [self.fields[name].widget.clean(row.get(name, "")) for name in self.key]
        return tuple(map(str, parts))

    def before_chunk(self) -> None:
        """What is the same for many rows is read here once more."""

    def after_chunk(self, outcomes: list[Outcome]) -> None:
        """Whoever writes many rows at once does it here, and turns outcomes that were refused into wrong ones."""

    # --- Files

    def columns(self) -> list[Column]:
        """All columns, in order."""
        return list(self.fields.values())

    def needed_columns(self) -> list[str]:
        """Columns without which a file says of no row which one it is."""
        return list(self.key)

    def chunk_read(self, rows: Sequence[FileRow]) -> list[Outcome]:
        """Take in some rows of a file.

        Returns:
            What becomes of each, or has become, if the surrounding transaction commits.
        """
        keys = {key for key in map(self._safe_key, rows) if key}
        self.before_chunk()
        self._known = self.find(list(keys)) if keys else {}
        outcomes = [self._row_read(row) for row in rows]
        self.after_chunk(outcomes)
        return outcomes

    def _safe_key(self, row: FileRow) -> Key | None:
        try:
            key = self.key_of(row.cells)
        except (ValueError, ValidationError):
            return None
        return key if any(key) else None

    def _row_read(self, row: FileRow) -> Outcome:
        key = self._safe_key(row)
        name = " · ".join(filter(None, (row.cells.get(each, "") for each in self.key)))[:200]
        errors = self._row_errors(row, key)
        if errors:
            return Outcome(row.line, RowState.WRONG, name, errors=errors)
        result = self.import_row(row.cells, None, row_number=row.line, key=key)
        if result.is_invalid():
            return Outcome(row.line, RowState.WRONG, name, errors=self._by_column(result.validation_error))
        if result.is_error():
            raise result.errors[0].error
        if result.is_skip():
            return Outcome(row.line, RowState.SAME, name)
        state = RowState.NEW if result.is_new() else RowState.CHANGED
        return Outcome(row.line, state, name, changes=self._changes)

    def _row_errors(self, row: FileRow, key: Key | None) -> dict[str, list[str]]:
        """What is wrong with a row as such."""
        if row.surplus:
            return {"": [_("This line has more cells than there are columns: a text with a separator needs quotes.")]}
        if key is None:
            return {self.key[0]: [_("Without this nobody knows which row it is.")]}
        first = self._lines.setdefault(key, row.line)
        if first != row.line:
            return {self.key[0]: [_("The same as in line %(line)d.") % {"line": first}]}
        return {}

    # --- What django-import-export asks

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Record | None:
        """The record that the tenant has already."""
        del instance_loader
        return self._known.get(self.key_of(row))

    def init_instance(self, row: dict[str, str] | None = None) -> Record:
        """A record that is new."""
        del row
        return Record({column.attribute: column.default for column in self.columns()})

    def after_init_instance(self, instance: Record, new: bool, row: dict[str, str], **kwargs: Any) -> None:
        """Remember what was there before.

        Raises:
            ValidationError: a new one lacks columns that it needs.
        """
        self._before, self._changes = {} if new else dict(instance.values), {}
        instance.line = kwargs["row_number"]
        missing = [
            each.column_name for each in self.columns() if each.needed and not row.get(each.column_name, "").strip()
        ]
        if new and missing:
            raise ValidationError({name: _("A new row needs this.") for name in missing})

    def import_field(self, field: Column, instance: Record, row: dict[str, str], **kwargs: Any) -> None:
        """Read a cell; what a cell is refused for stands at its column."""
        try:
            super().import_field(field, instance, row, **kwargs)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error

    def skip_row(self, instance: Record, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Whether nothing is to be written."""
        del original, row
        return not import_validation_errors and instance.values == self._before

    def save_instance(self, instance: Record, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Have actions write a record; what they refuse is an error of the row, and undoes it alone."""
        del row, kwargs
        changed = {name: instance.values[name] for name in self.fields if self._is_changed(name, instance)}
        self._changes = {name: self._change(name, instance) for name in changed}
        if not self.writes:
            return
        try:
            with transaction.atomic():
                self.write(instance, changed, is_new=is_create)
        except DomainError as refused:
            errors: dict[str, Any] = refused.extra.get("errors") or {NON_FIELD_ERRORS: force_str(refused.message)}
            raise ValidationError(errors) from refused

    def _is_changed(self, name: str, record: Record) -> bool:
        return name in record.said and (name not in self._before or record.values[name] != self._before[name])

    def _change(self, name: str, record: Record) -> list[str]:
        column = self.fields[name]
        before = column.text(Record(self._before)) if self._before else ""
        return [before, column.text(record)]

    def save_m2m(self, instance: Record, row: Any, **kwargs: Any) -> None:
        """There is nothing beside."""

    def _by_column(self, error: ValidationError) -> dict[str, list[str]]:
        """What is wrong by column; what belongs to none, to the row."""
        if not hasattr(error, "error_dict"):
            return {"": error.messages}
        found: dict[str, list[str]] = {}
        for name, sentences in error.message_dict.items():
            found.setdefault(name if name in self.fields else "", []).extend(sentences)
        return found

    # --- Exports

    def lines(self, rows: Iterable[Model]) -> list[list[str]]:
        """Rows of the model as cells."""
        return [[column.text(record) for column in self.columns()] for record in self.records(list(rows))]

    @classmethod
    def prepared(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with what `records` looks at."""
        return rows
