"""A conversation's way from arrival to closed, as others drive it: each holds its lock."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from apps.accounts.models import User
from apps.conversations.choices import (
    EventKind,
    MessageKind,
    ReturnCause,
    SegmentKind,
    Side,
    State,
)
from apps.conversations.events import (
    ConversationAccepted,
    ConversationClosed,
    ConversationReturned,
    ConversationWaiting,
)
from apps.conversations.models import Conversation
from apps.conversations.steps.messages import system_message_add
from apps.conversations.steps.rows import (
    fields_update,
    state_change,
    state_fields,
    state_publish,
    timeline_line,
    timeline_record,
)
from apps.conversations.steps.segments import segment_close, segment_next, segment_open
from apps.core.events import announce
from apps.timers.steps import wakeup_clear, wakeup_set

WRAP_UP_DEADLINE = "conversations.wrap_up"
WRAP_UP_LIMIT = timedelta(hours=24)
"""A wrap-up without a timer that is left this long closes by itself (WRP-2)."""


@transaction.atomic(savepoint=False)
def conversation_offer(*, conversation: Conversation, agent: User, beside: Sequence[Model]) -> Conversation:
    """Waiting to offered. Called by routing, which holds the lock and has reserved the slot (RTE-9).

    Args:
        conversation: it.
        agent: whom it rings at.
        beside: routing's own rows, which are added by the same statement.

    Raises:
        DomainError: ``illegal_transition``.
    """
    offered = timeline_line(
        conversation, EventKind.OFFERED, at=timezone.now(), actor=None, side=Side.SYSTEM, agent=str(agent.pk)
    )
    state_change(conversation, State.OFFERED, beside=[*beside, offered])
    state_publish(conversation)
    return conversation


@transaction.atomic(savepoint=False)
def conversation_accept(*, conversation: Conversation, agent: User, reply_first: bool = False) -> Conversation:
    """Offered to active with this agent. Called by routing, which holds the lock.

    Args:
        conversation: the conversation.
        agent: who has it from now on.
        reply_first: it opened by itself: the agent can't end it before a first message (AGT-6).

    Raises:
        DomainError: ``illegal_transition``.
    """
    now, active = timezone.now(), state_fields(conversation, State.ACTIVE)
    conversation.agent = agent
    system_message_add(
        conversation,
        MessageKind.JOINED,
        at=now,
        author=agent,
        beside=[
            segment_next(conversation, SegmentKind.AGENT, at=now),
            timeline_line(conversation, EventKind.ACCEPTED, at=now, actor=agent, side=Side.AGENT),
        ],
        agent=agent,
        returned=False,
        accepted_at=conversation.accepted_at or now,
        agent_spoke_at=None,
        reply_first=reply_first,
        **active,
    )
    announce(ConversationAccepted(conversation, now))
    state_publish(conversation)
    return conversation


@transaction.atomic(savepoint=False)
def conversation_return(*, conversation: Conversation, cause: ReturnCause) -> Conversation:
    """Back to its queue, ahead of those of the same rank that were never offered (RTE-7). The caller holds the lock.

    Raises:
        DomainError: ``illegal_transition``.
    """
    now = timezone.now()
    agent_id, was = conversation.agent_id, State(conversation.state)
    if was in {State.ACTIVE, State.SNOOZED}:
        system_message_add(conversation, MessageKind.RETURNED, at=now)
    # An offer is no stay of its own: the stay with the queue simply went on.
    entered_at = conversation.queue_entered_at if was == State.OFFERED else now
    state_change(
        conversation,
        State.WAITING,
        agent=None,
        returned=True,
        queued_at=now,
        queue_entered_at=entered_at,
        agent_spoke_at=None,
        reply_first=False,
    )
    if was != State.OFFERED:
        segment_open(conversation, SegmentKind.QUEUE, at=now)
    timeline_record(conversation, EventKind.RETURNED, at=now, actor=None, side=Side.SYSTEM, cause=cause)
    state_publish(conversation, *([agent_id] if agent_id else []))
    if agent_id:
        announce(ConversationReturned(conversation, agent_id, cause))
    announce(ConversationWaiting(conversation))
    return conversation


@transaction.atomic
def wrap_up_begin(*, conversation: Conversation) -> Conversation:
    """Start the timer of a timed wrap-up that waited for its agent's console (SNZ-5). The caller holds the lock.

    A timer that runs already goes on, and a wrap-up without one stays without.
    """
    begins, now = conversation.wrap_up_from, timezone.now()
    if conversation.state == State.WRAP_UP and begins is not None and begins > now:
        due_at = now + timedelta(seconds=conversation.wrap_up_seconds or 0)
        fields_update(conversation, wrap_up_due_at=due_at, version=conversation.version + 1)
        wakeup_set(kind=WRAP_UP_DEADLINE, object_id=conversation.pk, due_at=due_at)
        state_publish(conversation)
    return conversation


@transaction.atomic
def conversation_close(*, conversation: Conversation, actor: User | None, expired: bool = False) -> Conversation:
    """Wrap-up to closed. Called by dispositions, which holds the lock and has seen to the codes.

    Args:
        conversation: in wrap-up.
        actor: the agent who closes it; none for the system.
        expired: the time for its wrap-up was over; its timeline says so (WRP-3).

    Raises:
        DomainError: ``illegal_transition``.
    """
    now = timezone.now()
    state_change(conversation, State.CLOSED, closed_at=now, wrap_up_due_at=None)
    segment_close(conversation, at=now)
    wakeup_clear(kind=WRAP_UP_DEADLINE, object_id=conversation.pk)
    side = Side.AGENT if actor else Side.SYSTEM
    facts = {"expired": True} if expired else {}
    timeline_record(conversation, EventKind.CLOSED, at=now, actor=actor, side=side, **facts)
    state_publish(conversation)
    announce(ConversationClosed(conversation))
    return conversation
