"""A conversation's way from arrival to closed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.contacts.models import Contact
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
    ConversationWaiting,
    MessagePosted,
)
from apps.conversations.language import language_of
from apps.conversations.models import Conversation, Segment
from apps.conversations.sentiment import sentiment_score
from apps.conversations.steps.lifecycle import WRAP_UP_DEADLINE, WRAP_UP_LIMIT
from apps.conversations.steps.messages import (
    MessageDraft,
    MessageLine,
    attachments_take,
    message_add,
    system_message_add,
)
from apps.conversations.steps.rows import (
    conversation_lock,
    fields_update,
    state_change,
    state_publish,
    timeline_record,
    timeline_record_all,
)
from apps.conversations.steps.segments import segment_close, segment_open_first
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
from apps.timers.steps import wakeup_set


@transaction.atomic
def conversation_start(
    *,
    channel: Family,
    queue: Queue,
    contact: Contact,
    start_key: UUID,
    first: MessageDraft,
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
    body, now = clean_body(first.body, may_be_empty=first.attached is not None), timezone.now()
    if queue.is_active:
        ruleset, newest = _rules_and_newest(queue, contact)
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
        raise DomainError(Refusal.QUEUE_CLOSED, _("This queue takes no conversations at the moment."))
    if existing.contact_id != contact.pk:
        raise DomainError(Refusal.START_KEY_TAKEN, _("This conversation can't be opened."))
    return existing


def _rules_and_newest(queue: Queue, contact: Contact) -> tuple[Ruleset, UUID | None]:
    """The masking rules for what customers say in a queue, and this one's newest conversation, in one statement."""
    found = _RULES_AND_NEWEST.first(contact=contact.pk)
    if found is None:
        MaskingState.load()
        return _rules_and_newest(queue, contact)
    version, newest = found
    return ruleset_for(queue_id=queue.pk, who=Speaker.CUSTOMER, version=version), newest


_RULES_AND_NEWEST: Statement[tuple[UUID, UUID | None]] = Statement(
    lambda: MaskingState.objects.annotate(
        newest=Subquery(
            Conversation.objects.filter(contact=Parameter("contact", UUIDField()))
            .order_by("-first_arrived_at")
            .values("pk")[:1]
        )
    ).values_list("version", "newest")
)


def _begin(
    conversation: Conversation, first: MessageDraft, said: MaskedText, sentiment: int | None, ruleset: Ruleset
) -> Conversation:
    """Arrival, the first message and the stay with the queue, which the row itself was written with already."""
    now = conversation.first_arrived_at
    timeline_record_all(
        conversation,
        (EventKind.ARRIVED, Side.CUSTOMER, {"channel": conversation.channel}),
        (EventKind.QUEUED, Side.SYSTEM, {"queue": str(conversation.queue_id)}),
        at=now,
    )
    files = attachments_take(conversation, first.attached, ruleset)
    if files:
        fields_update(conversation, last_line=preview_line(said.text, [file.name for file in files]))
    message = message_add(
        conversation,
        1,
        MessageLine(side=Side.CUSTOMER, at=now, said=said, client_id=first.client_id, sentiment=sentiment, files=files),
    )
    segment_open_first(conversation, at=now)
    announce(MessagePosted(conversation, message))
    state_publish(conversation)
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
    conversation = conversation_lock(conversation_id)
    if conversation.state in ENDED_STATES:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended already."))
    if by == Side.AGENT:
        _may_end(conversation, actor)
    now, was = timezone.now(), State(conversation.state)
    cause = cause or (EndCause.ENDED if conversation.agent_id else EndCause.ABANDONED)
    _end_line(conversation, by, actor, at=now)
    end = {"ended_at": now, "ended_by": by, "end_cause": cause, "unanswered_since": None, "reply_first": False}
    if conversation.agent_id and conversation.queue.acw_mode != AcwMode.OFF:
        _wrap_up(conversation, at=now, was=was, **end)
    else:
        state_change(conversation, State.CLOSED, closed_at=now, **end)
        segment_close(conversation, at=now)
    timeline_record(conversation, EventKind.ENDED, at=now, actor=actor, side=by, cause=cause)
    announce(ConversationEnded(conversation, was, by, cause))
    state_publish(conversation)
    if conversation.state == State.CLOSED:
        timeline_record(conversation, EventKind.CLOSED, at=now, actor=actor, side=by)
        announce(ConversationClosed(conversation))
    return conversation


def _end_line(conversation: Conversation, by: Side, actor: User | None, *, at: datetime) -> None:
    kind = MessageKind.LEFT if by == Side.CUSTOMER else MessageKind.ENDED
    # Customers are not told which supervisor forced an end; the timeline knows.
    system_message_add(conversation, kind, at=at, author=actor if by == Side.AGENT else None)


def _may_end(conversation: Conversation, actor: User | None) -> None:
    if actor is None or conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    if conversation.reply_first:
        raise DomainError(Refusal.REPLY_FIRST, _("Send a first message before you end this conversation."))
    announce(ConversationEnding(conversation))


def _wrap_up(conversation: Conversation, *, at: datetime, was: State, **end: Any) -> None:
    """Its last queue's mode applies (WRP-5). A snoozed one's timer waits for `wrap_up_begin` (SNZ-5)."""
    seconds = conversation.queue.acw_seconds if conversation.queue.acw_mode == AcwMode.TIMED else None
    runs = seconds is not None and was != State.SNOOZED
    due_at = at + (timedelta(seconds=seconds or 0) if runs else WRAP_UP_LIMIT)
    state_change(conversation, State.WRAP_UP, wrap_up_due_at=due_at, wrap_up_seconds=seconds, **end)
    Segment.objects.filter(conversation=conversation, ended_at=None).update(wrap_up_at=at)
    wakeup_set(kind=WRAP_UP_DEADLINE, object_id=conversation.pk, due_at=due_at)
