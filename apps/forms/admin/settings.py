"""Admin page of how forms are sent and revealed (TEN-5, FRM-2, FRM-4)."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.forms import actions
from apps.forms.models import FormSettings
from apps.tenants.admin_base import (
    AnyForm,
    SetupAdmin,
)
from apps.tenants.admin_sites import tenant_site


@admin.register(FormSettings, site=tenant_site)
class FormSettingsAdmin(SetupAdmin):
    """Who reveals, and for how long."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    list_display = ("__str__", "agents_reveal", "asks_reason", "hide_seconds", "expires_hours")
    fieldsets = (
        (_("Secured values"), {"fields": ("agents_reveal", "asks_reason", "hide_seconds")}),
        (_("Sent forms"), {"fields": ("expires_hours",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[FormSettings]:
        """The one row, made with its defaults if it is not there yet."""
        FormSettings.load()
        rows: QuerySet[FormSettings] = super().get_queryset(request)
        return rows

    def store(self, request: HttpRequest, row: FormSettings, form: AnyForm) -> None:
        """Change the settings."""
        del request, form
        actions.form_settings_save(settings=row)
