"""Deadlines of agents that need no conversation's lock; `routing.deadlines` has the other."""

from datetime import datetime
from uuid import UUID

from apps.agents.actions import LOGIN_PREP_DEADLINE, PRESENCE_DEADLINE, agent_login_prep_expire
from apps.agents.presence import presence_sweep
from apps.timers.deadlines import DEADLINES


def login_prep_due(*, object_id: UUID, due_at: datetime) -> None:
    """Login preparation is over (AGT-4)."""
    agent_login_prep_expire(agent_id=object_id, due_at=due_at)


def presence_due(*, object_id: UUID, due_at: datetime) -> None:
    """Time to look for consoles that fell silent."""
    del object_id, due_at
    presence_sweep()


DEADLINES.register(LOGIN_PREP_DEADLINE, login_prep_due)
DEADLINES.register(PRESENCE_DEADLINE, presence_due)
