"""How agents begin their day."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.agents import actions
from apps.agents.models import AgentSettings
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_sites import tenant_site


@admin.register(AgentSettings, site=tenant_site)
class AgentSettingsAdmin(SetupAdmin):
    """Login preparation (AGT-4)."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    fields = ("login_prep", "login_prep_seconds", "login_prep_name", "login_prep_message")
    conditional_fields: ClassVar[dict[str, str]] = dict.fromkeys(
        ("login_prep_seconds", "login_prep_name", "login_prep_message"), "login_prep == true"
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgentSettings]:
        """The one row, made with its defaults if it is not there yet."""
        AgentSettings.load()
        rows: QuerySet[AgentSettings] = super().get_queryset(request)
        return rows

    def store(self, request: HttpRequest, row: AgentSettings, form: AnyForm) -> None:
        """Change the settings."""
        del request, form
        actions.agent_settings_save(settings=row)
