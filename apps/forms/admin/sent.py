"""Admin pages of what was sent, and of who has looked at it (FRM-4)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.forms.actions import form_erase
from apps.forms.models import FormAccess, SentForm
from apps.tenants.admin_base import (
    ReadOnlyAdmin,
    acting_user,
    exact_time,
)
from apps.tenants.admin_questions import detail_action, question_page
from apps.tenants.admin_reach import EVERY_ROW, has_full_reach
from apps.tenants.admin_sites import tenant_site


class EraseForm(forms.Form):
    """Why values are erased."""

    reason = forms.CharField(
        label=_("Why"), max_length=240, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "dir": "auto"})
    )


@admin.register(SentForm, site=tenant_site)
class SentFormAdmin(ReadOnlyAdmin):
    """What was sent, and how it stands; what stands in it is not shown here, and can be erased."""

    permission = "monitor"
    list_display = ("title", "contact", "status", "queue", "agent", "sent_moment", "filled_moment")
    list_filter = ("form", "conversation__queue", "via")
    search_fields = ("form__name", "conversation__contact__name", "conversation__contact__email")
    actions_detail = ("erase",)
    serves = ("conversation__queue",)
    fieldsets = (
        (None, {"fields": (("title", "version"), ("contact", "queue"), ("stands", "via"))}),
        (_("When"), {"fields": (("agent", "sent_moment"), ("until", "filled_moment"), "erased_moment")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SentForm]:
        """Spam is none."""
        rows: QuerySet[SentForm] = super().get_queryset(request).filter(conversation__is_spam=False)
        return rows.select_related("form", "version", "agent", "conversation__contact", "conversation__queue")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """For those whose role reaches everything, while there is something to erase."""
        row = self.get_object(request, object_id) if has_full_reach(request) else None
        offered = row is not None and row.is_filled and row.erased_at is None
        return super().get_actions_detail(request, object_id) if offered else []

    @detail_action(_("Erase the values"), path="erase", icon="delete_forever")
    def erase(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Delete what stands in it, for good (AUD-2)."""
        row: Any = self.get_object(request, object_id)
        if row is None or not has_full_reach(request) or not self.has_view_permission(request, row):
            raise PermissionDenied

        def do(data: dict[str, Any]) -> str:
            form_erase(sent_id=row.pk, reason=data["reason"], actor=acting_user(request))
            return _t("The values are erased.")

        words = {
            "title": _t("Erase what stands in “%(form)s”?") % {"form": row.version.definition.title},
            "intro": _t("Nobody can bring it back. That it was filled in, and who has looked at it, stays."),
            "button": _t("Erase"),
            "danger": True,
        }
        return question_page(self, request, row, words=words, form=EraseForm(request.POST or None), do=do)

    @admin.display(description=_("form"), ordering="form__name")
    def title(self, row: SentForm) -> str:
        """What it was called when it was sent."""
        return row.version.definition.title

    @admin.display(description=_("contact"))
    def contact(self, row: SentForm) -> str:
        """Who was sent it."""
        return row.conversation.contact.display_name

    @admin.display(description=_("queue"))
    def queue(self, row: SentForm) -> str:
        """Where."""
        return row.conversation.queue.name

    @display(  # type: ignore[untyped-decorator]
        description=_("state"),
        label={"filled": "success", "sent": "info", "expired": "warning", "withdrawn": "warning"},
    )
    def status(self, row: SentForm) -> tuple[str, str]:
        """How it stands."""
        return row.status(timezone.now()).value, self.stands(row)

    @admin.display(description=_("state"))
    def stands(self, row: SentForm) -> str:
        """The same in words."""
        return _t("Filled, values erased") if row.erased_at else str(row.status(timezone.now()).label)

    @admin.display(description=_("sent"), ordering="sent_at")
    def sent_moment(self, row: SentForm) -> str:
        """When it was sent."""
        return exact_time(row.sent_at)

    @admin.display(description=_("until"))
    def until(self, row: SentForm) -> str:
        """Till when it can be filled in."""
        return exact_time(row.expires_at)

    @admin.display(description=_("filled in"), ordering="filled_at")
    def filled_moment(self, row: SentForm) -> str:
        """When it was filled in."""
        return exact_time(row.filled_at)

    @admin.display(description=_("values erased"))
    def erased_moment(self, row: SentForm) -> str:
        """When its values were erased."""
        return exact_time(row.erased_at)


@admin.register(FormAccess, site=tenant_site)
class FormAccessAdmin(ReadOnlyAdmin):
    """Who has seen what, when, why (FRM-4)."""

    permission = "audit"
    serves_all = EVERY_ROW
    list_display = ("moment", "user", "kind", "title", "labels", "contact", "reason")
    list_display_links = ("moment",)
    list_filter = ("kind", "user", "sent__form")
    search_fields = ("reason", "user__email", "sent__form__name", "sent__conversation__contact__name")
    fieldsets = ((None, {"fields": (("moment", "user"), ("kind", "title"), ("labels", "contact"), "reason", "talk")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FormAccess]:
        """With what they were about."""
        rows: QuerySet[FormAccess] = super().get_queryset(request)
        return rows.select_related("user", "sent__version", "sent__conversation__contact")

    @admin.display(description=_("when"), ordering="at")
    def moment(self, row: FormAccess) -> str:
        """When."""
        return exact_time(row.at)

    @admin.display(description=_("form"))
    def title(self, row: FormAccess) -> str:
        """Of which form."""
        return row.sent.version.definition.title

    @admin.display(description=_("fields"))
    def labels(self, row: FormAccess) -> str:
        """What was revealed."""
        return ", ".join(row.fields) or "–"

    @admin.display(description=_("contact"))
    def contact(self, row: FormAccess) -> str:
        """Whose."""
        return row.sent.conversation.contact.display_name

    @admin.display(description=_("conversation"))
    def talk(self, row: FormAccess) -> str:
        """In which conversation."""
        return reverse("admin:conversations_conversation_change", args=[row.sent.conversation_id])
