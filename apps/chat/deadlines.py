"""Deadlines of visitors."""

from datetime import datetime
from uuid import UUID

from apps.chat.actions import LEFT_DEADLINE, LEFT_GRACE, visitor_left_expire
from apps.timers.deadlines import DEADLINES, Late


def left_due(*, object_id: UUID, due_at: datetime) -> None:
    """A customer who waited closed the page a while ago."""
    visitor_left_expire(visitor_id=object_id, due_at=due_at)


# Comes up late when the platform was down: then the customer could not come back either, and is not counted as gone.
DEADLINES.register(LEFT_DEADLINE, left_due, Late.skip_after(LEFT_GRACE))
