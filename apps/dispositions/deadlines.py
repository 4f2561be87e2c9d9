"""Deadlines of wrap-up."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.conversations.steps import WRAP_UP_DEADLINE
from apps.dispositions.actions import wrap_up_expire
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def wrap_up_due(*, object_id: UUID, due_at: datetime) -> None:
    """A wrap-up was left for its limit, or its timer has run out."""
    wrap_up_expire(conversation_id=object_id, due_at=due_at)


@deadline_columns(WRAP_UP_DEADLINE)
def wrap_up_columns() -> Iterable[tuple[UUID, datetime]]:
    """Every conversation in wrap-up."""
    wrapping_up = Conversation.objects.filter(state=State.WRAP_UP).values_list("pk", "wrap_up_due_at")
    return [(pk, due_at) for pk, due_at in wrapping_up if due_at]


DEADLINES.register(WRAP_UP_DEADLINE, wrap_up_due)
