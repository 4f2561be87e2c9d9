"""The audit log in the admin: to be read, by whoever may, and never changed (AUD-1)."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from apps.audit.actions import log_export
from apps.audit.export import entries_csv
from apps.audit.models import AuditEntry
from apps.audit.registry import verb_label, verb_labels
from apps.audit.words import detail_lines, field_changes
from apps.core.csv_files import csv_response
from apps.tenants.admin_base import OperatorAdmin, ReadOnlyAdmin, acting_user, exact_time
from apps.tenants.admin_list_links import ListLink, list_links
from apps.tenants.admin_reach import EVERY_ROW
from apps.tenants.admin_sites import operator_site, tenant_site

LINK = '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>'


class VerbFilter(SimpleListFilter):
    """What was done, by the words for it rather than by a look through all entries."""

    title = _("what")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every act that any app records."""
        del request, model_admin
        return sorted(verb_labels().items(), key=lambda each: each[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Entries of that act."""
        del request
        return queryset.filter(verb=self.value()) if self.value() else queryset


class AuditEntryPage(ReadOnlyAdmin):
    """Who did what, when, from where, what it was before and what it became."""

    permission = "audit"
    serves_all = EVERY_ROW
    list_display = ("moment", "who", "what", "to_what", "address")
    list_filter = (VerbFilter, "actor_kind", ("at", admin.DateFieldListFilter))
    search_fields = ("actor_name__istartswith", "target_name__istartswith", "address__startswith")
    search_help_text = _("How a name or an address begins")
    ordering = ("-at", "-id")
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = None
    readonly_fields = ("moment", "who", "what", "to_what", "differences", "facts")
    fieldsets = (
        (None, {"fields": (("moment", "address"), ("who", "actor_kind"), ("what", "to_what"))}),
        (_("What changed"), {"fields": ("differences",)}),
        (_("Details"), {"fields": ("facts",)}),
    )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """All that is typed is how one name begins: names have spaces."""
        phrase = search_term.strip().replace('"', "")
        found: tuple[Any, bool] = super().get_search_results(request, queryset, f'"{phrase}"' if phrase else "")
        return found

    def get_urls(self) -> list[URLPattern]:
        """Beside list and page: the list as a file."""
        view = self.admin_site.admin_view(require_GET(self.export_view))
        return [path("export/", view, name="audit_auditentry_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The entries that the list shows, with its filters and its search, as CSV: an act that is an entry, too.

        Raises:
            PermissionDenied: this user doesn't read the log.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:audit_auditentry_changelist")
        exported = log_export(entries=entries, filters=request.GET.urlencode(), actor=acting_user(request))
        return csv_response(request, entries_csv(exported), "audit.csv")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An entry, which has no history of its own."""
        facts = {"show_history": False, **(extra_context or {})}
        response: HttpResponse = super().change_view(request, object_id, form_url, facts)
        return response

    @admin.display(description=_("when"), ordering="at")
    def moment(self, row: AuditEntry) -> str:
        """When it happened."""
        return exact_time(row.at)

    @admin.display(description=_("who"))
    def who(self, row: AuditEntry) -> str:
        """Their name as it was; what they were where they have none."""
        return row.actor_name or str(row.get_actor_kind_display())

    @admin.display(description=_("what"))
    def what(self, row: AuditEntry) -> str:
        """The act in words."""
        return verb_label(row.verb)

    @admin.display(description=_("to what"))
    def to_what(self, row: AuditEntry) -> str | SafeString:
        """What it was done to, linked where that has a page."""
        if not row.target_name:
            return "–"
        address = self._page_of(row)
        return format_html(LINK, address, row.target_name) if address else row.target_name

    @admin.display(description=_("before and after"))
    def differences(self, row: AuditEntry) -> str | SafeString:
        """Each field with what it was and what it became."""
        if not row.changes:
            return _t("No value changed.")
        facts = {"fields": field_changes(row), "is_deletion": row.verb.endswith(".delete")}
        return render_to_string("audit/_changes.html", facts)

    @admin.display(description=_("details"))
    def facts(self, row: AuditEntry) -> str | SafeString:
        """What else is known of it."""
        return format_html_join("", "<p>{}: {}</p>", detail_lines(row)) or "–"

    def _page_of(self, row: AuditEntry) -> str:
        """The admin page of what it was done to; nothing where there is none."""
        models = {model._meta.label_lower: model for model in self.admin_site._registry}  # noqa: SLF001
        if row.target_type not in models or not row.target_id:
            return ""
        try:
            return reverse(f"admin:{row.target_type.replace('.', '_')}_change", args=[row.target_id])
        except NoReverseMatch:
            return ""


@admin.register(AuditEntry, site=tenant_site)
class AuditEntryAdmin(AuditEntryPage):
    """A tenant's own log."""


@admin.register(AuditEntry, site=operator_site)
class OperatorAuditEntryAdmin(OperatorAdmin, AuditEntryPage):
    """What operators did."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        del request, obj
        return False


@list_links
def export_link(request: HttpRequest, model: type[Any]) -> list[ListLink]:
    """Export, on top of the log, with the filters that are on."""
    if model is not AuditEntry:
        return []
    return [ListLink(_t("Export"), f"{reverse('admin:audit_auditentry_export')}?{request.GET.urlencode()}".rstrip("?"))]
