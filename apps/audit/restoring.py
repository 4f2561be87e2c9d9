"""An entry's values put back: into the forms of the row's own admin page, which checks them and has its actions write.

A form is filled as if somebody had typed the values of then over those of now. So nothing is restored that its user
could not type, and nothing is stored that the page would refuse.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import Field, Model, UniqueConstraint
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.audit.models import AuditEntry
from apps.audit.snapshots import related_value, snapshot
from apps.audit.words import entry_model, field_label, value_lines
from apps.tenants.form_data import form_data

NO_CHOICE = {"invalid_choice", "invalid_pk_value"}
"""Codes of Django's errors of a value that is none of those that can be chosen."""


@dataclass(frozen=True)
class RestoredField:
    """A field that would be put back.

    Attributes:
        name: the field's.
        label: what it is called.
        now: what it is.
        then: what it would be.
    """

    name: str
    label: str
    now: list[str]
    then: list[str]


class Restoration:
    """What an entry changed, put back.

    Attributes:
        fields: what would become different.
        kept: labels of what the entry changed and this page can't put back: it stays as it is.
        refusals: sentences: why it can't be done; none where it can.
    """

    def __init__(self, request: HttpRequest, page: Any, row: Model, entry: AuditEntry) -> None:
        """Fill the forms.

        Args:
            request: of somebody who may change the row.
            page: the row's admin page.
            row: the row, as it is now.
            entry: of the row.
        """
        self._request, self._page, self._row, self._entry = request, page, row, entry
        differing = {each.name: each for each in _differences(row, entry)}
        values = {name: value for name, value in entry.before.items() if name in differing}
        self._form, in_form = self._filled_form(values)
        self._formsets = dict(self._filled_formsets({each: values[each] for each in values if each not in in_form}))
        put_back = in_form | set(self._formsets)
        self.fields = [each for name, each in differing.items() if name in put_back]
        model = entry_model(entry)
        unwritten = {name for name in entry.changes if name not in entry.before}
        self.kept = sorted(field_label(model, name) for name in unwritten | (set(differing) - put_back))
        self.refusals = list(self._refusals()) if self.fields else []

    def apply(self) -> list[str]:
        """Have the page write it.

        Returns:
            Labels of what has been put back.

        Raises:
            DomainError: an action has refused; nothing is written.
            ValidationError: as well.
        """
        with transaction.atomic():
            row = self._page.save_form(self._request, self._form, change=True)
            self._page.save_model(self._request, row, self._form, True)
            self._page.save_related(self._request, self._form, list(self._formsets.values()), True)
        left = {each.name for each in _differences(self._row, self._entry)}
        return [each.label for each in self.fields if each.name not in left]

    def _filled_form(self, values: dict[str, Any]) -> tuple[BaseForm, set[str]]:
        """The page's form, sent with values of then, and which of them it has."""
        form_class = self._page.get_form(self._request, self._row, change=True)
        then = self._page.get_object(self._request, str(self._row.pk))
        is_own = entry_model(self._entry) is self._row._meta.concrete_model  # noqa: SLF001 - Django's name for it
        initial: dict[str, Any] = {}
        put_back: set[str] = set()
        for name, value in values.items():
            column = _column(type(self._row), name) if is_own else None
            fields = {name: value} if column is not None else self._page.form_initial(name, value)
            if not fields.keys() <= form_class.base_fields.keys():
                continue
            if column is None:
                initial |= fields
            elif not _assign(then, column, value):
                continue
            put_back.add(name)
        source = form_class(instance=then, initial=initial)
        source.initial |= initial  # Whatever the form has read of the row for itself.
        row = self._page.get_object(self._request, str(self._row.pk))
        return form_class(form_data(source), instance=row), put_back

    def _filled_formsets(self, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """The page's tables, sent with lines of then, by the names of the relations; each line whole or none."""
        for formset_class, inline in self._page.get_formsets_with_inlines(self._request, self._row):
            name = formset_class.fk.remote_field.get_accessor_name()
            if name in values and inline.has_change_permission(self._request, self._row):
                arguments = self._page.get_formset_kwargs(
                    self._request, self._row, inline, formset_class.get_default_prefix()
                )
                arguments = {each: arguments[each] for each in ("instance", "prefix", "queryset")}
                if (data := _lines_data(formset_class, arguments, values[name])) is not None:
                    yield name, formset_class(data=data, **arguments)

    def _refusals(self) -> Iterator[str]:
        forms = [self._form, *(form for formset in self._formsets.values() for form in formset.forms)]
        for form in forms:
            for name, errors in form.errors.as_data().items():
                label = capfirst(form[name].label) if name in form.fields else ""
                for error in errors:
                    yield _sentence(label, error)
        for formset in self._formsets.values():
            yield from formset.non_form_errors()


def _sentence(label: str, error: ValidationError) -> str:
    if error.code in NO_CHOICE:
        return _("%(field)s: what was chosen then is no longer there to be chosen.") % {"field": label}
    said = " ".join(error.messages)
    return f"{label}: {said}" if label else said


def _differences(row: Model, entry: AuditEntry) -> Iterator[RestoredField]:
    """What the entry changed and is not now as it was before."""
    model = entry_model(entry)
    if model is None or not entry.before:
        return
    current, _name = snapshot(model, row.pk)
    for name, stored in entry.before.items():
        value = (current or {}).get(name) or related_value(model, row.pk, name)
        if value is not None and value.stored != stored and not value.is_secret:
            then = entry.changes[name][0]
            yield RestoredField(
                name, field_label(model, name), value_lines(model, name, value.shown), value_lines(model, name, then)
            )


def _column(model: type[Model], name: str) -> "Field[Any, Any] | None":
    """A model's column; None where it has none of that name."""
    try:
        field = model._meta.get_field(name)  # noqa: SLF001 - Django's way to ask
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) and field.concrete and not field.many_to_many else None


