"""Deadlines of wrap-up."""

from datetime import datetime
from uuid import UUID

from apps.conversations.actions import WRAP_UP_DEADLINE
from apps.dispositions.actions import wrap_up_expire
from apps.timers.deadlines import DEADLINES


def wrap_up_due(*, object_id: UUID, due_at: datetime) -> None:
    """A wrap-up was left for its limit."""
    wrap_up_expire(conversation_id=object_id, due_at=due_at)


DEADLINES.register(WRAP_UP_DEADLINE, wrap_up_due)
