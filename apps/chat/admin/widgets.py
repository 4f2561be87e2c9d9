"""Admin page of chat widgets."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminColorInputWidget,
    UnfoldAdminImageFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from apps.chat.actions import widget_delete, widget_lines_set, widget_save, widget_set_logo
from apps.chat.admin.identity import revoke_page, secret_page
from apps.chat.admin.lines import TopicInline, WordsInline
from apps.chat.models import IdentityKey, WidgetChannel
from apps.tenants.admin_base import AnyForm, InlineRows, exact_time, form_subclass
from apps.tenants.admin_duplicate import DuplicateAdmin
from apps.tenants.admin_lines import LinesField
from apps.tenants.admin_questions import detail_action, may_change, row_to_change
from apps.tenants.admin_sites import tenant_site

ORIGIN = RegexValidator(r"^https?://[^/\s;,'\"]+$", _("Use the form https://shop.example, without a path."))


OFF, OPTIONAL, REQUIRED = "off", "optional", "required"
ASKS = ((OFF, _("Not asked")), (OPTIONAL, _("Asked, may be left empty")), (REQUIRED, _("Required")))
ASKED = ("name", "email", "phone", "topic")


def _ask_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=ASKS, widget=UnfoldAdminSelectWidget)


class WidgetForm(AnyForm):
    """A widget: its sites one on each line, and its script tag to be copied."""

    origin = ""
    script_tag = forms.CharField(
        label=_("Script tag"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "readonly": True, "spellcheck": "false"}),
        help_text=_("Copy this line into the pages of your site, before the end of the body."),
    )
    allowed_sites = LinesField(
        each=forms.CharField(max_length=200, validators=[ORIGIN]),
        label=_("Sites"),
        required=False,
        help_text=_("Which sites may show this widget, one on a line, such as https://shop.example. None: any site."),
    )

    asks_name = _ask_field(_("Name"))
    asks_email = _ask_field(_("Email"))
    asks_phone = _ask_field(_("Phone number"))
    asks_topic = _ask_field(_("Topic"))
    # A plain file field: what is kept of the picture is for the action to say.
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=UnfoldAdminImageFieldWidget,
        help_text=_("Beside the title: a square JPEG, PNG or WebP."),
    )

    class Meta:
        model = WidgetChannel
        fields = (
            "name",
            "queue",
            "is_active",
            "title",
            "greeting",
            "colour",
            "launcher",
            "offline_line",
            "position",
            "asks_first",
            "form_title",
            "form_intro",
            "topic_label",
            "starts_per_hour",
            "messages_per_minute",
            "keeps_unsent",
            "mails_transcripts",
            "allowed_sites",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tag = '<script src="{}/widget.js" data-channel="{}" async></script>'
        self.initial["script_tag"] = tag.format(self.origin, self.instance.key)
        for name in ASKED:
            asks, needs = (getattr(self.instance, f"{verb}_{name}") for verb in ("ask", "need"))
            self.initial[f"asks_{name}"] = OFF if not asks else REQUIRED if needs else OPTIONAL
        self.initial["logo"] = self.instance.logo

    def clean(self) -> dict[str, Any] | None:
        """Each question is two switches of the widget's."""
        cleaned = super().clean()
        for name in ASKED:
            choice = self.cleaned_data.get(f"asks_{name}")
            setattr(self.instance, f"ask_{name}", choice in {OPTIONAL, REQUIRED})
            setattr(self.instance, f"need_{name}", choice == REQUIRED)
        return cleaned


@admin.register(WidgetChannel, site=tenant_site)
class WidgetAdmin(DuplicateAdmin):
    """Chat widgets, and the script tag of each (CHAT-1)."""

    permission = "settings"
    purpose = _("The chat on your site: one line of code puts it on your pages, and it leads to a queue.")
    form = WidgetForm
    duplicate_note = _(
        "The copy has a key and so a script tag of its own. The logo and the identity secrets are not copied."
    )
    list_display = ("name", "queue", "title", "key", "is_active")
    list_select_related = ("queue",)
    search_fields = ("name", "title")
    found_by = ("name",)
    inlines = (TopicInline, WordsInline)
    readonly_fields = ("identity",)
    actions_detail = ("identity_secret", "identity_revoke")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the script tag once there is one."""
        del request
        sections: list[Any] = [
            (None, {"fields": (("name", "queue"), "is_active")}),
            (
                _("Looks and words"),
                {"fields": (("title", "colour"), ("greeting", "offline_line"), ("launcher", "position"), "logo")},
            ),
            (
                _("Before the first message"),
                {
                    "fields": (
                        "asks_first",
                        ("form_title", "form_intro"),
                        ("asks_name", "asks_email"),
                        ("asks_phone", "asks_topic"),
                        "topic_label",
                    )
                },
            ),
            (_("Sites and devices"), {"fields": ("allowed_sites", ("keeps_unsent", "mails_transcripts"))}),
            (_("Against spam"), {"fields": (("starts_per_hour", "messages_per_minute"),)}),
        ]
        if obj is not None:
            sections.insert(1, (_("Put it on your site"), {"fields": ("script_tag",)}))
            sections.append((_("Proof of identity"), {"fields": ("identity",)}))
        return sections

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[AnyForm]:
        """The form of this request knows where the widget is served from."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return form_subclass(form, {"origin": f"{request.scheme}://{request.get_host()}"})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A colour is picked."""
        if db_field.name == "colour":
            kwargs["widget"] = UnfoldAdminColorInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("secret"))
    def identity(self, row: WidgetChannel) -> str:
        """Since when there is one, never what it is."""
        key = IdentityKey.objects.filter(channel=row, ends_at=None).first()
        return str(_("Made on %s") % exact_time(key.created_at)) if key else str(_("None yet"))

    @detail_action(_("Identity secret"), path="identity-secret", icon="key")
    def identity_secret(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make a new one, shown once."""
        return secret_page(self, request, row_to_change(self, request, object_id))

    @detail_action(_("Revoke secrets"), path="identity-revoke", icon="key_off")
    def identity_revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take them all back."""
        return revoke_page(self, request, row_to_change(self, request, object_id))

    def has_identity_secret_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may change the widget."""
        return may_change(self, request, object_id)

    has_identity_revoke_permission = has_identity_secret_permission

    def store(self, request: HttpRequest, row: WidgetChannel, form: AnyForm) -> None:
        """Make or change a widget; a new picture, or none any more."""
        del request
        widget_save(channel=row)
        logo = form.cleaned_data.get("logo")
        if isinstance(logo, UploadedFile) or logo is False:
            widget_set_logo(channel=row, upload=logo or None)

    def store_inline_rows(self, request: HttpRequest, row: WidgetChannel, lines: InlineRows) -> None:
        """Its topics, or its words in other languages."""
        del request, row
        widget_lines_set(kept=lines.kept, gone=lines.deleted)

    def remove(self, request: HttpRequest, row: WidgetChannel) -> None:
        """Delete a widget."""
        del request
        widget_delete(channel=row)
