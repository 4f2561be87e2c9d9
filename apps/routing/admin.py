"""Admin pages of answering rules, flows, waiting experiences and routing's settings."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from apps.queues.admin.duplicate import QueuesDuplicateForm
from apps.queues.models import Queue
from apps.routing import actions
from apps.routing.models import REPEATS_MOST, ChannelRules, Flow, RoutingSettings, WaitingExperience
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_duplicate import DuplicateAdmin
from apps.tenants.admin_lines import LinesField
from apps.tenants.admin_sites import tenant_site


@admin.register(ChannelRules, site=tenant_site)
class ChannelRulesAdmin(SetupAdmin):
    """How the conversations of each channel family are answered (AGT-6, RTE-12)."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    list_display = ("family", "answer_mode", "offer_seconds", "may_reject", "may_pick")
    fieldsets = (
        (None, {"fields": ("family", "answer_mode", "offer_seconds", "first_response_seconds")}),
        (_("What agents may do"), {"fields": (("may_reject", "may_pick"),)}),
    )
    conditional_fields: ClassVar[dict[str, str]] = {"first_response_seconds": "answer_mode == 'auto'"}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The family is the row."""
        del request, obj
        return ("family",)

    def store(self, request: HttpRequest, row: ChannelRules, form: AnyForm) -> None:
        """Change the rules of a family."""
        del request, form
        actions.channel_rules_save(rules=row)


@admin.register(RoutingSettings, site=tenant_site)
class RoutingSettingsAdmin(SetupAdmin):
    """What holds for routing in the whole tenant (RTE-1, RTE-4)."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    list_display = ("__str__", "match_language", "flow_at_closing")
    fields = ("match_language", "flow_at_closing")

    def store(self, request: HttpRequest, row: RoutingSettings, form: AnyForm) -> None:
        """Change the settings."""
        del request, form
        actions.routing_settings_save(settings=row)


class ServingAdmin(SetupAdmin):
    """A page of something that serves queues, as boxes to tick."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Queues as boxes to tick."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """What customers read is written in several lines."""
        if db_field.name in {"message", "first_message"}:
            kwargs["widget"] = UnfoldAdminTextareaWidget(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Flow, site=tenant_site)
class FlowAdmin(DuplicateAdmin, ServingAdmin):
    """What customers meet out of hours and when nobody is free (RTE-4)."""

    permission = "settings"
    purpose = _("What customers meet out of hours, and when nobody is free.")
    duplicate_note = _("The copy has no queues: it runs once it has its own.")
    list_display = ("name", "trigger", "exit", "target", "is_stock")
    list_filter = ("trigger",)
    list_select_related = ("target",)
    search_fields = ("name", "message")
    found_by = ("name",)
    fieldsets = (
        (None, {"fields": (("name", "trigger"), "message", ("exit", "target"))}),
        (
            _("Queues"),
            {"fields": ("queues",), "description": _("A flow without queues serves every queue without its own.")},
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A built-in flow runs when it runs."""
        del request
        return ("trigger",) if obj is not None and obj.is_stock else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not built-in ones."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_stock)

    def store(self, request: HttpRequest, row: Flow, form: AnyForm) -> None:
        """Make or change a flow."""
        del request
        actions.flow_save(flow=row, queues=form.cleaned_data["queues"])

    def remove(self, request: HttpRequest, row: Flow) -> None:
        """Delete a flow."""
        del request
        actions.flow_delete(flow=row)


class WaitingForm(AnyForm):
    """A waiting experience: its repeated messages one on each line."""

    repeats = LinesField(
        each=forms.CharField(max_length=500),
        most=REPEATS_MOST,
        label=_("Repeated messages"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("One on each line: shown one after the other in place of the first message, then over again."),
    )

    class Meta:
        model = WaitingExperience
        fields = ("name", "queues", "first_message", "shows_position", "shows_estimate", "repeats", "repeat_seconds")


class WaitingDuplicateForm(QueuesDuplicateForm):
    """The copy of a waiting experience, with queues that have none."""

    def free_queues(self) -> QuerySet[Queue]:
        """Those without their own."""
        return Queue.objects.filter(waiting_experiences=None)


@admin.register(WaitingExperience, site=tenant_site)
class WaitingExperienceAdmin(DuplicateAdmin, ServingAdmin):
    """What waiting customers see (RTE-5)."""

    permission = "settings"
    purpose = _("What waiting customers see: their place, an estimate, messages.")
    form = WaitingForm
    duplicate_form = WaitingDuplicateForm
    duplicate_note = _("Each queue has one waiting experience: choose those that get the copy.")
    list_display = ("name", "is_default", "shows_position", "shows_estimate", "first_message")
    search_fields = ("name", "first_message")
    found_by = ("name",)
    fieldsets = (
        (None, {"fields": ("name", ("shows_position", "shows_estimate"))}),
        (_("Messages"), {"fields": ("first_message", "repeats", "repeat_seconds")}),
        (_("Queues"), {"fields": ("queues",)}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the default one."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_default)

    def store(self, request: HttpRequest, row: WaitingExperience, form: AnyForm) -> None:
        """Make or change a waiting experience."""
        del request
        actions.waiting_experience_save(experience=row, queues=form.cleaned_data["queues"])

    def remove(self, request: HttpRequest, row: WaitingExperience) -> None:
        """Delete a waiting experience."""
        del request
        actions.waiting_experience_delete(experience=row)
