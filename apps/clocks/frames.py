"""What an agent's console is told about reply clocks."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from apps.clocks.choices import Stage
from apps.clocks.models import ReplyClock
from apps.conversations.choices import Side


class ClockView(Struct, frozen=True):
    """A conversation's clock as its agent sees it; `due_at` is the next stage."""

    conversation: UUID
    waits_for: Side
    stage: Stage
    since: datetime
    due_at: datetime | None


class ClockFrame(Struct, frozen=True, tag="clock"):
    """A clock has reached a stage, or runs anew after one. Not a numbered line."""

    clock: ClockView


def clock_view(clock: ReplyClock) -> ClockView:
    """The clock as screens show it."""
    return ClockView(
        conversation=clock.conversation_id,
        waits_for=Side(clock.waits_for),
        stage=Stage(clock.stage),
        since=clock.since,
        due_at=clock.due_at,
    )
