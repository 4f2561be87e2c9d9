"""Admin page of chat widgets."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminColorInputWidget, UnfoldAdminTextareaWidget

from apps.chat.models import WidgetChannel
from apps.chat.setup import widget_delete, widget_save
from apps.tenants.pages import AnyForm, SetupAdmin, subform
from apps.tenants.sites import tenant_site

ORIGIN = RegexValidator(r"^https?://[^/\s;,'\"]+$", _("Use the form https://shop.example, without a path."))


class WidgetForm(AnyForm):
    """A widget: its sites one on each line, and its script tag to be copied."""

    origin = ""
    script_tag = forms.CharField(
        label=_("Script tag"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "readonly": True, "spellcheck": "false"}),
        help_text=_("Copy this line into the pages of your site, before the end of the body."),
    )
    allowed_sites = SimpleArrayField(
        forms.CharField(max_length=200, required=False, validators=[ORIGIN]),
        label=_("Sites"),
        delimiter="\n",
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Which sites may show this widget, one on a line, such as https://shop.example. None: any site."),
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
            "ask_name",
            "ask_email",
            "keeps_unsent",
            "allowed_sites",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tag = '<script src="{}/widget.js" data-channel="{}" async></script>'
        self.initial["script_tag"] = tag.format(self.origin, self.instance.key)

    def clean_allowed_sites(self) -> list[str]:
        """Without empty lines."""
        return [site.strip() for site in self.cleaned_data["allowed_sites"] if site.strip()]


@admin.register(WidgetChannel, site=tenant_site)
class WidgetAdmin(SetupAdmin):
    """Chat widgets, and the script tag of each (CHAT-1)."""

    permission = "settings"
    form = WidgetForm
    list_display = ("name", "queue", "title", "key", "is_active")
    list_select_related = ("queue",)
    search_fields = ("name", "title")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the script tag once there is one."""
        del request
        sections: list[Any] = [
            (None, {"fields": (("name", "queue"), "is_active")}),
            (_("Looks and words"), {"fields": (("title", "colour"), "greeting")}),
            (_("Before the chat"), {"fields": (("ask_name", "ask_email"),)}),
            (_("Sites and devices"), {"fields": ("allowed_sites", "keeps_unsent")}),
        ]
        if obj is not None:
            sections.insert(1, (_("Put it on your site"), {"fields": ("script_tag",)}))
        return sections

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[AnyForm]:
        """The form of this request knows where the widget is served from."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return subform(form, {"origin": f"{request.scheme}://{request.get_host()}"})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A colour is picked."""
        if db_field.name == "colour":
            kwargs["widget"] = UnfoldAdminColorInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def store(self, request: HttpRequest, row: WidgetChannel, form: AnyForm) -> None:
        """Make or change a widget."""
        del request, form
        widget_save(channel=row)

    def remove(self, request: HttpRequest, row: WidgetChannel) -> None:
        """Delete a widget."""
        del request
        widget_delete(channel=row)
