"""The history of a row: what the audit log holds of it, for those who see the row (AUD-1)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.audit.models import AuditEntry
from apps.audit.registry import verb_label
from apps.audit.selectors import PAGE_ENTRIES, entries_of_row
from apps.audit.words import detail_lines, field_changes
from apps.tenants.admin_base import exact_time
from apps.tenants.admin_history import history_from
from apps.tenants.admin_sites import tenant_site


@history_from
def row_history(request: HttpRequest, page: Any, row: Any) -> HttpResponse:
    """The entries of a row, the newest first, part by part.

    What was done with it besides changing it, such as reading it, is for those who read the audit log.

    Args:
        request: of somebody who sees the row.
        page: the row's admin page.
        row: the row.
    """
    reads_log = page.admin_site.get_model_admin(AuditEntry).has_view_permission(request)
    entries = entries_of_row(
        kinds_of_page(page), str(row.pk), changes_only=not reads_log, after=_key(request.GET.get("after", ""))
    )
    may_restore = page.admin_site is tenant_site and page.has_change_permission(request, row)
    facts = {
        "title": _("History"),
        "opts": page.opts,
        "original": row,
        "back": reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[row.pk]),
        "entries": [_shown(entry, may_restore=may_restore) for entry in entries[:PAGE_ENTRIES]],
        "more": str(entries[PAGE_ENTRIES - 1].pk) if len(entries) > PAGE_ENTRIES else None,
        "is_first_part": "after" not in request.GET,
    }
    return TemplateResponse(request, "audit/history.html", {**page.admin_site.each_context(request), **facts})


def kinds_of_page(page: Any) -> tuple[str, ...]:
    """What the entries of a page's rows call them."""
    return (page.model._meta.concrete_model._meta.label_lower, *page.history_kinds)  # noqa: SLF001 - Django's name for it


def _shown(entry: AuditEntry, *, may_restore: bool) -> dict[str, Any]:
    return {
        "pk": entry.pk,
        "what": verb_label(entry.verb),
        "who": entry.actor_name or entry.get_actor_kind_display(),
        "at": entry.at,
        "moment": exact_time(entry.at),
        "address": entry.address,
        "fields": field_changes(entry),
        "detail": detail_lines(entry),
        "restore": reverse("admin:audit_restore", args=[entry.pk]) if may_restore and entry.before else "",
    }


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
