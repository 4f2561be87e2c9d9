"""Many wrap-ups that run out at about the same time: made and counted by the office."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.conversations.choices import EndCause, EventKind, SegmentKind, Side, State
from apps.conversations.models import Conversation, ConversationEvent, Segment
from apps.conversations.steps import WRAP_UP_DEADLINE
from apps.dispositions.models import Choice
from apps.queues.choices import Family
from apps.timers.models import Wakeup
from tests.support.desk import Desk


def wrap_ups_make(desk: Desk, count: int, *, first: float, spread: float) -> None:
    """So many conversations in wrap-up, as if it had been left for a day.

    Args:
        desk: whose.
        count: how many.
        first: seconds until the first deadline.
        spread: seconds from the first deadline to the last.
    """
    now, contact = timezone.now(), Contact.objects.create(name="Somebody")
    fixed = {
        "channel": Family.CHAT,
        "state": State.WRAP_UP,
        "contact": contact,
        "queue_id": UUID(desk.queue),
        "agent": User.objects.get(pk=desk.agents[0].id),
        "accepted_at": now,
        "ended_at": now,
        "ended_by": Side.AGENT,
        "end_cause": EndCause.ENDED,
    }
    due = [now + timedelta(seconds=first + spread * place / count) for place in range(count)]
    with transaction.atomic():
        rows = Conversation.objects.bulk_create(Conversation(**fixed, wrap_up_due_at=at) for at in due)
        Segment.objects.bulk_create(_stay(row, now) for row in rows)
        Wakeup.objects.bulk_create(_wakeup(desk.schema, row) for row in rows)


def _stay(row: Conversation, at: Any) -> Segment:
    return Segment(
        conversation=row, kind=SegmentKind.AGENT, queue_id=row.queue_id, agent=row.agent, started_at=at, wrap_up_at=at
    )


def _wakeup(schema: str, row: Conversation) -> Wakeup:
    due_at = row.wrap_up_due_at
    return Wakeup(schema=schema, kind=WRAP_UP_DEADLINE, object_id=row.pk, due_at=due_at, run_after=due_at)


def wrap_ups_left(desk: Desk) -> int:
    """How many are still open."""
    return Conversation.objects.filter(queue=desk.queue, state=State.WRAP_UP).count()


def wrap_ups_look(desk: Desk) -> dict[str, Any]:
    """What became of them: effects by how often each happened, wake-ups that are left, and when the last came up."""
    rows = list(Conversation.objects.filter(queue=desk.queue))
    closings = Counter(
        ConversationEvent.objects.filter(conversation__in=rows, kind=EventKind.CLOSED).values_list(
            "conversation", flat=True
        )
    )
    choices = Counter(Choice.objects.filter(conversation__in=rows).values_list("conversation", flat=True))
    return {
        "states": Counter(row.state for row in rows),
        "closings": Counter(closings[row.pk] for row in rows),
        "choices": Counter(choices[row.pk] for row in rows),
        "wakeups": Wakeup.objects.filter(schema=desk.schema, kind=WRAP_UP_DEADLINE).count(),
        "last": max(row.closed_at for row in rows if row.closed_at),
    }
