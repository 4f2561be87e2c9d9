"""A conversation's way from arrival to closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.conversations.actions.messages import AttachedFiles, attachments_take
from apps.conversations.choices import (
    ENDED_STATES,
    SYSTEM_CAUSES,
    EndCause,
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
    ConversationEnded,
    ConversationEnding,
    ConversationReturned,
    ConversationWaiting,
    MessagePosted,
)
from apps.conversations.language import language_of
from apps.conversations.models import Conversation, Segment
from apps.conversations.sentiment import sentiment_score
from apps.conversations.steps import rows as steps
from apps.conversations.text import clean_body, preview_line
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_add_once
from apps.core.statements import Parameter, Statement
from apps.masking.choices import Speaker
from apps.masking.engine import MaskedText, Ruleset
from apps.masking.models import MaskingState
from apps.masking.selectors import ruleset_for
from apps.queues.choices import AcwMode, Family
from apps.queues.models import Queue
from apps.timers.actions import wakeup_clear, wakeup_set

WRAP_UP_DEADLINE = "conversations.wrap_up"
WRAP_UP_LIMIT = timedelta(hours=24)
"""A wrap-up without a timer that is left this long closes by itself (WRP-2)."""


@dataclass(frozen=True)
class FirstMessage:
    """What the customer says when they open a conversation.

    Attributes:
        client_id: the sender's own key.
        body: it.
        enclosed: the files that go with it.
        removed: what was taken out of what stands beside it, such as a mail's subject.
    """

    client_id: UUID
    body: str
    enclosed: AttachedFiles | None = None
    removed: tuple[str, ...] = ()


@transaction.atomic
def conversation_start(
    *,
    channel: Family,
    queue: Queue,
    contact: Contact,
    start_key: UUID,
    first: FirstMessage,
    language: str = "",
    follows: Conversation | None = None,
) -> Conversation:
    """Open a conversation by its customer and put it into its queue.

    Args:
        channel: the channel family it takes a slot of.
        queue: where it waits; must be active.
        contact: the customer.
        start_key: the opener's own key: the same start sent twice opens one conversation.
        first: the first message.
        language: the customer's language tag; none means the contact's. Neither holds against the script of what they
            write.
        follows: one that ended, and that the customer goes on from here: its agent is asked first (WRP-8).

    Raises:
        DomainError: ``queue_closed``, ``start_key_taken``, ``masking_too_long``, or what `clean_body` and
            `files_attach` refuse.
    """
    body, now = clean_body(first.body, may_be_empty=first.enclosed is not None), timezone.now()
    if queue.is_active:
        ruleset, newest = _asked(queue, contact)
        said = ruleset.apply(body).with_removed(first.removed)
        language = language_of(said.text, language or contact.language)
        sentiment = sentiment_score(said.text, language)
        conversation = Conversation(
            start_key=start_key,
            channel=channel,
            state=State.WAITING,
            version=1,
            queue=queue,
            contact=contact,
            priority=queue.priority,
            language=language,
            first_arrived_at=now,
            queued_at=now,
            queue_entered_at=now,
            unanswered_since=now,
            last_number=1,
            last_line=preview_line(said.text),
            last_message_at=now,
            mood_sum=sentiment or 0,
            mood_count=int(sentiment is not None),
            previous_id=follows.pk if follows else newest,
            goes_on=follows is not None,
        )
        # Two starts with one key at the same time: the unique key decides, and the loser reads what the winner made.
        if row_add_once(conversation):
            return _begin(conversation, first, said, sentiment, ruleset)
    existing = Conversation.objects.filter(start_key=start_key).first()
    if existing is None:
        raise DomainError("queue_closed", _("This queue takes no conversations at the moment."))
    if existing.contact_id != contact.pk:
        raise DomainError("start_key_taken", _("This conversation can't be opened."))
    return existing


def _asked(queue: Queue, contact: Contact) -> tuple[Ruleset, UUID | None]:
    """The masking rules for what customers say in a queue, and this one's newest conversation, in one statement."""
    found = _ASKED.first(contact=contact.pk)
    if found is None:
        MaskingState.load()
        return _asked(queue, contact)
    version, newest = found
    return ruleset_for(queue_id=queue.pk, who=Speaker.CUSTOMER, version=version), newest


