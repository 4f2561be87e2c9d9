"""Deadlines that routing acts upon."""

from datetime import datetime
from uuid import UUID

from apps.agents.actions import CONSOLE_DEADLINE
from apps.routing import actions
from apps.routing.sweep import SWEEP_DEADLINE, sweep
from apps.timers.deadlines import DEADLINES


def offer_due(*, object_id: UUID, due_at: datetime) -> None:
    """An offer was not accepted in time (AGT-7)."""
    actions.offer_expire(offer_id=object_id, due_at=due_at)


def console_due(*, object_id: UUID, due_at: datetime) -> None:
    """A lost console did not come back (AGT-9)."""
    actions.agent_lost(agent_id=object_id, due_at=due_at)


def sweep_due(*, object_id: UUID, due_at: datetime) -> None:
    """Time to look for what was left behind."""
    del object_id, due_at
    sweep()


def first_response_due(*, object_id: UUID, due_at: datetime) -> None:
    """An auto-answered conversation heard nothing (AGT-6)."""
    actions.first_response_expire(offer_id=object_id, due_at=due_at)


def wait_due(*, object_id: UUID, due_at: datetime) -> None:
    """Something became due for a conversation that waits (RTE-4)."""
    actions.wait_expire(conversation_id=object_id, due_at=due_at)


DEADLINES.register(actions.OFFER_DEADLINE, offer_due)
DEADLINES.register(actions.FIRST_RESPONSE_DEADLINE, first_response_due)
DEADLINES.register(actions.WAIT_DEADLINE, wait_due)
DEADLINES.register(CONSOLE_DEADLINE, console_due)
DEADLINES.register(SWEEP_DEADLINE, sweep_due)
