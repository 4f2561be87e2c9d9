"""The builder of forms, with its preview (FRM-1)."""

from copy import copy
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.agents.reach import is_within_reach, own_queues, queues_served_by
from apps.forms import actions
from apps.forms.admin.fields import FieldInline
from apps.forms.choices import Status
from apps.forms.definition import FormDefinition, definition_problems
from apps.forms.models import Form, FormField
from apps.forms.submission import field_entries
from apps.tenants.admin_base import AnyForm, InlineRows, acting_user
from apps.tenants.admin_duplicate import DuplicateAdmin
from apps.tenants.admin_reach import counted, has_full_reach
from apps.tenants.admin_sites import tenant_site

PUBLISH = "save_and_publish"
PRESSED = f"forms_form_{PUBLISH}"
"""What Unfold calls the button of that action."""


@admin.register(Form, site=tenant_site)
class FormAdmin(DuplicateAdmin):
    """Forms; supervisors have those of their own queues alone."""

    list_display = ("name", "title", "state", "served", "sent", "is_active")
    list_filter = ("is_active", "queues")
    search_fields = ("name", "title", "description")
    found_by = ("name",)
    inlines = (FieldInline,)
    serves = ("queues",)
    serves_all = Q(queues_only=False)
    duplicate_note = _("The copy has the same fields, queues and agent groups. It begins as a draft.")
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
        return rows.annotate(number=Count("sent", distinct=True, filter=counted(request, "sent__conversation__queue")))

    def get_urls(self) -> list[URLPattern]:
        """With the preview."""
        preview = path("preview/", self.admin_site.admin_view(self.preview), name="forms_form_preview")
        urls: list[URLPattern] = super().get_urls()
        return [preview, *urls]

    # --- Whose it is

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