def _assign(row: Model, column: "Field[Any, Any]", value: Any) -> bool:
    """Set a column of a row that is not stored; False where the column can't hold such a value any more."""
    try:
        setattr(row, column.attname, column.to_python(value))
    except ValidationError:
        return False
    return True


def _lines_data(
    formset_class: Any, arguments: dict[str, Any], lines: list[dict[str, Any]]
) -> MultiValueDict[str, Any] | None:
    """What would be sent of a table with these lines; None where it can't be told, or a line holds more than was kept.

    Args:
        formset_class: the table.
        arguments: its row, prefix and lines now.
        lines: those of then: values by field.
    """
    known = set().union(*lines) if lines else {each.name for each in formset_class.model._meta.fields}  # noqa: SLF001
    own = set(formset_class.form.base_fields) - {formset_class.fk.name}
    key = _line_key(formset_class)
    if key is None or not own <= known:
        return None
    now = formset_class(**arguments)
    wanted = {tuple(str(line[name]) for name in key): line for line in lines}
    found = [tuple(_stored(form.instance)[name] for name in key) for form in now.initial_forms]
    added = [line for each, line in wanted.items() if each not in found]
    if (added and not formset_class.max_num) or (set(found) - wanted.keys() and not now.can_delete):
        return None
    wider = type(formset_class.__name__, (formset_class,), {"extra": len(added)})
    source = wider(**arguments)
    data = form_data(source.management_form)
    for form, line in zip(source.forms, [*(wanted.get(each) for each in found), *added], strict=True):
        if line is None:
            data.update(form_data(form))
            data[f"{form.prefix}-DELETE"] = "on"
        else:
            columns = {each.name: each for each in form.instance._meta.fields}  # noqa: SLF001
            form.initial |= {name: columns[name].to_python(line[name]) for name in own & columns.keys()}
            data.update(form_data(form))
    return data


def _stored(line: Model) -> dict[str, Any]:
    return {each.name: str(getattr(line, each.attname)) for each in line._meta.concrete_fields}  # noqa: SLF001


def _line_key(formset_class: Any) -> tuple[str, ...] | None:
    """The fields by which a line of then is a line of now: what must not stand twice in a table."""
    parent = formset_class.fk.name
    for constraint in formset_class.model._meta.constraints:  # noqa: SLF001 - Django's name for it
        if isinstance(constraint, UniqueConstraint) and parent in constraint.fields and constraint.condition is None:
            return tuple(name for name in constraint.fields if name != parent)
    return None
