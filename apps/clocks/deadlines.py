"""Deadlines of reply clocks."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.clocks.actions import clock_fire
from apps.clocks.models import ReplyClock
from apps.clocks.steps import REPLY_DEADLINE
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def reply_due(*, object_id: UUID, due_at: datetime) -> None:
    """A stage of a wait for an answer is reached, or somebody has spoken since."""
    clock_fire(conversation_id=object_id, due_at=due_at)


@deadline_columns(REPLY_DEADLINE)
def reply_columns() -> Iterable[tuple[UUID, datetime]]:
    """Every clock that has a next stage."""
    clocks = ReplyClock.objects.exclude(due_at=None).values_list("pk", "due_at")
    return [(pk, due_at) for pk, due_at in clocks if due_at]


DEADLINES.register(REPLY_DEADLINE, reply_due)
