"""The operators' page of tenants, and a tenant's page of itself."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2Widget, UnfoldAdminTextareaWidget

from apps.tenants.actions import tenant_freeze, tenant_rename, tenant_set_hosts, tenant_set_locale
from apps.tenants.admin_base import AnyForm, OperatorAdmin, SetupAdmin
from apps.tenants.admin_fields import TimeZoneField, language_choices
from apps.tenants.admin_sites import operator_site, tenant_site
from apps.tenants.models import Company, Tenant


class TenantForm(AnyForm):
    """A tenant, its host names one on each line."""

    hosts = forms.CharField(
        label=_("Host names"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("One on each line, without port; the first is the primary one."),
    )

    class Meta:
        model = Tenant
        fields = ("name", "is_frozen")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = self.instance.domains.order_by("-is_primary", "domain").values_list("domain", flat=True)
        self.initial["hosts"] = "\n".join(names)


class CompanyForm(AnyForm):
    """Where the company's people are, and what they speak."""

    time_zone = TimeZoneField(help_text=_("New people and new hours begin with it; those that are there keep theirs."))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=language_choices,
        widget=UnfoldAdminSelect2Widget,
        help_text=_("What your people speak: new agents begin with it, where it is one of your skills."),
    )

    class Meta:
        model = Company
        fields = ("time_zone", "language")


@admin.register(Company, site=tenant_site)
class CompanyAdmin(SetupAdmin):
    """The company itself: what new people and new hours begin with (TEN-3)."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    form = CompanyForm
    fields = ("name", ("time_zone", "language"))
    readonly_fields = ("name",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one row: its page."""
        del extra_context
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:tenants_company_change", self.get_queryset(request).get().pk)

    def store(self, request: HttpRequest, row: Company, form: AnyForm) -> None:
        """Write both."""
        del request
        data = form.cleaned_data
        tenant_set_locale(tenant=row, time_zone=data["time_zone"], language=data["language"])


@admin.register(Tenant, site=operator_site)
class TenantAdmin(OperatorAdmin):
    """Tenants (TEN-2). They are made by `manage.py tenant_create`, which also makes their owner."""

    can_add = can_delete = False
    actions = None
    form = TenantForm
    list_display = ("name", "schema_name", "hosts", "is_frozen", "created_at")
    list_filter = ("is_frozen",)
    search_fields = ("name", "schema_name", "domains__domain")
    readonly_fields = ("schema_name", "created_at")
    fields = ("name", "schema_name", "created_at", "hosts", "is_frozen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        """With their host names."""
        tenants: QuerySet[Tenant] = super().get_queryset(request)
        return tenants.prefetch_related("domains")

    @admin.display(description=_("host names"))
    def hosts(self, row: Any) -> str:
        """All of them, the primary one first."""
        return ", ".join(host.domain for host in sorted(row.domains.all(), key=lambda host: not host.is_primary))

    def store(self, request: HttpRequest, row: Tenant, form: AnyForm) -> None:
        """Write name, host names and the switch."""
        del request
        changed, data = set(form.changed_data), form.cleaned_data
        if "name" in changed:
            tenant_rename(tenant=row, name=data["name"])
        if "hosts" in changed:
            tenant_set_hosts(tenant=row, hosts=data["hosts"].split())
        if "is_frozen" in changed:
            tenant_freeze(tenant=row, frozen=data["is_frozen"])
