"""Admin pages of response groups and responses (CON-8)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.agents.reach import is_within_reach, own_queues, queues_served_by
from apps.conversations.variables import variables_help
from apps.queues.models import Skill
from apps.responses import actions
from apps.responses.models import Response, ResponseGroup
from apps.responses.text import VARIABLES, fill_text, sample_values
from apps.tenants.admin_base import AnyForm, SetupAdmin, acting_user
from apps.tenants.admin_bulk import BulkAdmin
from apps.tenants.admin_duplicate import DuplicateAdmin
from apps.tenants.admin_reach import EVERY_ROW, has_full_reach
from apps.tenants.admin_sites import tenant_site

SMALL = ("shortcut", "language")
RULES = ("queues", "skills", "agent_groups")


@admin.register(ResponseGroup, site=tenant_site)
class ResponseGroupAdmin(SetupAdmin):
    """Groups: deleting one deletes what is in it."""

    serves_all = EVERY_ROW
    list_display = ("name", "description", "size", "position")
    ordering_field = "position"
    search_fields = ("name", "description")
    found_by = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ResponseGroup]:
        """With how many responses are in it."""
        groups: QuerySet[ResponseGroup] = super().get_queryset(request)
        return groups.annotate(number=Count("responses"))

    @admin.display(description=_("responses"), ordering="number")
    def size(self, row: Any) -> int:
        """How many responses are in it."""
        return int(row.number)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """The groups, and how many responses go with each."""
        rows = list(objs)
        _said, counts, denied, protected = super().get_deleted_objects(rows, request)
        sizes = dict(Response.objects.filter(group__in=rows).order_by().values_list("group").annotate(Count("pk")))
        said = [self._with_size(row, sizes.get(row.pk, 0)) for row in rows]
        counts[_t("standard responses")] = sum(sizes.values())
        return said, counts, denied, protected

    def _with_size(self, row: ResponseGroup, size: int) -> str:
        words = ngettext("with %(number)s response", "with %(number)s responses", size) % {"number": size}
        return f"{row}, {words}" if size else str(row)

    def store(self, request: HttpRequest, row: ResponseGroup, form: AnyForm) -> None:
        """Make or change a group."""
        del request, form
        actions.response_group_save(group=row)

    def remove(self, request: HttpRequest, row: ResponseGroup) -> None:
        """Delete a group and what is in it."""
        del request
        actions.response_group_delete(group=row)


class SmallLetters(forms.CharField):
    """A word that is kept in small letters, however it is typed."""

    def to_python(self, value: Any) -> Any:
        """Without spaces around it."""
        return str(super().to_python(value)).strip().lower()


@admin.register(Response, site=tenant_site)
class ResponseAdmin(BulkAdmin, DuplicateAdmin):
    """Responses; supervisors have those that serve their own queues alone."""

    purpose = _("What agents often say, behind a slash: written once, filled in with the customer’s and agent’s names.")
    serves = ("queues",)
    serves_all = Q(queues_only=False)
    duplicate_note = _("The copy has the same texts and rules, and a shortcut of its own. It begins switched off.")
    list_display = ("name", "slashed", "group", "language", "offered", "expires_at")
    list_filter = ("group", "is_enabled", "queues", "language")
    search_fields = ("name", "shortcut", "chat_body", "email_body")
    found_by = ("name", "shortcut")
    bulk_fields = ("group", "language", "is_enabled", "expires_at")
    readonly_fields = ("preview", "variables")
    fieldsets = (
        (
            None,
            {"fields": (("name", "group"), ("shortcut", "language"), "is_enabled", "expires_at")},
        ),
        (_("Text"), {"fields": ("chat_body", "email_body", "variables", "preview")}),
        (
            _("Who is offered it"),
            {
                "fields": RULES,
                "description": _("Of each kind, any one that is ticked will do; nothing ticked means no limit."),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Response]:
        """With group and queues."""
        rows: QuerySet[Response] = super().get_queryset(request)
        return rows.select_related("group").prefetch_related("queues")

    # --- Whose it is

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Supervisors too, for their own queues."""
        user = acting_user(request)
        return self.has_view_permission(request) and is_within_reach(user, own_queues(user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change it; of a list, the action asks about each row."""
        return self.has_view_permission(request) if obj is None else self.has_change_permission(request, obj)

    # --- The form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Shortcut and language in small letters."""
        if db_field.name in SMALL:
            kwargs["form_class"] = SmallLetters
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Boxes to tick; supervisors choose among their own queues."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        if db_field.name == "queues" and not has_full_reach(request):
            kwargs["queryset"] = queues_served_by(acting_user(request).pk)
            kwargs["help_text"] = _("Name one or more: you set up responses of your own queues.")
        if db_field.name == "skills":
            kwargs["queryset"] = Skill.objects.select_related("group").order_by("group__name", "name")
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "skills":
            field.label_from_instance = lambda skill: f"{skill.group} · {skill}"
        return field

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Response | None:
        """With who looks at it: the agent of the preview."""
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None:
            row.viewer = acting_user(request)
        return row  # type: ignore[no-any-return]

    @admin.display(description=_("variables"))
    def variables(self, _row: Response) -> SafeString:
        """What a text may name, and what that stands for."""
        return variables_help(VARIABLES)

    @admin.display(description=_("preview"))
    def preview(self, row: Any) -> SafeString | str:
        """The texts as they are stored, filled in for an invented customer."""
        viewer = getattr(row, "viewer", None)
        if viewer is None:
            return _t("Save it to see what a customer reads.")
        values = sample_values(viewer)
        texts = [(_t("Chat"), row.chat_body), *([(_t("Email"), row.email_body)] if row.email_body else [])]
        shown = ((title, fill_text(body, values, language=row.language).text) for title, body in texts)
        return format_html_join("", '<h4 class="preview-title">{}</h4><p class="preview" dir="auto">{}</p>', shown)

    # --- The list

    @admin.display(description=_("shortcut"), ordering="shortcut")
    def slashed(self, row: Response) -> str:
        """As agents type it."""
        return f"/{row.shortcut}"

    @display(  # type: ignore[untyped-decorator]
        description=_("offered"),
        label={"all": "success", "some": "info", "none": "danger", "off": "warning"},
    )
    def offered(self, row: Response) -> tuple[str, str]:
        """Where it is offered, as far as queues go."""
        if not row.is_enabled:
            return "off", _t("Switched off")
        if row.expires_at is not None and row.expires_at <= now():
            return "off", _t("Expired")
        if not row.queues_only:
            return "all", _t("Every queue")
        names = ", ".join(queue.name for queue in row.queues.all())
        return ("some", names) if names else ("none", _t("Nowhere: its queues are gone"))

    # --- Writing

    def store(self, request: HttpRequest, row: Response, form: AnyForm) -> None:
        """Make or change a response."""
        rules = {name: form.cleaned_data[name] for name in RULES}
        actions.response_save(response=row, **rules, actor=acting_user(request))

    def remove(self, request: HttpRequest, row: Response) -> None:
        """Delete a response."""
        actions.response_delete(response=row, actor=acting_user(request))
