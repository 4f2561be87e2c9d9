"""The admin page of what was split and merged by hand (EML-3)."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.email.actions import shift_undo
from apps.email.admin.links import conversation_link, conversation_names
from apps.email.models import MailShift
from apps.tenants.admin_base import ReadOnlyAdmin, acting_user, exact_time
from apps.tenants.admin_sites import tenant_site


@admin.register(MailShift, site=tenant_site)
class MailShiftAdmin(ReadOnlyAdmin):
    """What was split and merged by hand; it can be undone."""

    permission = "settings"
    list_display = ("made", "kind", "from_where", "to_where", "by", "undone")
    list_filter = ("kind",)
    list_select_related = ("by", "undone_by")
    actions = ("undo",)  # type: ignore[assignment]
    readonly_fields = ("made", "from_where", "to_where", "undone")
    fieldsets = ((None, {"fields": (("kind", "made", "by"), ("from_where", "to_where"), "undone")}),)

    @admin.display(description=_("at"), ordering="at")
    def made(self, row: MailShift) -> str:
        """When."""
        return exact_time(row.at)

    @admin.display(description=_("from"))
    def from_where(self, row: MailShift) -> str:
        """Where the mails were."""
        return conversation_link(str(row.source_id), conversation_names([str(row.source_id)]))

    @admin.display(description=_("to"))
    def to_where(self, row: MailShift) -> str:
        """Where they went."""
        return conversation_link(str(row.target_id), conversation_names([str(row.target_id)]))

    @admin.display(description=_("undone"))
    def undone(self, row: MailShift) -> str:
        """By whom, and when."""
        return f"{row.undone_by}, {exact_time(row.undone_at)}" if row.undone_by else "–"

    @admin.action(description=_("Undo: put the mails back where they were"))
    def undo(self, request: HttpRequest, queryset: QuerySet[MailShift]) -> None:
        """Undo what was chosen, the newest first; a refusal undoes nothing."""
        with transaction.atomic():
            for key in queryset.order_by("-at").values_list("pk", flat=True):
                shift_undo(shift_id=key, actor=acting_user(request))
        self.message_user(request, _t("The mails are back where they were."), messages.SUCCESS)
