"""A conversation ends for its customer (WRP-1, WRP-4, EDG-8)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import (
    ENDED_STATES,
    SYSTEM_CAUSES,
    EndCause,
    EventKind,
    MessageKind,
    Refusal,
    Side,
    State,
)
from apps.conversations.events import (
    ConversationClosed,
    ConversationEnded,
    ConversationEnding,
)
from apps.conversations.models import Conversation, Segment
from apps.conversations.steps.lifecycle import WRAP_UP_DEADLINE, WRAP_UP_LIMIT
from apps.conversations.steps.messages import (
    system_message_add,
)
from apps.conversations.steps.rows import (
    conversation_lock,
    state_fields,
    state_publish,
    timeline_line,
    timeline_record,
)
from apps.conversations.steps.segments import segment_close
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.queues.choices import AcwMode
from apps.timers.steps import wakeup_set


@transaction.atomic
def conversation_end(
    *, conversation_id: UUID, by: Side, actor: User | None, cause: EndCause | None = None
) -> Conversation:
    """End it for the customer: wrap-up follows where an agent had it and its queue has after-call work (WRP-1, WRP-4).

    Args:
        conversation_id: the conversation.
        by: the side that ends it.
        actor: the agent who ends it, or the supervisor who forces the system to; none for the customer.
        cause: why the system ends it, one of `SYSTEM_CAUSES`; the end is the same as everybody's (EDG-8).

    Raises:
        DomainError: ``conversation_ended`` when it is over already, ``not_yours`` for an agent who does not have it,
            ``reply_first`` for one who has to say something first, or what an app above has against it.
        ValueError: a cause that is not this side's.
    """
    if cause is not None and (by != Side.SYSTEM or cause not in SYSTEM_CAUSES):
        raise ValueError(f"{cause!r} is no cause for an end by the {by}")
    conversation = conversation_lock(conversation_id)
    if conversation.state in ENDED_STATES:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended already."))
    if by == Side.AGENT:
        _may_end(conversation, actor)
    now, was = timezone.now(), State(conversation.state)
    cause = cause or (EndCause.ENDED if conversation.agent_id else EndCause.ABANDONED)
    end: dict[str, Any] = {
        "ended_at": now,
        "ended_by": by,
        "end_cause": cause,
        "unanswered_since": None,
        "reply_first": False,
    }
    if conversation.agent_id and conversation.queue.acw_mode != AcwMode.OFF:
        end |= _wrap_up_fields(conversation, at=now, was=was)
    else:
        end |= {**state_fields(conversation, State.CLOSED), "closed_at": now}
    system_message_add(
        conversation,
        MessageKind.LEFT if by == Side.CUSTOMER else MessageKind.ENDED,
        at=now,
        # Customers are not told which supervisor forced an end; the timeline knows.
        author=actor if by == Side.AGENT else None,
        beside=[timeline_line(conversation, EventKind.ENDED, at=now, actor=actor, side=by, cause=cause)],
        **end,
    )
    _stay_end(conversation, at=now)
    announce(ConversationEnded(conversation, was, by, cause))
    state_publish(conversation)
    if conversation.state == State.CLOSED:
        timeline_record(conversation, EventKind.CLOSED, at=now, actor=actor, side=by)
        announce(ConversationClosed(conversation))
    return conversation


def _may_end(conversation: Conversation, actor: User | None) -> None:
    if actor is None or conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    if conversation.reply_first:
        raise DomainError(Refusal.REPLY_FIRST, _("Send a first message before you end this conversation."))
    announce(ConversationEnding(conversation))


def _wrap_up_fields(conversation: Conversation, *, at: datetime, was: State) -> dict[str, Any]:
    """Its last queue's mode applies (WRP-5). A snoozed one's timer waits for `wrap_up_begin` (SNZ-5)."""
    seconds = conversation.queue.acw_seconds if conversation.queue.acw_mode == AcwMode.TIMED else None
    runs = seconds is not None and was != State.SNOOZED
    due_at = at + (timedelta(seconds=seconds or 0) if runs else WRAP_UP_LIMIT)
    return {**state_fields(conversation, State.WRAP_UP), "wrap_up_due_at": due_at, "wrap_up_seconds": seconds}


def _stay_end(conversation: Conversation, *, at: datetime) -> None:
    """The stay with whoever had it is over; one with an agent goes on until the wrap-up is over, too."""
    if conversation.state == State.CLOSED:
        segment_close(conversation, at=at)
        return
    Segment.objects.filter(conversation=conversation, ended_at=None).update(wrap_up_at=at)
    wakeup_set(kind=WRAP_UP_DEADLINE, object_id=conversation.pk, due_at=conversation.wrap_up_due_at or at)
