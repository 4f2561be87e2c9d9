"""Admin page of how agents see mails (EML-4)."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.email.actions.channels import mail_view_save
from apps.email.models import MailView
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_sites import tenant_site


@admin.register(MailView, site=tenant_site)
class MailViewAdmin(SetupAdmin):
    """Threaded view and collapsed tiles."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    list_display = ("__str__", "is_threaded", "is_collapsed")
    fieldsets = ((None, {"fields": ("is_threaded", "is_collapsed")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MailView]:
        """The one row, made with its defaults if it is not there yet."""
        MailView.load()
        rows: QuerySet[MailView] = super().get_queryset(request)
        return rows

    def store(self, request: HttpRequest, row: MailView, form: AnyForm) -> None:
        """Change the settings."""
        del request, form
        mail_view_save(view=row)
