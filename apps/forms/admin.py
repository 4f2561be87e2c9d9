"""Admin pages of forms: the builder, what was sent, who has looked, the settings (FRM-1, FRM-4)."""

from copy import copy
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from apps.agents.reach import is_within_reach, own_queues, queues_served_by
from apps.forms import actions
from apps.forms.actions import form_erase
from apps.forms.choices import Status
from apps.forms.definition import FormDefinition, definition_problems
from apps.forms.models import Form, FormAccess, FormField, FormSettings, SentForm
from apps.forms.submission import field_entries
from apps.queues.admin.pages import detail_action, question_page
from apps.tenants.admin_base import (
    AnyForm,
    InlineRows,
    ReadOnlyAdmin,
    SetupAdmin,
    SetupInline,
    acting_user,
    exact_time,
    has_full_reach,
)
from apps.tenants.admin_sites import tenant_site

LAST = 9999
"""Where a field stands that was added and not moved."""

PUBLISH = "save_and_publish"
PRESSED = f"forms_form_{PUBLISH}"
"""What Unfold calls the button of that action."""


class LinesField(forms.CharField):
    """Texts, one on each line."""

    def prepare_value(self, value: Any) -> Any:
        """As lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Without empty ones."""
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        """The specification says what is wrong with them."""

    def run_validators(self, value: Any) -> None:
        """As above."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other lines are there."""
        return bool(self.to_python(initial) != self.to_python(data))


