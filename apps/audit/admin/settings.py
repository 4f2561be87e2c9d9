"""How long the audit log is kept (AUD-1)."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.audit.actions import audit_settings_save
from apps.audit.models import AuditSettings
from apps.tenants.admin_base import AnyForm, SetupAdmin, acting_user
from apps.tenants.admin_sites import tenant_site


@admin.register(AuditSettings, site=tenant_site)
class AuditSettingsAdmin(SetupAdmin):
    """How long the log is kept."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    fields = ("keep_days",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditSettings]:
        """The one row, made with its defaults if it is not there yet."""
        AuditSettings.load()
        rows: QuerySet[AuditSettings] = super().get_queryset(request)
        return rows

    def store(self, request: HttpRequest, row: AuditSettings, form: AnyForm) -> None:
        """Change it."""
        del form
        audit_settings_save(settings=row, actor=acting_user(request))
