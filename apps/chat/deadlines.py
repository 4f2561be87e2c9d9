"""Deadlines of visitors."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.chat.actions import LEFT_DEADLINE, LEFT_GRACE, visitor_left_expire
from apps.chat.models import Visitor
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def left_due(*, object_id: UUID, due_at: datetime) -> None:
    """A customer who waited closed the page a while ago."""
    visitor_left_expire(visitor_id=object_id, due_at=due_at)


@deadline_columns(LEFT_DEADLINE)
def visitors_gone() -> Iterable[tuple[UUID, datetime]]:
    """Every grace of a customer who closed the page."""
    left = Visitor.objects.exclude(left_at=None).values_list("pk", "left_at")
    return [(pk, left_at + LEFT_GRACE) for pk, left_at in left if left_at]


DEADLINES.register(LEFT_DEADLINE, left_due)
