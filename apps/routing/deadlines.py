"""Deadlines that routing acts upon."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.agents.actions import CONSOLE_DEADLINE
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.routing import actions, steps
from apps.routing.actions.sweep import sweep_run
from apps.routing.choices import OfferState
from apps.routing.models import Offer, Wait
from apps.routing.steps.waits import SWEEP_DEADLINE, SWEEP_ID
from apps.timers.reconciliation import deadline_columns, recurring_columns
from apps.timers.registry import DEADLINES


def offer_due(*, object_id: UUID, due_at: datetime) -> None:
    """An offer was not accepted in time (AGT-7)."""
    actions.offer_expire(offer_id=object_id, due_at=due_at)


def console_due(*, object_id: UUID, due_at: datetime) -> None:
    """A lost console did not come back (AGT-9)."""
    actions.console_grace_expire(agent_id=object_id, due_at=due_at)


def sweep_due(*, object_id: UUID, due_at: datetime) -> None:
    """Time to look for what was left behind."""
    del object_id, due_at
    sweep_run()


def first_response_due(*, object_id: UUID, due_at: datetime) -> None:
    """An auto-answered conversation heard nothing (AGT-6)."""
    actions.first_response_expire(offer_id=object_id, due_at=due_at)


def wait_due(*, object_id: UUID, due_at: datetime) -> None:
    """Something became due for a conversation that waits (RTE-4)."""
    actions.wait_expire(conversation_id=object_id, due_at=due_at)


@deadline_columns(steps.OFFER_DEADLINE)
def offer_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """Every offer that rings."""
    return Offer.objects.filter(state=OfferState.RINGING).values_list("pk", "expires_at")


@deadline_columns(steps.FIRST_RESPONSE_DEADLINE)
def first_response_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """Every first response that will be looked for."""
    asked = Offer.objects.exclude(first_response_due_at=None).values_list("pk", "first_response_due_at")
    return [(pk, due_at) for pk, due_at in asked if due_at]


@deadline_columns(steps.WAIT_DEADLINE)
def wait_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """Every wait for which something is still to come."""
    coming = Wait.objects.exclude(due_at=None).values_list("pk", "due_at")
    return [(pk, due_at) for pk, due_at in coming if due_at]


@deadline_columns(SWEEP_DEADLINE)
def sweep_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """The sweep, while somebody waits."""
    return recurring_columns(SWEEP_DEADLINE, SWEEP_ID, needed=Conversation.objects.filter(state=State.WAITING).exists())


DEADLINES.register(steps.OFFER_DEADLINE, offer_due)
DEADLINES.register(steps.FIRST_RESPONSE_DEADLINE, first_response_due)
DEADLINES.register(steps.WAIT_DEADLINE, wait_due)
DEADLINES.register(CONSOLE_DEADLINE, console_due)
DEADLINES.register(SWEEP_DEADLINE, sweep_due)