_ASKED: Statement[tuple[UUID, UUID | None]] = Statement(
    lambda: MaskingState.objects.annotate(
        newest=Subquery(
            Conversation.objects.filter(contact=Parameter("contact", UUIDField()))
            .order_by("-first_arrived_at")
            .values("pk")[:1]
        )
    ).values_list("version", "newest")
)


def _begin(
    conversation: Conversation, first: FirstMessage, said: MaskedText, sentiment: int | None, ruleset: Ruleset
) -> Conversation:
    """Arrival, the first message and the stay with the queue, which the row itself was written with already."""
    now = conversation.first_arrived_at
    steps.timeline_record_all(
        conversation,
        (EventKind.ARRIVED, Side.CUSTOMER, {"channel": conversation.channel}),
        (EventKind.QUEUED, Side.SYSTEM, {"queue": str(conversation.queue_id)}),
        at=now,
    )
    files = attachments_take(conversation, first.enclosed, ruleset)
    if files:
        steps.fields_update(conversation, last_line=preview_line(said.text, [file.name for file in files]))
    message = steps.message_add(
        conversation,
        number=1,
        side=Side.CUSTOMER,
        client_id=first.client_id,
        said=said,
        files=files,
        sentiment=sentiment,
        at=now,
    )
    steps.segment_open_first(conversation, at=now)
    announce(MessagePosted(conversation, message))
    steps.state_publish(conversation)
    announce(ConversationWaiting(conversation))
    return conversation


