"""“Change the selected …”: one field of several rows at once, looked at row by row before it is written.

Each row is changed by the form of its own page, as if somebody had typed the value there: what that refuses is refused
here, and one row that is refused keeps all of them as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.errors import DomainError
from apps.tenants.admin_base import SetupAdmin, refusal_sentences
from apps.tenants.form_data import form_data

MOST_ROWS = 500
"""How many rows are changed at once: each is looked at on one page."""


@dataclass(frozen=True)
class RowChange:
    """What becomes of one row.

    Attributes:
        row: it.
        now: the field's value in words.
        then: what it would be.
        refusals: why it can't be; none where it can.
    """

    row: Model
    now: str
    then: str
    refusals: list[str]


class BulkAdmin(SetupAdmin):
    """A page of whose rows several can be changed at once, by those whose role reaches everything.

    Attributes:
        bulk_fields: which fields of the page's form can be changed so.
    """

    actions: Any = ("change_selected",)
    bulk_fields: ClassVar[tuple[str, ...]] = ()

    @admin.action(description=_("Change the selected …"), permissions=["change"])
    def change_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
        """Ask for the field, then for its value; show what would become of each row; write it."""
        if rows.count() > MOST_ROWS:
            self.message_user(request, _t("At most %d at once: select fewer.") % MOST_ROWS, messages.ERROR)
            return redirect(request.get_full_path())
        name = request.POST.get("bulk_field", "")
        found = list(rows)
        fields = self._bulk_fields(request, found)
        field = fields.get(name)
        if field is None:
            return self._bulk_page(request, found, chooser=fields)
        if "bulk_look" not in request.POST and "bulk_apply" not in request.POST:
            return self._bulk_page(request, found, name=name, field=field)
        is_final = "bulk_apply" in request.POST
        changes = self._bulk_change(request, found, name, keep=is_final)
        if is_final and not any(each.refusals for each in changes):
            said = ngettext("%d was changed.", "%d were changed.", len(changes)) % len(changes)
            self.message_user(request, said, messages.SUCCESS)
            return redirect(request.get_full_path())
        return self._bulk_page(request, found, name=name, field=field, changes=changes)

    def _bulk_fields(self, request: HttpRequest, rows: list[Any]) -> dict[str, forms.Field]:
        """The fields that can be changed, as the page of the first row has them that this user may change."""
        row = next((row for row in rows if self.has_change_permission(request, row)), None)
        if row is None:
            return {}
        known = self.get_form(request, row, change=True).base_fields
        return {name: known[name] for name in self.bulk_fields if name in known}

    def _bulk_change(self, request: HttpRequest, rows: list[Any], name: str, *, keep: bool) -> list[RowChange]:
        """Change all rows, and take it back unless it is to be kept and nothing was refused."""
        with transaction.atomic():
            changes = [self._row_change(request, row, name) for row in rows]
            if not keep or any(each.refusals for each in changes):
                transaction.set_rollback(True)
        return changes

    def _row_change(self, request: HttpRequest, row: Any, name: str) -> RowChange:
        form_class = self.get_form(request, row, change=True)
        source: Any = form_class(instance=row)
        if not self.has_change_permission(request, row) or name not in source.fields:
            return RowChange(row, "", "", [_t("It can’t be changed here.")])
        form: Any = form_class(
            _with_value(form_data(source), request, name), instance=self.get_object(request, str(row.pk))
        )
        refusals = list(_form_errors(form)) or self._row_refusals(request, form)
        return RowChange(row, _in_words(source[name]), _in_words(form[name]), refusals)

    def _row_refusals(self, request: HttpRequest, form: Any) -> list[str]:
        """Write a row; what an action has against it."""
        try:
            with transaction.atomic():
                row = self.save_form(request, form, change=True)
                self.save_model(request, row, form, True)
                self.save_related(request, form, [], True)
        except (DomainError, ValidationError) as refused:
            return refusal_sentences(refused)
        return []

    def _bulk_page(self, request: HttpRequest, rows: list[Any], **facts: Any) -> HttpResponse:
        name, field = facts.get("name"), facts.get("field")
        form = None
        if name and field is not None:
            bound = request.POST if "bulk_look" in request.POST or "bulk_apply" in request.POST else None
            form = type("BulkForm", (forms.Form,), {name: field})(bound)
        changes = facts.get("changes", [])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _t("Change %(what)s") % {"what": self.opts.verbose_name_plural},
            "rows": rows,
            "chooser": [(key, capfirst(str(each.label))) for key, each in facts.get("chooser", {}).items()],
            "name": name,
            "form": form,
            "changes": changes,
            "is_refused": any(each.refusals for each in changes),
            "checkbox": ACTION_CHECKBOX_NAME,
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "tenants/admin_bulk.html", context)


def _with_value(data: MultiValueDict[str, Any], request: HttpRequest, name: str) -> MultiValueDict[str, Any]:
    """What a page would send with another value of one field, in one input or several."""
    kept = MultiValueDict({key: data.getlist(key) for key in data if not _is_of(key, name)})
    for key in request.POST:
        if _is_of(key, name):
            kept.setlist(key, request.POST.getlist(key))
    return kept


def _is_of(key: str, name: str) -> bool:
    return key == name or (key.startswith(f"{name}_") and key.removeprefix(f"{name}_").isdigit())


def _form_errors(form: Any) -> Iterator[str]:
    for name, errors in form.errors.items():
        label = capfirst(str(form[name].label)) if name in form.fields else ""
        yield from (f"{label}: {error}" if label else str(error) for error in errors)


def _in_words(bound: forms.BoundField) -> str:
    """A field's value as people read it."""
    value: Any = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return _t("Yes") if value in {True, "on", "true"} else _t("No")
    if isinstance(bound.field, forms.ModelChoiceField):
        return str(_row_of(bound.field, value) or "–")
    if isinstance(bound.field, forms.ChoiceField):
        return str(dict(bound.field.choices).get(value, value))  # type: ignore[arg-type]
    return str(bound.field.prepare_value(value) if value not in (None, "") else "–")


def _row_of(field: Any, value: Any) -> Any:
    try:
        return field.to_python(value)
    except ValidationError:
        return None
