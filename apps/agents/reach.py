"""Reach: which queues a user may look at, supervise and set up, by their role and by what they serve (RTE-2, TEN-5).

`User.may` says what a role allows, `User.reach` how far; this module says what that means for a queue, and
`conversations.selectors` for a conversation. Everything else asks these.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

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


def ways_to_queues(user: User) -> list[tuple[str, str]]:
    """The queues that a user serves by name, each with what they serve it by."""
    agent = Agent.objects.select_related("group").filter(pk=user.pk).first()
    if agent is None:
        return []
    direct = set(Membership.objects.filter(agent=agent).values_list("queue", flat=True))
    through = set(GroupMembership.objects.filter(group=agent.group_id).values_list("queue", flat=True))
    said = _("the agent group “%(group)s”") % {"group": agent.group}
    found = []
    for queue in queues_served_by(user.pk).order_by("name"):
        by = [_("membership")] * (queue.pk in direct) + [said] * (queue.pk in through)
        found.append((queue.name, ", ".join(by)))
    return found


def own_queues(user: User) -> set[UUID]:
    """The keys of the queues that a user serves: none for the deactivated."""
    if user.reach is None:
        return set()
    return set(queues_served_by(user.pk).values_list("pk", flat=True))


def is_within_reach(user: User, queues: Collection[UUID]) -> bool:
    """Whether a user may set up what serves these queues alone; no queues means all of them.

    Whose role reaches their own queues may set up what serves no other queue.
    """
    if user.reach == Scope.QUEUES:
        return bool(queues) and set(queues) <= own_queues(user)
    return user.reach == Scope.ALL


def may_in_queue(user: User, permission: Permission, queue_id: UUID) -> bool:
    """Whether a user may do something in a queue: by role, everywhere or where they serve."""
    if not user.may(permission):
        return False
    return user.reach == Scope.ALL or queues_served_by(user.pk).filter(pk=queue_id).exists()
