"""Deadlines of agents that need no conversation's lock; `routing.deadlines` has the other."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.agents.actions import CONSOLE_DEADLINE, CONSOLE_GRACE, PRESENCE_DEADLINE, PRESENCE_ID, agent_login_prep_expire
from apps.agents.models import Agent
from apps.agents.presence import presence_sweep
from apps.agents.steps import LOGIN_PREP_DEADLINE
from apps.timers.reconciliation import deadline_columns, recurring_columns
from apps.timers.registry import DEADLINES


def login_prep_due(*, object_id: UUID, due_at: datetime) -> None:
    """Login preparation is over (AGT-4)."""
    agent_login_prep_expire(agent_id=object_id, due_at=due_at)


def presence_due(*, object_id: UUID, due_at: datetime) -> None:
    """Time to look for consoles that fell silent."""
    del object_id, due_at
    presence_sweep()


@deadline_columns(LOGIN_PREP_DEADLINE)
def login_prep_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """Every preparation that runs."""
    ends = Agent.objects.exclude(login_prep_until=None).values_list("pk", "login_prep_until")
    return [(pk, until) for pk, until in ends if until]


@deadline_columns(CONSOLE_DEADLINE)
def console_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """Every grace of a lost console; routing acts upon its end."""
    lost = Agent.objects.exclude(console_lost_at=None).values_list("pk", "console_lost_at")
    return [(pk, lost_at + CONSOLE_GRACE) for pk, lost_at in lost if lost_at]


@deadline_columns(PRESENCE_DEADLINE)
def presence_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """The sweep for silent consoles, while there are any."""
    return recurring_columns(PRESENCE_DEADLINE, PRESENCE_ID, needed=Agent.objects.exclude(console_id=None).exists())


DEADLINES.register(LOGIN_PREP_DEADLINE, login_prep_due)
DEADLINES.register(PRESENCE_DEADLINE, presence_due)
