"""Admin pages of where mail comes from: mailboxes elsewhere, and providers' webhooks (EML-1)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget

from apps.email.models import Mailbox, MailHook
from apps.mailin.actions.sources import hook_renew, hook_save, mailbox_save, source_delete
from apps.mailin.secrets import hook_secret, mailbox_password
from apps.tenants.admin_base import AnyForm, SetupAdmin, exact_time
from apps.tenants.admin_questions import detail_action, may_change, question_page, row_to_change
from apps.tenants.admin_sites import tenant_site
from apps.vault.master_keys import DecryptionError

FETCHES, FAILS, NOT_YET = _("Fetches"), _("Fails"), _("Not tried yet")
LABELS = {FETCHES: "success", FAILS: "danger", NOT_YET: "info"}


class MailboxForm(AnyForm):
    """A mailbox, and the password for it, which nobody sees again."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=500,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept encrypted. Empty: it stays as it is."),
    )


@admin.register(Mailbox, site=tenant_site)
class MailboxAdmin(SetupAdmin):
    """Mailboxes that mail is fetched from, and whether that works."""

    permission = "settings"
    form = MailboxForm
    list_display = ("channel", "host", "user", "works", "checked", "imported")
    list_select_related = ("channel",)
    search_fields = ("host", "user", "channel__address")
    readonly_fields = ("works", "checked", "imported", "tried", "left")
    actions_detail = ("test",)
    fieldsets = (
        (None, {"fields": ("channel", "host", ("port", "security"), ("user", "password"))}),
        (_("What is fetched"), {"fields": ("folder", "imports_from", ("after_import", "move_to"))}),
        (_("How it goes"), {"fields": (("works", "checked"), ("imported", "left"), "tried")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A mailbox stays its channel's."""
        del request
        return (*self.readonly_fields, *(("channel",) if obj else ()))

    @display(description=_("state"), label=LABELS)  # type: ignore[untyped-decorator]
    def works(self, row: Mailbox) -> str:
        """Whether it is fetched from."""
        if row.error:
            return str(FAILS)
        return str(FETCHES if row.checked_at else NOT_YET)

    @admin.display(description=_("last looked into"))
    def checked(self, row: Mailbox) -> str:
        """When it was last seen without a mistake."""
        return exact_time(row.checked_at)

    @admin.display(description=_("error"))
    def tried(self, row: Mailbox) -> str:
        """What went wrong, and when it is tried again."""
        if not row.error:
            return "–"
        words = {"error": row.error, "count": row.failures, "next": exact_time(row.retry_at)}
        return _t("%(error)s Failures in a row: %(count)s. Next attempt: %(next)s.") % words

    @admin.display(description=_("left in the mailbox"))
    def left(self, row: Mailbox) -> int:
        """How many mails could not be imported: too large, or empty."""
        return row.items.exclude(problem="").count()

    @detail_action(_("Test connection"), path="test", icon="cable")
    def test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Connect, sign in, open the folder, and say how that went."""
        row = row_to_change(self, request, object_id)
        from apps.mailin.imap.check import mailbox_check

        try:
            said, level = mailbox_check(row, mailbox_password(row)), messages.SUCCESS
        except DecryptionError:
            said, level = _t("The password can’t be read any more: enter it again."), messages.ERROR
        except RuntimeError as failure:
            said, level = str(failure), messages.ERROR
        self.message_user(request, said, level)
        return redirect("admin:email_mailbox_change", object_id)

    def has_test_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may change it."""
        return object_id is not None and may_change(self, request, object_id)

    def store(self, request: HttpRequest, row: Mailbox, form: AnyForm) -> None:
        """Make or change a mailbox."""
        del request
        mailbox_save(mailbox=row, password=form.cleaned_data.get("password", ""))

    def remove(self, request: HttpRequest, row: Mailbox) -> None:
        """Stop fetching."""
        del request
        source_delete(source=row)


@admin.register(MailHook, site=tenant_site)
class MailHookAdmin(SetupAdmin):
    """Webhooks of providers, and the address that each of them is told."""

    permission = "settings"
    list_display = ("channel", "provider", "brought")
    list_select_related = ("channel",)
    search_fields = ("channel__address",)
    readonly_fields = ("address", "brought")
    actions_detail = ("renew",)
    fieldsets = ((None, {"fields": (("channel", "provider"), "address", "brought")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A webhook stays its channel's."""
        del request
        return (*self.readonly_fields, *(("channel",) if obj else ()))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """With the name by which it is reached: the one of this page."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.origin = f"{request.scheme}://{request.get_host()}"
        return row

    @admin.display(description=_("address"))
    def address(self, row: MailHook) -> str:
        """What the provider is told; whoever knows it may bring mail."""
        if row.sealed is None:
            return _t("It is made when this is saved.")
        try:
            path = reverse("mailin:hook", args=[row.pk, hook_secret(row)])
        except DecryptionError:
            return _t("It can’t be read any more: make a new one.")
        return format_html("<code>{}{}</code>", getattr(row, "origin", ""), path)

    @admin.display(description=_("last mail"))
    def brought(self, row: MailHook) -> str:
        """When it last brought something."""
        return exact_time(row.last_at)

    @detail_action(_("New address"), path="renew", icon="key")
    def renew(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, or make a new secret."""
        row = row_to_change(self, request, object_id)
        words = {
            "title": _t("New address"),
            "intro": _t("The provider has to be told the new address: under the old one nothing is taken any more."),
            "button": _t("Make a new address"),
            "danger": True,
        }

        def do(_said: dict[str, Any]) -> str:
            hook_renew(hook=row)
            return _t("The address is a new one.")

        return question_page(
            self, request, row, words=words, form=forms.Form(request.POST if request.method == "POST" else None), do=do
        )

    def has_renew_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may change it."""
        return object_id is not None and may_change(self, request, object_id)

    def store(self, request: HttpRequest, row: MailHook, form: AnyForm) -> None:
        """Make or change a webhook."""
        del request, form
        hook_save(hook=row)

    def remove(self, request: HttpRequest, row: MailHook) -> None:
        """Take nothing from it any more."""
        del request
        source_delete(source=row)
