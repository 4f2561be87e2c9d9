"""Reach: which queues a user may look at, supervise and set up, by their role and by what they serve (RTE-2, TEN-5)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.accounts.permissions import Permission, Scope
from apps.agents.models import Agent, GroupMembership, Membership
from apps.queues.models import Queue


def queues_served_by(agent_id: Any) -> QuerySet[Queue]:
    """The queues that an agent serves, by themselves or through their group (RTE-2).

    Args:
        agent_id: the agent's user, or an expression for it.
    """
    group = Agent.objects.filter(pk=agent_id).values("group")
    direct = Membership.objects.filter(agent=agent_id, queue=OuterRef("pk"))
    through = GroupMembership.objects.filter(group__in=group, queue=OuterRef("pk"))
    return Queue.objects.filter(Q(Exists(direct)) | Q(Exists(through)))


def own_queues(user: User) -> set[UUID]:
    """The keys of the queues that a user serves."""
    return set(queues_served_by(user.pk).values_list("pk", flat=True))


def is_within_reach(user: User, queues: Collection[UUID]) -> bool:
    """Whether a user may set up what serves these queues alone; no queues means all of them.

    Whose role reaches their own queues may set up what serves no other queue.
    """
    if user.role is None or user.role.scope == Scope.OWN:
        return False
    if user.role.scope == Scope.ALL:
        return True
    return bool(queues) and set(queues) <= own_queues(user)


def may_in_queue(user: User, permission: Permission, queue_id: UUID) -> bool:
    """Whether a user may do something in a queue: by role, everywhere or where they serve."""
    if not user.may(permission) or user.role is None:
        return False
    return user.role.scope == Scope.ALL or queues_served_by(user.pk).filter(pk=queue_id).exists()
