"""Sections of a configuration: rows of one model by their names, as plain values, and the action that writes them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import CharField, Model, Q, TextField
from django.db.models import Field as ModelField
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.core.models import Singleton

Values = dict[str, Any]
SETTINGS_NAME = "settings"
"""What the one row of a settings model is called."""


def nothing_more(_row: Any) -> Values:
    """For a section whose rows have no tables beside them."""
    return {}


def nothing_after(_row: Any, _values: Values, _actor: Any) -> None:
    """For a section whose rows refer to none of their own kind."""


@dataclass(frozen=True)
class Section:
    """Rows of one model.

    Attributes:
        code: its name in files.
        label: its name on pages.
        model: whose rows.
        name_of: what a row is called: a natural name, the same in every tenant.
        save: has an action write a row whose fields are set, and returns it; gets the values, too, for what stands
            beside the row.
        many: relations of which the names are kept.
        without: fields that stay out: secrets, and what belongs to the tenant.
        more: what else of a row is kept, as plain values.
        after: has actions write what refers to rows of the same section, once all are there.
        rows: which rows.
        to_be_set: what a row needs by hand elsewhere, since secrets never leave.
        for_copy: makes of a row's values those that a copy in the same tenant begins with; None: there are no copies.
    """

    code: str
    label: str | Promise
    model: type[Model]
    name_of: Callable[[Any], str]
    save: Callable[[Any, Values, Any], Any]
    many: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    more: Callable[[Any], Values] = nothing_more
    after: Callable[[Any, Values, Any], Any] = nothing_after
    rows: Q = field(default_factory=Q)
    to_be_set: Callable[[Any], list[str]] = lambda _row: []
    for_copy: Callable[[Values], Values] | None = None

    @property
    def fields(self) -> list["ModelField[Any, Any]"]:
        """The fields that are kept: all that can be edited."""
        options = self.model._meta  # noqa: SLF001 - Django's way to ask
        return [each for each in options.concrete_fields if each.editable and each.name not in {*self.without, "id"}]

    def by_name(self) -> dict[str, Any]:
        """The tenant's rows by their names.

        Raises:
            ValidationError: two have the same.
        """
        if issubclass(self.model, Singleton):
            return {SETTINGS_NAME: self.model.load()}
        found: dict[str, Any] = {}
        there = self.model._default_manager  # noqa: SLF001 - public in all but its name
        for row in there.filter(self.rows):
            name = self.name_of(row)
            if name in found:
                said = _("%(section)s: two are called “%(name)s”; rename one of them.")
                raise ValidationError(said % {"section": self.label, "name": name})
            found[name] = row
        return dict(sorted(found.items()))

    def values_of(self, row: Any) -> Values:
        """A row as plain values."""
        values = {each.name: value_plain(each, row) for each in self.fields}
        values |= {name: sorted(map(row_name, getattr(row, name).all())) for name in self.many}
        return values | self.more(row)

    def fill(self, row: Any, values: Values) -> None:
        """Set the fields of a row.

        Raises:
            ValidationError: a value is none that can stand there, or names what is not there.
        """
        for each in self.fields:
            if each.name in values:
                setattr(row, each.name, value_read(each, values[each.name]))


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Have a configuration contain a section, after those that it refers to.

    Raises:
        ValueError: its name or its model is taken.
    """
    if section.code in _sections or section.model in {each.model for each in _sections.values()}:
        raise ValueError(f"there is a section {section.code}, or one of {section.model.__name__}")
    _sections[section.code] = section


def all_sections() -> list[Section]:
    """Every section, in the order in which they refer to one another."""
    return list(_sections.values())


def section_of(model: type[Model]) -> Section:
    """The section whose rows are of this model.

    Raises:
        LookupError: there is none.
    """
    for section in _sections.values():
        if section.model is model:
            return section
    raise LookupError(f"no section has {model.__name__}")


def row_name(row: Any) -> str:
    """What a row is called in files."""
    return section_of(type(row)).name_of(row)


def rows_named(model: type[Model], names: Any) -> list[Any]:
    """Rows by their names.

    Raises:
        ValidationError: there is none of one of the names.
    """
    if not isinstance(names, list):
        raise ValidationError(_("A list of names is needed."))
    if not names:
        return []
    found = section_of(model).by_name()
    missing = [str(name) for name in names if not isinstance(name, str) or name not in found]
    if missing:
        raise ValidationError(_("There is no “%(name)s”.") % {"name": missing[0]})
    return [found[name] for name in names]


def value_plain(each: "ModelField[Any, Any]", row: Any) -> Any:
    """What stands in a field of a row, as a plain value; another row by its name."""
    if each.is_relation:
        other = getattr(row, each.name)
        return None if other is None else row_name(other)
    value = getattr(row, each.name)
    if value is None or isinstance(value, (bool, int, str)):
        return value if not isinstance(value, str) else str(value)
    return sorted(map(str, value)) if isinstance(value, (set, frozenset)) else _json(value)


def _json(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_json(each) for each in value]
    if isinstance(value, dict):
        return {str(name): _json(each) for name, each in value.items()}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def value_read(each: "ModelField[Any, Any]", value: Any) -> Any:
    """What a plain value is in a field.

    Raises:
        ValidationError: it can't stand there, or names what is not there.
    """
    if each.is_relation:
        if value is None:
            return None
        model: Any = each.related_model
        return rows_named(model, [value])[0]
    if isinstance(each, ArrayField):
        if not isinstance(value, list):
            raise ValidationError({each.name: _("A list is needed.")})
        return [value_read(each.base_field, part) for part in value]
    if isinstance(each, (CharField, TextField)) and not (isinstance(value, str) or (value is None and each.null)):
        raise ValidationError({each.name: _("A text is needed.")})
    try:
        return each.to_python(value)
    except (TypeError, ValueError) as error:
        raise ValidationError({each.name: _("This value can't stand here.")}) from error
