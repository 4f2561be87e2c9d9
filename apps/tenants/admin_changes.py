"""What an admin page notes of a change: each field with what it was and what it became (AUD-1)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms import BaseForm
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import override

LONGEST = 60
"""Characters of a value that a note keeps."""


def change_message(form: BaseForm, formsets: Sequence[Any], *, add: bool) -> list[dict[str, Any]]:
    """The note of a page that was saved, in the form in which Django's log keeps it: not translated.

    Args:
        form: the page's form, valid.
        formsets: its tables, saved.
        add: whether the page's row is new.
    """
    with override(None):
        if add:
            notes: list[dict[str, Any]] = [{"added": {}}]
        else:
            notes = [{"changed": {"fields": fields}}] if (fields := _fields(form)) else []
        return notes + [note for formset in formsets for note in _lines(formset)]


def _lines(formset: Any) -> Iterable[dict[str, Any]]:
    name = force_str(formset.model._meta.verbose_name)  # noqa: SLF001 - Django's name for it
    form_of = {id(each.instance): each for each in formset.forms}
    for row in formset.new_objects:
        yield {"added": {"name": name, "object": _line(form_of[id(row)])}}
    for row, changed in formset.changed_objects:
        form = form_of[id(row)]
        # What has changed is no name for it.
        said = str(row) if form.visible_fields()[0].name in changed else _line(form)
        yield {"changed": {"name": name, "object": said, "fields": _fields(form)}}
    for form in formset.deleted_forms if formset.deleted_objects else []:
        yield {"deleted": {"name": name, "object": _line(form)}}


def _line(form: BaseForm) -> str:
    """A line of a table by what it begins with: the page's own row, which each of them names, goes without saying."""
    first = form.visible_fields()[0]
    return _shown(first.field, form.cleaned_data.get(first.name, first.initial))


def _fields(form: BaseForm) -> list[str]:
    return [_field(form, name) for name in form.changed_data]


def _field(form: BaseForm, name: str) -> str:
    bound = form[name]
    if isinstance(bound.field.widget, (forms.PasswordInput, forms.FileInput)):
        return force_str(bound.label)
    before, after = _shown(bound.field, bound.initial), _shown(bound.field, form.cleaned_data.get(name))
    return f"{bound.label} ({before} → {after})"


def _shown(field: forms.Field, value: Any) -> str:
    """A value as the page shows it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ModelChoiceField):
        value = _rows(field, value)
    elif isinstance(field, forms.ChoiceField):
        value = _choices(field, value)
    else:
        value = field.prepare_value(value)
    if isinstance(value, (list, tuple, set)):
        value = ", ".join(map(force_str, value))
    text = "" if value is None else " ".join(force_str(value).split())
    return _("none") if text == "" else text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _rows(field: Any, value: Any) -> list[str]:
    """Rows by their names, however the form holds them."""
    values = value if isinstance(value, (list, tuple, set)) or hasattr(value, "iterator") else [value]
    keys = [getattr(each, "pk", each) for each in values if each not in (None, "")]
    return sorted(field.label_from_instance(row) for row in field.queryset.model.objects.filter(pk__in=keys))


def _choices(field: Any, value: Any) -> list[str]:
    labels: dict[str, str] = {}
    for key, label in field.choices:
        labels |= dict(label) if isinstance(label, (list, tuple)) else {key: label}
    labels = {str(key): force_str(label) for key, label in labels.items()}
    values = value if isinstance(value, (list, tuple, set)) else [value]
    return [labels.get(str(each), force_str(each)) for each in values if each not in (None, "")]
