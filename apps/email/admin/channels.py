"""Admin pages of mail channels, and of what they say by themselves (EML-1, EML-11)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordToggleWidget

from apps.conversations.variables import variables_help
from apps.email.actions import channels
from apps.email.models import MailChannel, MailText
from apps.email.texts import AUTOMATIC_VARIABLES, DEFAULT_TEXTS, built_in_text
from apps.mime.compose import domain_ascii
from apps.mime.sign import dns_record
from apps.responses.text import VARIABLES
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_texts import BuiltInText, built_in_help

SIGNING = ("dkim_selector", "signs", "dns_name", "dns_record")
SMTP = (("smtp_host", "smtp_port"), "smtp_security", ("smtp_user", "smtp_password"))


class ChannelForm(AnyForm):
    """A channel; a password only where one is typed, and never the one that is there."""

    smtp_password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=500,
        help_text=_("Kept encrypted. Empty: it stays as it is; without a user name there is none."),
        widget=UnfoldAdminPasswordToggleWidget(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = MailChannel
        exclude = ("smtp_sealed", "dkim_sealed")


@admin.register(MailChannel, site=tenant_site)
class MailChannelAdmin(SetupAdmin):
    """The company's addresses, where their mail goes, and by which server it leaves."""

    permission = "settings"
    purpose = _("An address at which customers write to you. What arrives becomes a conversation in its queue.")
    form = ChannelForm
    list_display = ("address", "display_name", "queue", "inbound", "smtp_host", "is_active")
    list_select_related = ("queue",)
    search_fields = ("address", "display_name")
    found_by = ("address", "display_name")
    readonly_fields = ("dns_name", "dns_record")
    fieldsets = (
        (None, {"fields": (("address", "display_name"), ("queue", "inbound"), "is_active", "trusted_server")}),
        (_("Outgoing server"), {"fields": SMTP}),
        (_("Signing (DKIM)"), {"fields": SIGNING}),
        (_("Answers"), {"fields": ("signature", ("plus_addresses", "tags_subjects"), "reopen_days")}),
        (_("Automatic mail"), {"fields": ("acknowledges", "replies_out_of_hours")}),
        (_("Against loops"), {"fields": ("flood_limit",)}),
    )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[AnyForm]:
        """With the variables that a signature may use."""
        about = self.model._meta.get_field("signature").help_text  # noqa: SLF001 - Django's name for it
        kwargs["help_texts"] = {"signature": format_html("<p>{}</p>{}", about, variables_help(VARIABLES))}
        return super().get_form(request, obj, change=change, **kwargs)

    @admin.display(description=_("DNS name"))
    def dns_name(self, row: MailChannel) -> str:
        """Where the public key has to stand (RFC 6376, 3.6.2.1)."""
        if not row.dkim_public:
            return gettext("Shown once it is saved with a selector.")
        return f"{row.dkim_selector}._domainkey.{domain_ascii(row.address.rpartition('@')[2])}"

    @admin.display(description=_("DNS record (TXT)"))
    def dns_record(self, row: MailChannel) -> str | None:
        """What has to stand there."""
        return dns_record(row.dkim_public) if row.dkim_public else None

    def store(self, request: HttpRequest, row: MailChannel, form: AnyForm) -> None:
        """Make or change a channel."""
        del request
        channels.channel_save(channel=row, smtp_password=form.cleaned_data.get("smtp_password") or None)

    def remove(self, request: HttpRequest, row: MailChannel) -> None:
        """Delete a channel."""
        del request
        channels.channel_delete(channel=row)


@admin.register(MailText, site=tenant_site)
class MailTextAdmin(SetupAdmin):
    """What automatic mail of a channel says, by language; a mail without a text of its own says ours (EML-11)."""

    permission = "settings"
    purpose = _("What automatic mail says, by channel and language. Without a text of its own a mail says ours.")
    actions = None
    list_display = ("kind", "channel", "language", "body")
    list_filter = ("channel", "kind")
    list_select_related = ("channel",)
    list_before_template = "tenants/admin_built_in_texts.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[AnyForm]:
        """With our own text, and the variables that a text may use."""
        kind = obj.kind if obj else request.GET.get("kind", "")
        language = obj.language if obj else request.GET.get("language", "")
        told = built_in_help(self.built_in_texts(language), kind)
        kwargs["help_texts"] = {"body": format_html("{}{}", told, variables_help(AUTOMATIC_VARIABLES))}
        return super().get_form(request, obj, change=change, **kwargs)

    def built_in_texts(self, language: str = "") -> list[BuiltInText]:
        """Our own text of each mail, in the closest language that we have."""
        return [BuiltInText("kind", kind, kind.label, built_in_text(kind, language)) for kind in DEFAULT_TEXTS]

    def store(self, request: HttpRequest, row: MailText, form: AnyForm) -> None:
        """Make a text or change it."""
        del request, form
        channels.mail_text_save(text=row)

    def remove(self, request: HttpRequest, row: MailText) -> None:
        """Delete a text."""
        del request
        channels.mail_text_delete(text=row)
