"""Admin page of the answering rules."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.routing.models import ChannelRules
from apps.routing.setup import channel_rules_save
from apps.tenants.pages import AnyForm, SetupAdmin
from apps.tenants.sites import tenant_site


@admin.register(ChannelRules, site=tenant_site)
class ChannelRulesAdmin(SetupAdmin):
    """How the conversations of each channel family are answered (AGT-6)."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    list_display = ("family", "offer_seconds", "may_reject")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The family is the row."""
        del request, obj
        return ("family",)

    def store(self, request: HttpRequest, row: ChannelRules, form: AnyForm) -> None:
        """Change the rules of a family."""
        del request, form
        channel_rules_save(rules=row)
