"""Tables beside a row: fields of a form, words of a widget."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.utils.translation import gettext as _

from apps.configuration.registry import Values, value_plain, value_read


@dataclass(frozen=True)
class Lines:
    """A table beside a row.

    Attributes:
        model: the lines' model.
        owner: their relation to the row.
        key: the fields by which a line is known within its row.
    """

    model: type[Model]
    owner: str
    key: tuple[str, ...]

    @property
    def fields(self) -> list["Field[Any, Any]"]:
        """What is kept of a line."""
        options = self.model._meta  # noqa: SLF001 - Django's way to ask
        return [each for each in options.concrete_fields if each.editable and each.name not in {"id", self.owner}]

    def of(self, row: Any) -> list[Values]:
        """The lines of a row as plain values."""
        return [{each.name: value_plain(each, line) for each in self.fields} for line in self._rows(row)]

    def read(self, row: Any, lines: Any) -> tuple[list[Any], list[Any]]:
        """The lines that values make, and those that are there beyond them.

        Args:
            row: whose, stored.
            lines: as `of` writes them.

        Raises:
            ValidationError: a value is none that can stand there.
        """
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            raise ValidationError(_("A list of lines is needed."))
        there = {self._key(line): line for line in self._rows(row)}
        kept = [self._filled(row, there, line) for line in lines]
        keys = {line.pk for line in kept}
        return kept, [line for line in there.values() if line.pk not in keys]

    def _filled(self, row: Any, there: dict[Any, Any], values: Values) -> Any:
        read = {each.name: value_read(each, values[each.name]) for each in self.fields if each.name in values}
        line = there.get(tuple(str(read.get(name)) for name in self.key)) or self.model(**{self.owner: row})
        for name, value in read.items():
            setattr(line, name, value)
        return line

    def _key(self, line: Any) -> tuple[str, ...]:
        return tuple(str(getattr(line, name)) for name in self.key)

    def _rows(self, row: Any) -> Sequence[Any]:
        there = self.model._default_manager  # noqa: SLF001 - public in all but its name
        return list(there.filter(**{self.owner: row}).order_by(*self._order()))

    def _order(self) -> tuple[str, ...]:
        names = {each.name for each in self.fields}
        return ("position", *self.key) if "position" in names else self.key
