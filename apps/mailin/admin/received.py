"""The ledger of mail: everything that came in, what it became, and that nothing is missing (EML-2, EML-3)."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Sum
from django.forms import CharField, Form
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from apps.core.errors import DomainError
from apps.email.actions import conversation_merge, conversation_split
from apps.email.admin.links import conversation_link, conversation_names
from apps.email.choices import RawState, Signal
from apps.email.models import MailDay, MailThread, RawMail
from apps.mailin.actions import mail_original, mail_release, may_see_original
from apps.mailin.authentication.summary import sender_summary
from apps.tenants.admin_base import ReadOnlyAdmin, acting_user, exact_time
from apps.tenants.admin_questions import detail_action, question_page
from apps.tenants.admin_sites import tenant_site
from apps.vault.master_keys import DecryptionError

LABELS = {
    RawState.RECEIVED.label: "info",
    RawState.MATCHED.label: "success",
    RawState.NEW.label: "success",
    RawState.QUARANTINED.label: "warning",
}


@admin.register(RawMail, site=tenant_site)
class RawMailAdmin(ReadOnlyAdmin):
    """Received mail, to be looked up; what is in quarantine can be let go."""

    permission = "settings"
    list_display = ("received", "sender", "subject", "channel", "became", "why")
    list_filter = ("state", "reason", "channel")
    search_fields = ("sender", "subject", "mail_id")
    list_select_related = ("channel",)
    ordering = ("-received_at",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("release",)  # type: ignore[assignment]
    actions_detail = ("split", "merge", "original")
    readonly_fields = ("received", "filed", "became", "where", "candidates", "released", "vouching", "seen")
    fieldsets = (
        (None, {"fields": (("received", "filed"), ("became", "where"), ("reason", "detail"), "released")}),
        (_("The mail"), {"fields": (("sender", "channel"), "subject", ("mail_id", "size"))}),
        (_("Matching"), {"fields": ("candidates",)}),
        (_("Sender"), {"fields": ("vouching",)}),
        (_("Original"), {"fields": ("seen",)}),
        (_("Delivery"), {"fields": (("envelope_from", "envelope_to"), ("peer", "helo"), ("attempts", "error"))}),
    )

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, row: RawMail) -> str:
        """When it was stored."""
        return exact_time(row.received_at)

    @admin.display(description=_("filed"))
    def filed(self, row: RawMail) -> str:
        """When it was filed."""
        return exact_time(row.filed_at)

    @display(description=_("state"), label=LABELS)  # type: ignore[untyped-decorator]
    def became(self, row: RawMail) -> str:
        """What it became."""
        return str(row.get_state_display())

    @admin.display(description=_("reason"))
    def why(self, row: RawMail) -> str:
        """Why it is in quarantine."""
        return str(row.get_reason_display()) if row.reason else "–"

    @admin.display(description=_("conversation"))
    def where(self, row: RawMail) -> str:
        """The conversation that it is in."""
        if row.conversation_id is None:
            return "–"
        return conversation_link(str(row.conversation_id), conversation_names([str(row.conversation_id)]))

    @admin.display(description=_("conversations that something spoke for"))
    def candidates(self, row: RawMail) -> str:
        """Each with its score, and what it is made of (EML-3)."""
        names = conversation_names([each["conversation"] for each in row.matching])
        return format_html_join("\n", "<p>{}</p>", ((_told(each, names),) for each in row.matching)) or "–"

    @admin.display(description=_("what speaks for it"))
    def vouching(self, row: RawMail) -> str:
        """Who vouches for its From, and what was found out (EML-3)."""
        said = sender_summary(row.authentication)
        return f"{said.line} ({said.details})" if said else "–"

    @admin.display(description=_("released"))
    def released(self, row: RawMail) -> str:
        """By whom, and when."""
        return f"{row.released_by}, {exact_time(row.released_at)}" if row.released_by else "–"

    @admin.display(description=_("downloaded by"))
    def seen(self, row: RawMail) -> str:
        """Who has had it as it came, and when (FRM-6)."""
        views = row.original_views.select_related("by")
        return format_html_join("\n", "<p>{}, {}</p>", ((each.by, exact_time(each.at)) for each in views)) or "–"

    @admin.action(description=_("Let go: file it as a person's mail"))
    def release(self, request: HttpRequest, queryset: QuerySet[RawMail]) -> None:
        """Have what was chosen filed after all; what is not in quarantine stays as it is."""
        done = 0
        for key in queryset.filter(state=RawState.QUARANTINED).values_list("pk", flat=True):
            try:
                mail_release(raw_id=key, actor=acting_user(request))
            except DomainError:
                continue  # Somebody else was faster.
            done += 1
        said = ngettext("%d mail was let go.", "%d mails were let go.", done) % done
        self.message_user(request, said, messages.SUCCESS if done else messages.WARNING)

    @detail_action(_("Split from here"), path="split", icon="call_split")
    def split(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, or put this mail and all behind it into a conversation of its own (EML-3)."""
        row = self._in_conversation(request, object_id)
        words = {
            "title": _t("Split from here"),
            "intro": _t("This mail and all behind it become a conversation of their own in the same queue."),
            "button": _t("Split"),
        }

        def do(_said: dict[str, Any]) -> str:
            conversation_split(
                conversation_id=row.conversation_id, message_id=row.mail.message_id, actor=acting_user(request)
            )
            return _t("The conversation was split. That can be undone under “Splits and merges”.")

        return question_page(
            self, request, row, words=words, form=Form(request.POST if request.method == "POST" else None), do=do
        )

    @detail_action(_("Merge conversation"), path="merge", icon="call_merge")
    def merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, or put all mails of this one's conversation into another (EML-3)."""
        row = self._in_conversation(request, object_id)
        words = {
            "title": _t("Merge conversation"),
            "intro": _t("All mails of this mail’s conversation are moved to another one, and the conversation ends."),
            "button": _t("Merge"),
        }

        def do(said: dict[str, Any]) -> str:
            conversation_merge(
                conversation_id=row.conversation_id, into_id=said["reference"], actor=acting_user(request)
            )
            return _t("The conversations were merged. That can be undone under “Splits and merges”.")

        return question_page(
            self, request, row, words=words, form=MergeForm(request.POST if request.method == "POST" else None), do=do
        )

    @detail_action(_("Download original"), path="original", icon="download")
    def original(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, or hand out the mail as it came, to be saved and never shown."""
        row: RawMail | None = self.get_object(request, object_id)
        if row is None or not self.has_original_permission(request, object_id):
            raise Http404
        words = {
            "title": _t("Download original"),
            "intro": _t(
                "The mail as it came, with all that is masked elsewhere, and with files that can do harm. "
                "It is kept who has downloaded it."
            ),
            "button": _t("Download"),
        }
        if request.method != "POST":
            return question_page(self, request, row, words=words, form=Form(), do=lambda _said: "")
        try:
            content = mail_original(raw_id=row.pk, actor=acting_user(request))
        except DecryptionError:
            raise Http404 from None
        answer = HttpResponse(content, content_type="application/octet-stream")
        answer.headers["Content-Disposition"] = f'attachment; filename="{row.pk}.eml"'
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def has_original_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """For those who see this page, and may reveal and export."""
        row: RawMail | None = self.get_object(request, str(object_id)) if object_id is not None else None
        if row is None or not self.has_view_permission(request, row):
            return False
        return may_see_original(acting_user(request), row)

    def has_split_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """For a mail that is a message of a conversation; whose, the action decides."""
        return object_id is not None and self._message(request, object_id) is not None

    has_merge_permission = has_split_permission

    def _message(self, request: HttpRequest, object_id: Any) -> RawMail | None:
        row: RawMail | None = self.get_object(request, str(object_id))
        return row if row is not None and hasattr(row, "mail") and self.has_view_permission(request, row) else None

    def _in_conversation(self, request: HttpRequest, object_id: str) -> Any:
        row = self._message(request, object_id)
        if row is None:
            raise Http404
        return row


class MergeForm(Form):
    """Which conversation to merge into, by what stands in the subjects of its mails."""

    reference = CharField(label=_("Reference"), max_length=12, help_text=_("Such as K7QX-2M4P."))

    def clean_reference(self) -> UUID:
        """The conversation.

        Raises:
            ValidationError: there is none of this reference.
        """
        wanted = self.cleaned_data["reference"].strip(" []#").upper()
        thread = MailThread.objects.filter(reference=wanted).first()
        if thread is None:
            raise ValidationError(_t("There is no conversation of this reference."))
        return cast("UUID", thread.pk)


def _told(candidate: dict[str, Any], names: dict[str, str]) -> str:
    """A candidate in one line."""
    labels = dict(Signal.choices)
    signals = ", ".join(f"{labels.get(name, name)} {score}" for name, score in candidate["signals"].items())
    verdict = _t("belongs to it") if candidate["fits"] else _t("may belong to it")
    link = conversation_link(candidate["conversation"], names)
    return format_html("{} · {}: {} ({})", candidate["score"], link, verdict, signals)


@admin.register(MailDay, site=tenant_site)
class MailDayAdmin(ReadOnlyAdmin):
    """Received equals filed: day by day, and all together above the list."""

    permission = "settings"
    list_display = ("day", "channel", "received", "matched", "new", "quarantined", "missing")
    list_filter = ("channel",)
    list_select_related = ("channel",)
    list_before_template = "mailin/admin_counts.html"
    ordering = ("-day", "channel")
    list_per_page = 50

    @admin.display(description=_("not filed yet"))
    def missing(self, row: MailDay) -> int:
        """Nought, but for the moment."""
        return row.unfiled

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With the sum of all days above it."""
        sums = MailDay.objects.aggregate(received=Sum("received"), m=Sum("matched"), n=Sum("new"), q=Sum("quarantined"))
        received, filed = sums.pop("received") or 0, sum(each or 0 for each in sums.values())
        total = {"received": received, "filed": filed, "waiting": received - filed}
        return super().changelist_view(request, {**total, **(extra_context or {})})
