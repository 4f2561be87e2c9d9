"""An agent, locked."""

from uuid import UUID

from django.utils.translation import gettext as _

from apps.agents.choices import Refusal
from apps.agents.models import Agent
from apps.core.errors import DomainError
from apps.core.rows import row_lock


def agent_lock(agent_id: UUID) -> Agent:
    """The agent, locked until the transaction ends: the second lock of the fixed order.

    Raises:
        DomainError: ``agent_unknown``.
    """
    # Alone: joined to its status, a row that had to be waited for would not be found if its status changed meanwhile.
    found = row_lock(Agent, agent_id)
    if found is None:
        raise DomainError(Refusal.AGENT_UNKNOWN, _("This user is not an agent."))
    return found
