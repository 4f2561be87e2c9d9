"""Queues with their members."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.agents import actions
from apps.agents.models import Agent, GroupMembership, Membership
from apps.queues.admin.queues import QueuePage, SkillInline
from apps.queues.models import Queue
from apps.tenants.admin_base import InlineRows, acting_user
from apps.tenants.admin_bulk import BulkAdmin
from apps.tenants.admin_duplicate import DuplicateAdmin
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_tables import SetupInline


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


class GroupInline(SetupInline):
    """Which agent groups serve the queue."""

    model = GroupMembership
    fields = ("group",)
    verbose_name = _("agent group")
    verbose_name_plural = _("agent groups")


@admin.register(Queue, site=tenant_site)
class QueueAdmin(BulkAdmin, DuplicateAdmin, QueuePage):
    """Queues (RTE-2). Supervisors see and change those that they serve."""

    list_display = (*QueuePage.list_display, "members")
    inlines = (MemberInline, GroupInline, SkillInline)
    serves = ("pk",)
    bulk_fields = (
        "hours",
        "strategy",
        "priority",
        "max_wait_seconds",
        "last_agent_first",
        "service_level_seconds",
        "service_level_percent",
        "acw_mode",
        "acw_seconds",
    )
    duplicate_note = _(
        "The copy has its settings, skills, agent groups and transfers. It has no members of its own, no conversations,"
        " and nothing that names this queue: widgets, flows, surveys, forms, responses."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Queue]:
        """With how many serve it."""
        return super().get_queryset(request).annotate(size=Count("memberships"))

    @admin.display(description=_("members"), ordering="size")
    def members(self, row: Any) -> int:
        """How many serve it."""
        return int(row.size)

    def store_inline_rows(self, request: HttpRequest, row: Queue, lines: InlineRows) -> None:
        """Write who serves it."""
        if lines.model is GroupMembership:
            actions.group_memberships_set(queue=row, groups={line.group_id for line in lines.kept})
        elif lines.model is Membership:
            preferred = {line.agent_id: line.is_preferred for line in lines.kept}
            actions.queue_set_members(queue=row, preferred=preferred, actor=acting_user(request))
        else:
            super().store_inline_rows(request, row, lines)
