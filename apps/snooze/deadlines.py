"""Deadlines of snooze."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.snooze.actions import snooze_expire
from apps.snooze.models import Snooze
from apps.snooze.steps import SNOOZE_DEADLINE
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def snooze_due(*, object_id: UUID, due_at: datetime) -> None:
    """It is to wake, or its agent's grace is over."""
    snooze_expire(snooze_id=object_id, due_at=due_at)


@deadline_columns(SNOOZE_DEADLINE)
def snooze_columns() -> Iterable[tuple[UUID, datetime]]:
    """Every snooze that goes on."""
    going_on = Snooze.objects.filter(ended_at=None).values_list("pk", "due_at")
    return [(pk, due_at) for pk, due_at in going_on if due_at]


DEADLINES.register(SNOOZE_DEADLINE, snooze_due)
