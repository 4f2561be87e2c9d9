"""Admin page of mail channels (EML-1)."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.email.models import MailChannel
from apps.email.setup import channel_delete, channel_save
from apps.tenants.pages import AnyForm, SetupAdmin
from apps.tenants.sites import tenant_site


@admin.register(MailChannel, site=tenant_site)
class MailChannelAdmin(SetupAdmin):
    """The company's addresses, and where their mail goes."""

    permission = "settings"
    list_display = ("address", "display_name", "queue", "inbound", "is_active")
    list_select_related = ("queue",)
    search_fields = ("address", "display_name")
    fieldsets = (
        (None, {"fields": (("address", "display_name"), ("queue", "inbound"), "is_active")}),
        (_("Answers"), {"fields": ("signature", "reopen_days")}),
        (_("Against loops"), {"fields": ("flood_limit",)}),
    )

    def store(self, request: HttpRequest, row: MailChannel, form: AnyForm) -> None:
        """Make or change a channel."""
        del request, form
        channel_save(channel=row)

    def remove(self, request: HttpRequest, row: MailChannel) -> None:
        """Delete a channel."""
        del request
        channel_delete(channel=row)
