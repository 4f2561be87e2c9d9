"""Who is an agent."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.choices import Base, Refusal
from apps.agents.models import (
    Agent,
    AgentGroup,
    AgentSkill,
    Capacity,
    Status,
)
from apps.agents.steps import agent_lock, line_reconsider
from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.queues.choices import Family, Level
from apps.queues.selectors import skills_of_language
from apps.tenants.selectors import current_tenant

DEFAULT_LIMITS = {Family.CHAT: 3, Family.EMAIL: 5, Family.VOICE: 1}
"""Slots of a new agent (TEN-4)."""


@transaction.atomic
@audited_action(lambda arguments: Agent(pk=arguments["user"].pk))
def agent_create(*, user: User, group: AgentGroup | None = None, limits: dict[Family, int] | None = None) -> Agent:
    """Make a user an agent: Offline, with slots in every family, and with the company's language (TEN-4).

    Args:
        user: who becomes an agent; one who is already stays as they are.
        group: the agent group; none means the built-in "Default Group".
        limits: slots by family, 0 to 15; what is missing takes `DEFAULT_LIMITS`.
    """
    offline = Status.objects.get(code=Base.OFFLINE)
    group = group or AgentGroup.objects.get_or_create(name="Default Group", defaults={"is_stock": True})[0]
    agent, created = Agent.objects.get_or_create(
        user=user, defaults={"group": group, "status": offline, "base": Base.OFFLINE}
    )
    if created:
        _speak(agent)
        wanted = DEFAULT_LIMITS | (limits or {})
        Capacity.objects.bulk_create(
            [Capacity(agent=agent, family=family, limit=limit) for family, limit in wanted.items()]
        )
    return agent


def _speak(agent: Agent) -> None:
    """Have a new agent speak what the company's people do: whose language is asked for would else never reach them."""
    tenant = current_tenant()
    spoken = skills_of_language(tenant.language if tenant else "")
    AgentSkill.objects.bulk_create([AgentSkill(agent=agent, skill=skill, level=Level.GOOD) for skill in spoken])


@transaction.atomic
@audited_action(lambda arguments: Agent(pk=arguments["agent_id"]))
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
@audited_action(lambda arguments: Agent(pk=arguments["agent_id"]))
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
                Refusal.SLOTS_TAKEN, message % {"agent": agent, "used": slots.used, "family": Family(family).label}
            )
        slots.limit = limit
        slots.full_clean()
        slots.save(update_fields=["limit"])
    line_reconsider(agent)
    return agent


@transaction.atomic
@audited_action(lambda arguments: Agent(pk=arguments["agent_id"]))
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
    line_reconsider(agent)
    return agent
