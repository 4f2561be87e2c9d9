"""Changes of what agents are and serve, as administrators make them: groups, statuses, slots, skills, queues."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.agents.actions import agent_lock
from apps.agents.events import AgentReady
from apps.agents.models import (
    Agent,
    AgentGroup,
    AgentSettings,
    AgentSkill,
    Capacity,
    GroupMembership,
    Membership,
    Status,
)
from apps.agents.selectors import is_ready
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.queues.choices import Family, Level
from apps.queues.events import QueueChanged
from apps.queues.models import Queue


@transaction.atomic
def agent_set_group(*, agent_id: UUID, group: AgentGroup) -> Agent:
    """Put an agent into a group (TEN-4).

    Raises:
        DomainError: ``agent_unknown``.
    """
    agent = agent_lock(agent_id)
    agent.group = group
    agent.save(update_fields=["group"])
    return agent


@transaction.atomic
def agent_set_slots(*, agent_id: UUID, limits: Mapping[Family, int]) -> Agent:
    """Change how many conversations of a family an agent may have at once (TEN-4).

    Args:
        agent_id: the agent's user.
        limits: slots by family, 0 to 15; families that are not named stay as they are.

    Raises:
        DomainError: ``agent_unknown``, ``slots_taken`` when more are taken than there would be.
    """
    agent = agent_lock(agent_id)
    for family, limit in limits.items():
        slots, _made = Capacity.objects.get_or_create(agent=agent, family=family, defaults={"limit": limit})
        if slots.used > limit:
            message = _("%(agent)s has %(used)d conversations on this channel (%(family)s): not fewer slots than that.")
            raise DomainError(
                "slots_taken", message % {"agent": agent, "used": slots.used, "family": Family(family).label}
            )
        slots.limit = limit
        slots.full_clean()
        slots.save(update_fields=["limit"])
    _look_again(agent)
    return agent


@transaction.atomic
def agent_set_skills(*, agent_id: UUID, levels: Mapping[UUID, Level]) -> Agent:
    """Say which skills and languages an agent holds, and how well (TEN-4). What is not named is taken away.

    Args:
        agent_id: the agent's user.
        levels: level by skill.

    Raises:
        DomainError: ``agent_unknown``.
    """
    agent = agent_lock(agent_id)
    AgentSkill.objects.filter(agent=agent).exclude(skill__in=levels).delete()
    AgentSkill.objects.bulk_create(
        [AgentSkill(agent=agent, skill_id=skill, level=level) for skill, level in levels.items()],
        update_conflicts=True,
        unique_fields=["agent", "skill"],
        update_fields=["level"],
    )
    _look_again(agent)
    return agent


@transaction.atomic
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
    _look_again(agent)
    return membership


@transaction.atomic
def membership_remove(*, agent_id: UUID, queue_id: UUID) -> None:
    """Have an agent no longer serve a queue; what they have of it stays with them.

    Raises:
        DomainError: ``agent_unknown``.
    """
    agent = agent_lock(agent_id)
    Membership.objects.filter(agent=agent, queue_id=queue_id).delete()


@transaction.atomic
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


@transaction.atomic
def agent_settings_save(*, settings: AgentSettings) -> AgentSettings:
    """Change how agents begin their day (AGT-4); those who are signed in already notice nothing.

    Raises:
        ValidationError: a value is not acceptable.
    """
    settings.full_clean()
    settings.save()
    return settings


@transaction.atomic
def agent_group_save(*, group: AgentGroup) -> AgentGroup:
    """Make an agent group or write its changes.

    Raises:
        DomainError: ``agent_group_built_in``.
        ValidationError: a value is not acceptable.
    """
    if group.is_stock:
        raise DomainError("agent_group_built_in", _("The built-in groups stay as they are."))
    group.full_clean()
    group.save()
    return group


@transaction.atomic
def agent_group_delete(*, group: AgentGroup) -> None:
    """Delete an agent group that nobody is in.

    Raises:
        DomainError: ``agent_group_built_in``, ``agent_group_in_use``.
    """
    if group.is_stock:
        raise DomainError("agent_group_built_in", _("The built-in groups stay."))
    try:
        group.delete()
    except ProtectedError as error:
        message = _("There are agents in “%(group)s”: move them to another group first.") % {"group": group}
        raise DomainError("agent_group_in_use", message) from error


@transaction.atomic
def status_save(*, status: Status) -> Status:
    """Make a status of the tenant's own, or write its changes; it is of type Away or Busy (AGT-1).

    Raises:
        DomainError: ``status_built_in``.
        ValidationError: a value is not acceptable.
    """
    if status.is_stock:
        raise DomainError("status_built_in", _("The built-in statuses stay as they are."))
    status.full_clean()
    status.save()
    return status


@transaction.atomic
def status_delete(*, status: Status) -> None:
    """Delete a status of the tenant's own that nobody is in; intervals keep its label (AGT-11).

    Raises:
        DomainError: ``status_built_in``, ``status_in_use``.
    """
    if status.is_stock:
        raise DomainError("status_built_in", _("The built-in statuses stay."))
    Agent.objects.filter(chosen_status=status).exclude(status=status).update(chosen_status=None)
    try:
        status.delete()
    except ProtectedError as error:
        message = _("Agents are in “%(status)s” now: switch it off, and delete it later.") % {"status": status}
        raise DomainError("status_in_use", message) from error


def _look_again(agent: Agent) -> None:
    """What a locked agent may be offered has changed: have the lines looked at (RTE-8)."""
    if is_ready(agent):
        announce(AgentReady(agent.pk))
