"""The page of queues, but for their members, which `agents` adds (RTE-2, RTE-13)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from apps.queues import actions
from apps.queues.admin.pages import (
    changed_values,
    detail_action,
    is_new,
    may_change,
    question_page,
    row_adopt,
    row_to_change,
)
from apps.queues.admin.queue_settings import QueueSettingsPage
from apps.queues.models import Queue, QueueSkill, Skill
from apps.queues.registry import queue_settings
from apps.tenants.admin_base import AnyForm, InlineRows, acting_user
from apps.tenants.admin_reach import has_full_reach
from apps.tenants.admin_tables import SetupInline

DRAIN = "drain"
NOBODY = "nobody"


class CloseForm(forms.Form):
    """What customers are told."""

    message = forms.CharField(
        label=_("Announcement"), max_length=500, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class DeactivateForm(forms.Form):
    """What becomes of those who wait (RTE-13)."""

    waiting = forms.ChoiceField(label=_("Conversations that wait here"), widget=UnfoldAdminSelectWidget)

    def __init__(self, queue: Queue, data: Any) -> None:
        super().__init__(data)
        self.others = {str(each.pk): each for each in Queue.objects.filter(is_active=True).exclude(pk=queue.pk)}
        moves = [(key, _t("Move to “%s”") % each) for key, each in self.others.items()]
        stay = [(NOBODY, _t("There are none; refuse if there are")), (DRAIN, _t("Stay and are served to the last"))]
        self.fields["waiting"].choices = [*stay, *moves]  # type: ignore[attr-defined]


class SkillInline(SetupInline):
    """What a queue asks for, and for how long."""

    model = QueueSkill
    fields = ("skill", "expires_after_seconds")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Skills with their group: a name alone may be in two."""
        kwargs["queryset"] = Skill.objects.select_related("group").order_by("group__name", "name")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.label_from_instance = lambda skill: f"{skill.group} · {skill}"
        return field