@transaction.atomic(savepoint=False)
def conversation_offer(*, conversation: Conversation, agent: User) -> Conversation:
    """Waiting to offered. Called by routing, which holds the lock and has reserved the slot (RTE-9).

    Raises:
        DomainError: ``illegal_transition``.
    """
    steps.state_change(conversation, State.OFFERED)
    steps.timeline_record(
        conversation, EventKind.OFFERED, at=timezone.now(), actor=None, side=Side.SYSTEM, agent=str(agent.pk)
    )
    steps.state_publish(conversation)
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
    now = timezone.now()
    steps.state_change(
        conversation,
        State.ACTIVE,
        agent=agent,
        returned=False,
        accepted_at=conversation.accepted_at or now,
        agent_spoke_at=None,
        reply_first=reply_first,
    )
    steps.segment_open(conversation, SegmentKind.AGENT, at=now)
    steps.timeline_record(conversation, EventKind.ACCEPTED, at=now, actor=agent, side=Side.AGENT)
    steps.system_message_add(conversation, MessageKind.JOINED, at=now, author=agent)
    announce(ConversationAccepted(conversation, now))
    steps.state_publish(conversation)
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
        steps.system_message_add(conversation, MessageKind.RETURNED, at=now)
    # An offer is no stay of its own: the stay with the queue simply went on.
    entered_at = conversation.queue_entered_at if was == State.OFFERED else now
    steps.state_change(
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
        steps.segment_open(conversation, SegmentKind.QUEUE, at=now)
    steps.timeline_record(conversation, EventKind.RETURNED, at=now, actor=None, side=Side.SYSTEM, cause=cause)
    steps.state_publish(conversation, *([agent_id] if agent_id else []))
    if agent_id:
        announce(ConversationReturned(conversation, agent_id, cause))
    announce(ConversationWaiting(conversation))
    return conversation


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
    conversation = steps.conversation_lock(conversation_id)
    if conversation.state in ENDED_STATES:
        raise DomainError("conversation_ended", _("This conversation has ended already."))
    if by == Side.AGENT:
        _may_end(conversation, actor)
    now, was = timezone.now(), State(conversation.state)
    cause = cause or (EndCause.ENDED if conversation.agent_id else EndCause.ABANDONED)
    _end_line(conversation, by, actor, at=now)
    end = {"ended_at": now, "ended_by": by, "end_cause": cause, "unanswered_since": None, "reply_first": False}
    if conversation.agent_id and conversation.queue.acw_mode != AcwMode.OFF:
        _wrap_up(conversation, at=now, was=was, **end)
    else:
        steps.state_change(conversation, State.CLOSED, closed_at=now, **end)
        steps.segment_close(conversation, at=now)
    steps.timeline_record(conversation, EventKind.ENDED, at=now, actor=actor, side=by, cause=cause)
    announce(ConversationEnded(conversation, was, by, cause))
    steps.state_publish(conversation)
    if conversation.state == State.CLOSED:
        steps.timeline_record(conversation, EventKind.CLOSED, at=now, actor=actor, side=by)
        announce(ConversationClosed(conversation))
    return conversation


def _end_line(conversation: Conversation, by: Side, actor: User | None, *, at: datetime) -> None:
    kind = MessageKind.LEFT if by == Side.CUSTOMER else MessageKind.ENDED
    # Customers are not told which supervisor forced an end; the timeline knows.
    steps.system_message_add(conversation, kind, at=at, author=actor if by == Side.AGENT else None)


def _may_end(conversation: Conversation, actor: User | None) -> None:
    if actor is None or conversation.agent_id != actor.pk:
        raise DomainError("not_yours", _("This conversation is not with you."))
    if conversation.reply_first:
        raise DomainError("reply_first", _("Send a first message before you end this conversation."))
    announce(ConversationEnding(conversation))


def _wrap_up(conversation: Conversation, *, at: datetime, was: State, **end: Any) -> None:
    """Its last queue's mode applies (WRP-5). A snoozed one's timer waits for `wrap_up_begin` (SNZ-5)."""
    seconds = conversation.queue.acw_seconds if conversation.queue.acw_mode == AcwMode.TIMED else None
    runs = seconds is not None and was != State.SNOOZED
    due_at = at + (timedelta(seconds=seconds or 0) if runs else WRAP_UP_LIMIT)
    steps.state_change(conversation, State.WRAP_UP, wrap_up_due_at=due_at, wrap_up_seconds=seconds, **end)
    Segment.objects.filter(conversation=conversation, ended_at=None).update(wrap_up_at=at)
    wakeup_set(kind=WRAP_UP_DEADLINE, object_id=conversation.pk, due_at=due_at)


@transaction.atomic
def wrap_up_begin(*, conversation: Conversation) -> Conversation:
    """Start the timer of a timed wrap-up that waited for its agent's console (SNZ-5). The caller holds the lock.

    A timer that runs already goes on, and a wrap-up without one stays without.
    """
    begins, now = conversation.wrap_up_from, timezone.now()
    if conversation.state == State.WRAP_UP and begins is not None and begins > now:
        due_at = now + timedelta(seconds=conversation.wrap_up_seconds or 0)
        steps.fields_update(conversation, wrap_up_due_at=due_at, version=conversation.version + 1)
        wakeup_set(kind=WRAP_UP_DEADLINE, object_id=conversation.pk, due_at=due_at)
        steps.state_publish(conversation)
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
    steps.state_change(conversation, State.CLOSED, closed_at=now, wrap_up_due_at=None)
    steps.segment_close(conversation, at=now)
    wakeup_clear(kind=WRAP_UP_DEADLINE, object_id=conversation.pk)
    side = Side.AGENT if actor else Side.SYSTEM
    facts = {"expired": True} if expired else {}
    steps.timeline_record(conversation, EventKind.CLOSED, at=now, actor=actor, side=side, **facts)
    steps.state_publish(conversation)
    announce(ConversationClosed(conversation))
    return conversation
