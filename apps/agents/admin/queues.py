"""Queues with their members."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.agents import setup
from apps.agents.models import Agent, Membership
from apps.queues.actions import queue_delete, queue_save
from apps.queues.models import Queue
from apps.tenants.pages import AnyForm, Lines, SetupAdmin, SetupInline
from apps.tenants.sites import tenant_site


class MemberInline(SetupInline):
    """Who serves the queue."""

    model = Membership
    fields = ("agent", "is_preferred")
    verbose_name = _("member")
    verbose_name_plural = _("members")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Agents by name, read in one go."""
        if db_field.name == "agent":
            living = Agent.objects.filter(user__deleted_at=None)
            kwargs["queryset"] = living.select_related("user").order_by("user__first_name", "user__last_name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """By name."""
        members: QuerySet[Membership] = super().get_queryset(request)
        return members.select_related("agent__user").order_by("agent__user__first_name", "agent__user__last_name")


@admin.register(Queue, site=tenant_site)
class QueueAdmin(SetupAdmin):
    """Queues (RTE-2). Supervisors change those that they are in."""

    list_display = ("name", "description", "priority", "acw_mode", "members", "is_active", "is_default")
    list_filter = ("is_active",)
    search_fields = ("name", "description")
    fieldsets = (
        (None, {"fields": ("name", "description", ("is_active", "is_default"))}),
        (_("Routing"), {"fields": (("strategy", "priority"), "acw_mode")}),
    )
    inlines = (MemberInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Queue]:
        """With how many serve it."""
        queues: QuerySet[Queue] = super().get_queryset(request)
        return queues.annotate(size=Count("memberships"))

    @admin.display(description=_("members"), ordering="size")
    def members(self, row: Any) -> int:
        """How many serve it."""
        return int(row.size)

    def is_own(self, request: HttpRequest, row: Queue) -> bool:
        """Whether the user is in it."""
        return row.memberships.filter(agent=request.user.pk).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Which queue is the default is not a matter of one queue."""
        own_only = obj is not None and getattr(request.user, "role", None) and request.user.role.scope != "all"  # type: ignore[union-attr]
        return ("is_default",) if own_only else ()

    def store(self, request: HttpRequest, row: Queue, form: AnyForm) -> None:
        """Make or change a queue."""
        del request, form
        queue_save(queue=row)

    def store_lines(self, request: HttpRequest, row: Queue, lines: Lines) -> None:
        """Write who serves it: in the order of agents, as they are locked one by one."""
        del request
        kept = {line.agent_id: line.is_preferred for line in lines.kept}
        before = set(row.memberships.values_list("agent", flat=True))
        for agent_id in sorted(before | set(kept)):
            if agent_id in kept:
                setup.membership_set(agent_id=agent_id, queue_id=row.pk, is_preferred=kept[agent_id])
            else:
                setup.membership_remove(agent_id=agent_id, queue_id=row.pk)

    def remove(self, request: HttpRequest, row: Queue) -> None:
        """Delete a queue."""
        del request
        queue_delete(queue=row)
