"""Settings pages: one page a subject, made of what several apps contribute, saved all or nothing.

A part is the admin page of a model: that says who may see and change it, draws its fields, and has its action write it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from unfold.forms import AdminForm

from apps.core.errors import DomainError
from apps.core.models import Singleton
from apps.tenants.admin_base import AnyForm, refusal_sentences
from apps.tenants.admin_columns import read_durations
from apps.tenants.admin_menu import SETTINGS, page_of, settings_parts
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_stale import PageVersion, page_version


@dataclass(frozen=True)
class PartForm:
    """The form of one row of one part.

    Attributes:
        anchor: its name in the page's address.
        title: its heading.
        about: a sentence under it; empty for none.
        page: the admin page of its model.
        form: its form, bound where it was sent and may be changed.
        drawn: the form in its fieldsets.
        may_change: whether this user may change it.
        version: of its row.
        is_first: whether it is the first of its part: the others share its anchor and its sentence.
    """

    anchor: str
    title: str
    about: str
    page: Any
    form: AnyForm
    drawn: AdminForm
    may_change: bool
    version: PageVersion
    is_first: bool

    @property
    def has_conditions(self) -> bool:
        """Whether some of its fields show only while others hold something."""
        return bool(getattr(self.page, "conditional_fields", None))

    @property
    def history(self) -> str:
        """Where its row's history is."""
        options = self.page.opts
        return reverse(f"admin:{options.app_label}_{options.model_name}_history", args=[self.form.instance.pk])


def settings_view(request: HttpRequest, code: str) -> HttpResponse:
    """Show a settings page, or save it.

    Args:
        request: of somebody who may enter the admin.
        code: the page's.

    Raises:
        Http404: there is no such page.
        PermissionDenied: the user may see nothing of it.
    """
    entry = page_of(f"{SETTINGS}{code}")
    if entry is None or not settings_parts(code):
        raise Http404
    parts = list(parts_of_page(request, code))
    if not parts:
        raise PermissionDenied
    if request.method == "POST" and (saved := _save(request, parts)) is not None:
        messages.success(request, _saved_sentence(saved))
        return redirect("admin:settings", code)
    facts = {
        **tenant_site.each_context(request),
        "title": _(entry[1].label),
        "parts": parts,
        "page_id": f"{SETTINGS}{code}",
        "can_change": any(part.may_change for part in parts),
        "has_errors": any(part.form.errors for part in parts),
        "media": reduce(add, (part.page.media + part.form.media for part in parts)),
    }
    return TemplateResponse(request, "tenants/admin_settings.html", facts)


def _saved_sentence(saved: list[str]) -> str:
    if not saved:
        return _("Nothing was changed.")
    return _("Saved: %(parts)s.") % {"parts": get_text_list(saved, _("and"))}


def parts_of_page(request: HttpRequest, code: str) -> Iterator[PartForm]:
    """What this user may see of the page, a form for each row."""
    pages = {model._meta.label_lower: page for model, page in tenant_site._registry.items()}  # noqa: SLF001
    for part in settings_parts(code):
        page = pages[part.model]
        if not page.has_view_permission(request):
            continue
        if issubclass(page.model, Singleton):
            rows = [page.model.load()]
        else:
            rows = list(page.get_queryset(request).order_by("pk"))
        for place, row in enumerate(rows):
            title = _(part.title) if len(rows) == 1 else f"{_(part.title)}: {row}"
            yield _part_form(request, page, row, title=title, about=_(part.about) if part.about else "", place=place)


def _part_form(request: HttpRequest, page: Any, row: Any, *, title: str, about: str, place: int) -> PartForm:
    may_change = page.has_change_permission(request, row)
    form_class = page.get_form(request, row, change=True)
    anchor = page.model._meta.label_lower.replace(".", "-")  # noqa: SLF001 - Django's name for it
    sent = (request.POST, request.FILES) if request.method == "POST" and may_change else (None, None)
    form = form_class(*sent, instance=row, prefix=f"{anchor}-{row.pk}")
    fieldsets: Any = [
        (name, {**options, "fields": _without_row(page, options["fields"])})
        for name, options in page.get_fieldsets(request, row)
    ]
    fixed = tuple(page.get_readonly_fields(request, row)) if may_change else tuple(flatten_fieldsets(fieldsets))
    drawn = AdminForm(form, [each for each in fieldsets if each[1]["fields"]], {}, fixed, model_admin=page)
    read_durations(drawn, page.model)
    return PartForm(
        anchor=anchor,
        title=title,
        about=about if place == 0 else "",
        page=page,
        form=form,
        drawn=drawn,
        may_change=may_change,
        version=page_version(request, page, row, form.prefix),
        is_first=place == 0,
    )


def _without_row(page: Any, names: Any) -> list[Any]:
    """Without what names the row, which its heading does."""
    return [name for name in names if name != page.model._meta.pk.name]  # noqa: SLF001 - Django's name for it


def _save(request: HttpRequest, parts: list[PartForm]) -> list[str] | None:
    """Write what was changed, all or nothing.

    Returns:
        The headings of what was written, or None where something was refused: its form says why.
    """
    sent = [part for part in parts if part.may_change]
    for part in sent:
        part.form.full_clean()  # Of each: every form says what is wrong with it.
    if any(part.form.errors for part in sent):
        return None
    changed = [part for part in sent if part.form.has_changed()]
    try:
        with transaction.atomic():
            for part in changed:
                _write(request, part)
    except _RefusedError:
        return None
    return [part.title for part in changed]


class _RefusedError(Exception):
    """An action has refused: the form says why, and nothing is written."""


def _write(request: HttpRequest, part: PartForm) -> None:
    row = part.page.save_form(request, part.form, change=True)
    try:
        with transaction.atomic():
            part.page.save_model(request, row, part.form, True)
    except (DomainError, ValidationError) as refused:
        part.form.add_error(None, refusal_sentences(refused))
        raise _RefusedError from refused
