"""The admin page of snooze (SNZ-1)."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.snooze import actions
from apps.snooze.models import SnoozeSettings
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_sites import tenant_site


@admin.register(SnoozeSettings, site=tenant_site)
class SnoozeSettingsAdmin(SetupAdmin):
    """Whether and how agents snooze."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    fieldsets = (
        (None, {"fields": ("is_on",)}),
        (_("How long"), {"fields": ("minutes", "tomorrow_at", "allows_custom")}),
        (_("Waking"), {"fields": ("wakes_on_message", "grace_seconds")}),
        (_("Signing out"), {"fields": ("may_sign_out",)}),
    )
    conditional_fields: ClassVar[dict[str, str]] = dict.fromkeys(
        ("minutes", "tomorrow_at", "allows_custom", "wakes_on_message", "grace_seconds", "may_sign_out"),
        "is_on == true",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SnoozeSettings]:
        """The one row, made with its defaults if it is not there yet."""
        SnoozeSettings.load()
        rows: QuerySet[SnoozeSettings] = super().get_queryset(request)
        return rows

    def store(self, request: HttpRequest, row: SnoozeSettings, form: AnyForm) -> None:
        """Change the settings."""
        del request, form
        actions.snooze_settings_save(settings=row)