class QueuePage(QueueSettingsPage):
    """Queues: what they are, who takes what waits in them, and when they take nobody."""

    list_display: tuple[str, ...] = ("name", "description", "state", "open_hours", "priority", "strategy")
    list_filter = ("is_active", "strategy", "hours")
    search_fields = ("name", "description")
    found_by = ("name",)
    readonly_fields = ("condition",)
    fieldsets = (
        (None, {"fields": (("name", "description"), ("hours", "condition"))}),
        (
            _("Routing"),
            {"fields": (("strategy", "priority"), ("max_wait_seconds", "preferred_seconds"), "last_agent_first")},
        ),
        (_("Service level"), {"fields": (("service_level_seconds", "service_level_percent"),)}),
        (_("Transfers"), {"fields": ("limits_transfers", "transfer_to")}),
        (_("After-call work, closing"), {"fields": (("acw_mode", "acw_seconds"), "closing_message")}),
    )
    inlines: tuple[type[SetupInline], ...] = (SkillInline,)
    actions_detail: tuple[str, ...] = ("close_now", "reopen", "deactivate", "activate", "make_default")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Queue]:
        """With their hours."""
        queues: QuerySet[Queue] = super().get_queryset(request)
        return queues.select_related("hours")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The other queues, as boxes to tick."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if request.resolver_match and (own := request.resolver_match.kwargs.get("object_id")):
            field.queryset = field.queryset.exclude(pk=own)
        return field

    @display(  # type: ignore[untyped-decorator]
        description=_("state"),
        label={"default": "info", "active": "success", "closed": "warning", "inactive": "danger"},
    )
    def state(self, row: Queue) -> tuple[str, str]:
        """Whether it takes arrivals, but for its hours."""
        if not row.is_active:
            return "inactive", _t("Inactive")
        if row.closed_at is not None:
            return "closed", _t("Closed by hand")
        return ("default", _t("Active, default")) if row.is_default else ("active", _t("Active"))

    @admin.display(description=_("state"))
    def condition(self, row: Queue) -> str:
        """The same in words; since when it is closed."""
        if row.is_active and row.closed_at is not None:
            return _t("Closed by hand since %s") % date_format(localtime(row.closed_at), "SHORT_DATETIME_FORMAT")
        return str(self.state(row)[1])

    @admin.display(description=_("hours"), ordering="hours__name")
    def open_hours(self, row: Queue) -> str:
        """By what hours it takes arrivals."""
        return str(row.hours or _t("Always open"))

    # --- Writing

    def store(self, request: HttpRequest, row: Queue, form: AnyForm) -> None:
        """Make or change a queue."""
        actor, others = acting_user(request), {setting.name for setting in queue_settings()}
        if is_new(row):
            fields = {name: value for name, value in form.cleaned_data.items() if name not in others}
            row_adopt(row, actions.queue_create(**fields, actor=actor))
            return
        transfers = form.cleaned_data["transfer_to"] if "transfer_to" in form.changed_data else None
        fields = changed_values(form, but=("transfer_to", *others))
        actions.queue_update(queue=row, fields=fields, transfer_to=transfers, actor=actor)

    def store_inline_rows(self, request: HttpRequest, row: Queue, lines: InlineRows) -> None:
        """Write what the queue asks for."""
        skills = {line.skill_id: line.expires_after_seconds for line in lines.kept}
        actions.queue_update(queue=row, skills=skills, actor=acting_user(request))

    def remove(self, request: HttpRequest, row: Queue) -> None:
        """Delete a queue."""
        actions.queue_delete(queue=row, actor=acting_user(request))

    # --- What is done with a queue rather than written about it

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What can be done with this queue now."""
        if not may_change(self, request, object_id):
            return []
        row = self.get_object(request, str(object_id))
        possible = {
            "close_now": row.is_active and row.closed_at is None,
            "reopen": row.closed_at is not None,
            "deactivate": row.is_active and not row.is_default,
            "activate": not row.is_active,
            "make_default": row.is_active and not row.is_default and has_full_reach(request),
        }
        offered = super().get_actions_detail(request, object_id)
        return [each for each in offered if possible.get(each.action_name.removeprefix("queues_queue_"), True)]

    @detail_action(_("Close now"), path="close-now", icon="block")
    def close_now(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop arrivals at once."""
        row: Queue = row_to_change(self, request, object_id)

        def do(data: dict[str, Any]) -> str:
            actions.queue_close_now(queue=row, message=data["message"], actor=acting_user(request))
            return _t("“%s” takes nobody any more.") % row

        words = {
            "title": _t("Close now"),
            "intro": _t(
                "Nobody can arrive until it is opened again, whatever the hours say. Who waits is still served."
            ),
            "button": _t("Close now"),
            "danger": True,
        }
        form = CloseForm(request.POST or None, initial={"message": row.closing_message})
        return question_page(self, request, row, words=words, form=form, do=do)

    @detail_action(_("Open again"), path="reopen", icon="play_arrow")
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take arrivals again."""
        words = {
            "title": _t("Open again"),
            "intro": _t("It takes arrivals again, as its hours say."),
            "button": _t("Open again"),
        }
        return self._confirm(request, object_id, words, actions.queue_reopen)

    @detail_action(_("Deactivate"), path="deactivate", icon="power_settings_new")
    def deactivate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the queue out of use."""
        row: Queue = row_to_change(self, request, object_id)
        form = DeactivateForm(row, request.POST or None)

        def do(data: dict[str, Any]) -> str:
            choice = data["waiting"]
            actions.queue_deactivate(
                queue=row, move_to=form.others.get(choice), drain=choice == DRAIN, actor=acting_user(request)
            )
            return _t("“%s” is inactive.") % row

        words = {
            "title": _t("Deactivate"),
            "intro": _t("An inactive queue takes no conversation and can't be chosen for one."),
            "button": _t("Deactivate"),
            "danger": True,
        }
        return question_page(self, request, row, words=words, form=form, do=do)

    @detail_action(_("Activate"), path="activate", icon="power_settings_new")
    def activate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put the queue in use again."""
        words = {
            "title": _t("Activate"),
            "intro": _t("It takes conversations again."),
            "button": _t("Activate"),
        }
        return self._confirm(request, object_id, words, actions.queue_activate)

    @detail_action(_("Make default"), path="make-default", icon="star")
    def make_default(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have it take what has no queue of its own."""
        if not has_full_reach(request):
            raise PermissionDenied
        words = {
            "title": _t("Make default"),
            "intro": _t("It takes what has no queue of its own, in place of the queue that does so now."),
            "button": _t("Make default"),
        }
        return self._confirm(request, object_id, words, actions.queue_make_default)

    def _confirm(
        self, request: HttpRequest, object_id: str, words: dict[str, Any], act: Callable[..., Queue]
    ) -> HttpResponse:
        row: Queue = row_to_change(self, request, object_id)

        def do(_data: dict[str, Any]) -> str:
            act(queue=row, actor=acting_user(request))
            return _t("“%s” was changed.") % row

        return question_page(self, request, row, words=words, form=forms.Form(request.POST or None), do=do)
