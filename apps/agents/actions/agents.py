"""Who is an agent."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.choices import Base
from apps.agents.models import Agent, AgentGroup, AgentSkill, Capacity, Status
from apps.core.errors import DomainError
from apps.core.rows import row_lock
from apps.queues.choices import Family, Level
from apps.queues.selectors import skills_of_language
from apps.tenants.selectors import current_tenant

DEFAULT_LIMITS = {Family.CHAT: 3, Family.EMAIL: 5, Family.VOICE: 1}
"""Slots of a new agent (TEN-4)."""


@transaction.atomic
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


def agent_lock(agent_id: UUID) -> Agent:
    """The agent, locked until the transaction ends: the second lock of the fixed order.

    Raises:
        DomainError: ``agent_unknown``.
    """
    # Alone: joined to its status, a row that had to be waited for would not be found if its status changed meanwhile.
    found = row_lock(Agent, agent_id)
    if found is None:
        raise DomainError("agent_unknown", _("This user is not an agent."))
    return found
