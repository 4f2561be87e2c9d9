"""The outbox: every mail of ours, how far it has come, and what went wrong (EML-10)."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from apps.core.errors import DomainError
from apps.email.choices import OutboundState
from apps.email.models import OutboundMail
from apps.mailout.actions import mail_retry
from apps.tenants.admin_base import ReadOnlyAdmin, acting_user, exact_time
from apps.tenants.admin_sites import tenant_site

LABELS = {
    OutboundState.HELD.label: "info",
    OutboundState.QUEUED.label: "info",
    OutboundState.SENDING.label: "info",
    OutboundState.SENT.label: "success",
    OutboundState.FAILED.label: "danger",
}


@admin.register(OutboundMail, site=tenant_site)
class OutboundMailAdmin(ReadOnlyAdmin):
    """Outgoing mail, to be looked up; what failed can be sent again."""

    permission = "settings"
    list_display = ("written", "subject", "channel", "agent", "became", "error")
    list_filter = ("state", "kind", "channel")
    search_fields = ("mail_id",)
    list_select_related = ("channel", "agent", "message", "draft")
    ordering = ("-created_at",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("send_again",)  # type: ignore[assignment]
    readonly_fields = ("written", "subject", "became", "to", "not_to", "tried", "out", "back")
    fieldsets = (
        (None, {"fields": (("written", "became"), ("subject", "kind"), ("channel", "agent"), "mail_id")}),
        (_("Recipients"), {"fields": ("to", "not_to")}),
        (_("Delivery"), {"fields": (("attempts", "unsure"), ("tried", "out", "back"), "error")}),
    )

    @admin.display(description=_("written"), ordering="created_at")
    def written(self, row: OutboundMail) -> str:
        """When Send was pressed."""
        return exact_time(row.created_at)

    @admin.display(description=_("subject"))
    def subject(self, row: OutboundMail) -> str:
        """As it is sent, or will be."""
        says = row.message or row.draft
        return says.subject if says else "–"

    @display(description=_("state"), label=LABELS)  # type: ignore[untyped-decorator]
    def became(self, row: OutboundMail) -> str:
        """How far it has come."""
        return str(row.get_state_display())

    @admin.display(description=_("to"))
    def to(self, row: OutboundMail) -> str:
        """Everybody whom it is for."""
        says = row.message or row.draft
        everybody = [*says.to, *says.cc, *says.bcc] if says else []
        return ", ".join(address for _name, address in everybody) or "–"

    @admin.display(description=_("not delivered to"))
    def not_to(self, row: OutboundMail) -> str:
        """Who did not get it, with what their server said."""
        return "; ".join(f"{each['address']}: {each['text']}" for each in row.refused) or "–"

    @admin.display(description=_("next attempt"))
    def tried(self, row: OutboundMail) -> str:
        """When it is tried again."""
        return exact_time(row.retry_at)

    @admin.display(description=_("sent"))
    def out(self, row: OutboundMail) -> str:
        """When another server took it."""
        return exact_time(row.sent_at)

    @admin.display(description=_("came back"))
    def back(self, row: OutboundMail) -> str:
        """When a report said that it did not arrive."""
        return exact_time(row.bounced_at)

    @admin.action(description=_("Send again"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutboundMail]) -> None:
        """Have what failed sent once more; what did not stays as it is."""
        done = 0
        for key in queryset.filter(state=OutboundState.FAILED).values_list("pk", flat=True):
            try:
                mail_retry(outbound_id=key, actor=acting_user(request))
            except DomainError:
                continue  # Somebody else was faster.
            done += 1
        said = ngettext("%d mail is sent again.", "%d mails are sent again.", done) % done
        self.message_user(request, said, messages.SUCCESS if done else messages.WARNING)
