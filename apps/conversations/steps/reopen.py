"""A conversation that was over goes on: its customer has written once more (WRP-8)."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import ENDED_STATES, EventKind, Refusal, SegmentKind, Side, State
from apps.conversations.events import ConversationAccepted, ConversationWaiting
from apps.conversations.models import Conversation
from apps.conversations.steps.lifecycle import WRAP_UP_DEADLINE
from apps.conversations.steps.rows import state_change, state_publish, timeline_record
from apps.conversations.steps.segments import segment_open
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.queues.models import Queue
from apps.timers.steps import wakeup_clear


@transaction.atomic
def conversation_mark_reopened(*, conversation: Conversation, agent: User | None, queue: Queue) -> Conversation:
    """Wrap-up or closed to active with an agent, or to waiting ahead of those of the same rank (WRP-8).

    Called by routing, which holds the lock and has taken the agent's slot. What was said and done stays; a new stay
    begins, and the next end has a wrap-up of its own.

    Args:
        conversation: one that is over and no spam.
        agent: who has it from now on; none lets it wait.
        queue: where it waits, or is answered from; must be active.

    Raises:
        DomainError: ``illegal_transition``, ``queue_closed``.
    """
    if conversation.state not in ENDED_STATES or conversation.is_spam:
        raise DomainError(Refusal.ILLEGAL_TRANSITION, _("This conversation has not ended."), state=conversation.state)
    if not queue.is_active:
        raise DomainError(Refusal.QUEUE_CLOSED, _("This queue takes no conversations at the moment."))
    now, was, left = timezone.now(), State(conversation.state), conversation.agent_id
    if agent:
        state_change(conversation, State.ACTIVE, agent=agent, returned=False, **_anew(conversation, queue))
    else:
        waits: dict[str, Any] = {"agent": None, "returned": True, "queued_at": now, "queue_entered_at": now}
        state_change(conversation, State.WAITING, **waits, **_anew(conversation, queue))
    wakeup_clear(kind=WRAP_UP_DEADLINE, object_id=conversation.pk)
    segment_open(conversation, SegmentKind.AGENT if agent else SegmentKind.QUEUE, at=now)
    state = State(conversation.state)
    timeline_record(conversation, EventKind.REOPENED, at=now, actor=None, side=Side.CUSTOMER, was=was, state=state)
    announce(ConversationAccepted(conversation, now) if agent else ConversationWaiting(conversation))
    state_publish(conversation, *([left] if left else []))
    return conversation


def _anew(conversation: Conversation, queue: Queue) -> dict[str, Any]:
    """What a conversation that goes on has of its end no more, and of its new beginning."""
    moves = queue.pk != conversation.queue_id
    return {
        "queue": queue,
        "priority": queue.priority if moves else conversation.priority,
        "unanswered_since": None,
        "agent_spoke_at": None,
        "reply_first": False,
        "ended_at": None,
        "ended_by": "",
        "end_cause": "",
        "wrap_up_due_at": None,
        "wrap_up_seconds": None,
        "closed_at": None,
    }
