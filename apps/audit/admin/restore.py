"""Putting back what an entry changed: what would become different, and a button (AUD-1)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from apps.audit.admin.history import kinds_of_page
from apps.audit.models import AuditEntry
from apps.audit.restoring import Restoration
from apps.audit.selectors import entry_by_id
from apps.core.errors import DomainError
from apps.tenants.admin_base import exact_time, refusal_sentences
from apps.tenants.admin_sites import tenant_site


def restore_view(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Show what putting back what an entry changed would change; sent, do it and lead to the row's history.

    Raises:
        Http404: there is no such entry, it is of no row that this user sees, or it holds nothing to put back.
        PermissionDenied: this user may not change the row.
    """
    entry = entry_by_id(entry_id)
    page = page_of_entry(entry) if entry is not None and entry.before else None
    row = page.get_object(request, entry.target_id) if entry is not None and page is not None else None
    if entry is None or page is None or row is None:
        raise Http404
    if not page.has_change_permission(request, row):
        raise PermissionDenied
    restoration = Restoration(request, page, row, entry)
    history = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_history", args=[row.pk])
    refusals = restoration.refusals
    if request.method == "POST" and restoration.fields and not refusals:
        try:
            labels = restoration.apply()
        except (DomainError, ValidationError) as refused:
            refusals = refusal_sentences(refused)
        else:
            _say(request, labels)
            return redirect(history)
    facts = {
        "title": _("Restore"),
        "opts": page.opts,
        "original": row,
        "entry": entry,
        "moment": exact_time(entry.at),
        "restoration": restoration,
        "refusals": refusals,
        "back": history,
    }
    return TemplateResponse(request, "audit/restore.html", {**tenant_site.each_context(request), **facts})


def page_of_entry(entry: AuditEntry) -> Any:
    """The admin page of what an entry was done to; None where there is none."""
    pages = tenant_site._registry.values()  # noqa: SLF001 - Django's name for it
    return next((page for page in pages if entry.target_type in kinds_of_page(page)), None)


def _say(request: HttpRequest, labels: list[str]) -> None:
    if labels:
        messages.success(request, _("Restored: %(fields)s.") % {"fields": get_text_list(labels, _("and"))})
    else:
        messages.warning(request, _("Nothing was changed."))


tenant_site.add_page("audit/restore/<uuid:entry_id>/", restore_view, "audit_restore")
