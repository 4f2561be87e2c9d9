"""A tenant's page of itself."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2Widget

from apps.tenants.actions import tenant_set_locale
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_fields import TimeZoneField, language_choices
from apps.tenants.admin_search import search_view
from apps.tenants.admin_settings import settings_view
from apps.tenants.admin_sites import operator_site, tenant_site
from apps.tenants.models import Company

for site in (tenant_site, operator_site):
    site.add_page("search/", search_view, "search")
tenant_site.add_page("settings/<slug:code>/", settings_view, "settings")


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