class FieldForm(AnyForm):
    """A field of a form."""

    options = LinesField(
        label=_("Options"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("One on each line."),
    )

    class Meta:
        model = FormField
        fields = (
            "position",
            "label",
            "kind",
            "says",
            "options",
            "placeholder",
            "is_required",
            "least",
            "most",
            "pattern",
            "pattern_says",
            "secure",
            "replacement",
            "mask",
            "keep",
            "shown_by",
            "shown_test",
            "shown_value",
            "name",
        )
        widgets: Any = {"says": UnfoldAdminTextareaWidget(attrs={"rows": 2, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields and self.instance._state.adding:  # noqa: SLF001 - Django's own way to ask
            self.initial["position"] = LAST


class FieldInline(SetupInline):
    """The fields, in their order: dragged to another place, opened by a click."""

    model = FormField
    form = FieldForm
    template = "admin/edit_inline/stacked.html"
    ordering_field = "position"
    hide_ordering_field = True
    collapsible = True
    hide_title = False
    fields = (
        "position",
        ("label", "kind"),
        "says",
        "options",
        ("placeholder", "is_required"),
        ("least", "most"),
        ("pattern", "pattern_says"),
        ("secure", "replacement"),
        ("mask", "keep"),
        ("shown_by", "shown_test", "shown_value"),
        "name",
    )


@admin.register(Form, site=tenant_site)
class FormAdmin(SetupAdmin):
    """Forms; supervisors have those of their own queues alone."""

    list_display = ("name", "title", "state", "served", "sent", "is_active")
    list_filter = ("is_active", "queues")
    search_fields = ("name", "title", "description")
    inlines = (FieldInline,)
    actions_submit_line = (PUBLISH,)
    # Labels above their inputs: beside the preview there is no room for two columns.
    compressed_fields = False
    change_form_outer_after_template = "forms/admin_preview.html"
    fieldsets = (
        (None, {"fields": (("name", "title"), "description", ("is_active", "is_secured"))}),
        (
            _("Who may send it"),
            {
                "fields": ("queues", "agent_groups"),
                "classes": ("collapse",),
                "description": _("Of each kind, any one that is ticked will do; nothing ticked means no limit."),
            },
        ),
    )

    class Media:
        js = ("js/admin/forms.js",)
        css: Any = {"all": ("css/builder.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Form]:
        """With its version, its draft, its queues, and how often it was sent."""
        rows: QuerySet[Form] = super().get_queryset(request)
        rows = rows.select_related("published").prefetch_related("queues", "fields")
        return rows.annotate(number=Count("sent", distinct=True))

    def get_urls(self) -> list[URLPattern]:
        """With the preview."""
        preview = path("preview/", self.admin_site.admin_view(self.preview), name="forms_form_preview")
        urls: list[URLPattern] = super().get_urls()
        return [preview, *urls]

    # --- Whose it is

    def is_own(self, request: HttpRequest, row: Form) -> bool:
        """Whether it serves queues of theirs and no other."""
        return is_within_reach(acting_user(request), actions.queues_named(row) if row.queues_only else ())

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Supervisors too, for their own queues."""
        user = acting_user(request)
        return self.has_view_permission(request) and is_within_reach(user, own_queues(user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change it; of a list, the action asks about each row."""
        return self.has_view_permission(request) if obj is None else self.has_change_permission(request, obj)

    # --- The form

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Boxes to tick; supervisors choose among their own queues."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        if db_field.name == "queues" and not has_full_reach(request):
            kwargs["queryset"] = queues_served_by(acting_user(request).pk)
            kwargs["help_text"] = _("Name one or more: you set up forms of your own queues.")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @action(description=_("Save and publish"))  # type: ignore[untyped-decorator]
    def save_and_publish(self, request: HttpRequest, obj: Form) -> None:
        """A button beside Save: see `save_related`."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With that button on the page of a new form, too: Unfold has it on that of a stored one alone."""
        if object_id is None:
            extra_context = (extra_context or {}) | {"actions_submit_line": self.get_actions_submit_line(request, None)}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_actions_submit_line(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The button, for who may press it."""
        row = self.get_object(request, str(object_id)) if object_id else None
        may = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        return list(super().get_actions_submit_line(request, object_id)) if may else []

    def store(self, request: HttpRequest, row: Form, form: AnyForm) -> None:
        """Make or change a form."""
        rules = {name: form.cleaned_data[name] for name in ("queues", "agent_groups")}
        actions.form_save(form=row, **rules, actor=acting_user(request))

    def store_inline_rows(self, request: HttpRequest, row: Form, lines: InlineRows) -> None:
        """Write its fields."""
        del request
        actions.form_fields_set(form=row, kept=lines.kept, gone=lines.deleted)

    def save_related(self, request: HttpRequest, form: AnyForm, formsets: Any, change: bool) -> None:
        """Write the fields, and publish where that is asked for: what keeps it from being published undoes it all."""
        super().save_related(request, form, formsets, change)
        if PRESSED in request.POST:
            version = actions.form_publish(form=form.instance, actor=acting_user(request))
            self.message_user(request, _t("Published as version %(number)d.") % {"number": version.number})

    def remove(self, request: HttpRequest, row: Form) -> None:
        """Delete a form that nobody was sent."""
        actions.form_delete(form=row, actor=acting_user(request))

    # --- The preview

    def preview(self, request: HttpRequest) -> HttpResponse:
        """The form as customers would get it, from what stands on the page now: nothing of it is stored."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return require_POST(self._preview)(request)

    def _preview(self, request: HttpRequest) -> HttpResponse:
        definition = self._drafted(request)
        context = {
            "definition": definition,
            "status": Status.SENT,
            "entries": field_entries(definition),
            "preview": True,
            "problems": definition_problems(definition),
        }
        return render(request, "forms/preview.html", context)

    def _drafted(self, request: HttpRequest) -> FormDefinition:
        """What the page asks for, right or wrong."""
        stored = self.get_object(request, request.GET.get("form", "")) if request.GET.get("form") else None
        row = copy(stored) if stored is not None else Form()
        form = self.get_form(request, stored, change=stored is not None)(request.POST, instance=row)
        form.is_valid()
        formsets, _inlines = self._create_formsets(request, row, change=stored is not None)
        fields: list[FormField] = []
        for formset in formsets:
            formset.is_valid()
            gone = set(map(id, formset.deleted_forms)) if formset.is_bound else set()
            fields += [each.instance for each in formset.forms if id(each) not in gone]
        return actions.draft_definition(row, sorted(fields, key=lambda field: field.position))

    # --- The list

    @display(  # type: ignore[untyped-decorator]
        description=_("state"), label={"draft": "warning", "changed": "info", "published": "success"}
    )
    def state(self, row: Form) -> tuple[str, str]:
        """What agents send of it."""
        if row.published is None:
            return "draft", _t("Draft")
        number = {"number": row.published.number}
        if actions.is_changed(row):
            return "changed", _t("Version %(number)d, changed since") % number
        return "published", _t("Version %(number)d") % number

    @admin.display(description=_("queues"))
    def served(self, row: Form) -> str:
        """Where it may be sent."""
        names = ", ".join(sorted(queue.name for queue in row.queues.all()))
        return names or (_t("Nowhere: its queues are gone") if row.queues_only else _t("Every queue"))

    @admin.display(description=_("sent"), ordering="number")
    def sent(self, row: Any) -> int:
        """How often it was sent."""
        return int(row.number)


@admin.register(FormSettings, site=tenant_site)
class FormSettingsAdmin(SetupAdmin):
    """Who reveals, and for how long."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    list_display = ("__str__", "agents_reveal", "asks_reason", "hide_seconds", "expires_hours")
    fieldsets = (
        (_("Secured values"), {"fields": ("agents_reveal", "asks_reason", "hide_seconds")}),
        (_("Sent forms"), {"fields": ("expires_hours",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[FormSettings]:
        """The one row, made with its defaults if it is not there yet."""
        FormSettings.load()
        rows: QuerySet[FormSettings] = super().get_queryset(request)
        return rows

    def store(self, request: HttpRequest, row: FormSettings, form: AnyForm) -> None:
        """Change the settings."""
        del request, form
        actions.form_settings_save(settings=row)


class EraseForm(forms.Form):
    """Why values are erased."""

    reason = forms.CharField(
        label=_("Why"), max_length=240, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "dir": "auto"})
    )


@admin.register(SentForm, site=tenant_site)
class SentFormAdmin(ReadOnlyAdmin):
    """What was sent, and how it stands; what stands in it is not shown here, and can be erased."""

    list_display = ("title", "contact", "status", "queue", "agent", "sent_moment", "filled_moment")
    list_filter = ("form", "conversation__queue", "via")
    search_fields = ("form__name", "conversation__contact__name", "conversation__contact__email")
    actions_detail = ("erase",)
    fieldsets = (
        (None, {"fields": (("title", "version"), ("contact", "queue"), ("stands", "via"))}),
        (_("When"), {"fields": (("agent", "sent_moment"), ("until", "filled_moment"), "erased_moment")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SentForm]:
        """Those of queues within reach; spam is none."""
        rows: QuerySet[SentForm] = super().get_queryset(request).filter(conversation__is_spam=False)
        rows = rows.select_related("form", "version", "agent", "conversation__contact", "conversation__queue")
        mine = queues_served_by(acting_user(request).pk).values("pk")
        return rows if has_full_reach(request) else rows.filter(conversation__queue__in=mine)

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

    permission = "settings"
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
