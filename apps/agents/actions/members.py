"""Who serves which queue."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.agents.models import (
    Agent,
    AgentSkill,
    GroupMembership,
    Membership,
)
from apps.agents.steps import agent_lock, line_reconsider
from apps.audit.actions import audit_related, audited_action
from apps.core.events import announce
from apps.queues.events import QueueChanged
from apps.queues.models import Queue


@transaction.atomic
@audited_action(lambda arguments: Agent(pk=arguments["agent_id"]))
def membership_set(*, agent_id: UUID, queue_id: UUID, is_preferred: bool = False) -> Membership:
    """Have an agent serve a queue; whoever waits there may be offered to them at once (RTE-8).

    Args:
        agent_id: the agent's user.
        queue_id: the queue.
        is_preferred: whether they come first there.

    Raises:
        DomainError: ``agent_unknown``.
    """
    agent = agent_lock(agent_id)
    membership, _made = Membership.objects.update_or_create(
        agent=agent, queue_id=queue_id, defaults={"is_preferred": is_preferred}
    )
    line_reconsider(agent)
    return membership


@transaction.atomic
@audited_action(lambda arguments: Agent(pk=arguments["agent_id"]))
def membership_remove(*, agent_id: UUID, queue_id: UUID) -> None:
    """Have an agent no longer serve a queue; what they have of it stays with them.

    Raises:
        DomainError: ``agent_unknown``.
    """
    agent = agent_lock(agent_id)
    Membership.objects.filter(agent=agent, queue_id=queue_id).delete()


@transaction.atomic
def queue_set_members(*, queue: Queue, preferred: Mapping[UUID, bool], actor: Any) -> None:
    """Say who serves a queue. Agents are locked one by one in the order of their ids.

    The audit log has it of each agent whose queues have changed, and once of the queue (AUD-1).

    Args:
        queue: the queue.
        preferred: by the agent's id, whether they come first there; whoever isn't named serves it no more.
        actor: who.

    Raises:
        DomainError: ``agent_unknown``.
    """
    with audit_related(queue, "memberships", actor=actor):
        before = set(Membership.objects.filter(queue=queue).values_list("agent", flat=True))
        for agent_id in sorted(before | preferred.keys()):
            if agent_id in preferred:
                membership_set(agent_id=agent_id, queue_id=queue.pk, is_preferred=preferred[agent_id])
            else:
                membership_remove(agent_id=agent_id, queue_id=queue.pk)


@transaction.atomic
@audited_action(lambda arguments: Agent(pk=arguments["agent_id"]))
def agent_retire(*, agent_id: UUID) -> None:
    """Whose user was deleted serves no queue and holds no skill any more; intervals and segments stay (TEN-7)."""
    Membership.objects.filter(agent=agent_id).delete()
    AgentSkill.objects.filter(agent=agent_id).delete()


@transaction.atomic
@audited_action("queue")
def group_memberships_set(*, queue: Queue, groups: Collection[UUID]) -> None:
    """Say which agent groups serve a queue; everybody in them does (RTE-2).

    Args:
        queue: the queue.
        groups: ids of the groups; those that are not named serve it no more.
    """
    GroupMembership.objects.filter(queue=queue).exclude(group__in=groups).delete()
    rows = [GroupMembership(queue=queue, group_id=group) for group in groups]
    GroupMembership.objects.bulk_create(rows, ignore_conflicts=True)
    announce(QueueChanged(queue))
