"""Admin page of the rules of transfers (XFR-1 to XFR-3)."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_sites import tenant_site
from apps.transfers import actions
from apps.transfers.models import TransferSettings


@admin.register(TransferSettings, site=tenant_site)
class TransferSettingsAdmin(SetupAdmin):
    """Where agents may transfer to, and what becomes of a conversation's skills."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    list_display = ("__str__", "destinations", "enforces_skills", "skills_live", "skills_on_transfer")
    fieldsets = (
        (None, {"fields": ("destinations", "enforces_skills")}),
        (_("Skill modification"), {"fields": ("skills_live", "skills_on_transfer")}),
    )

    def store(self, request: HttpRequest, row: TransferSettings, form: AnyForm) -> None:
        """Change the settings."""
        del request, form
        actions.transfer_settings_save(settings=row)
