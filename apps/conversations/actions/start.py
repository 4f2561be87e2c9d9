"""A conversation is opened by its customer, and put into its queue."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts.models import Contact
from apps.conversations.choices import (
    EventKind,
    Refusal,
    Side,
    State,
)
from apps.conversations.events import (
    ConversationWaiting,
    MessagePosted,
)
from apps.conversations.language import language_of
from apps.conversations.models import Conversation, Message
from apps.conversations.sentiment import sentiment_score
from apps.conversations.steps.messages import (
    MessageDraft,
    MessageLine,
    attachments_take,
    message_add,
)
from apps.conversations.steps.rows import (
    fields_update,
    state_publish,
    timeline_line,
)
from apps.conversations.steps.segments import first_segment
from apps.conversations.text import clean_body, preview_line
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_add_once
from apps.core.statements import Parameter, Statement
from apps.masking.choices import Speaker
from apps.masking.engine import MaskedText, Ruleset
from apps.masking.models import MaskingState
from apps.masking.selectors import ruleset_for
from apps.queues.choices import Family
from apps.queues.models import Queue


@transaction.atomic(savepoint=False)
def conversation_start(
    *,
    channel: Family,
    queue: Queue,
    contact: Contact,
    start_key: UUID,
    first: MessageDraft,
    language: str = "",
    follows: Conversation | None = None,
    newcomer_rules: UUID | None = None,
) -> Message:
    """Open a conversation by its customer's first message, and put it into its queue.

    Args:
        channel: the channel family it takes a slot of.
        queue: where it waits; must be active.
        contact: the customer.
        start_key: the opener's own key: the same start sent twice opens one conversation.
        first: the first message.
        language: the customer's language tag; none means the contact's. Neither holds against the script of what they
            write.
        follows: one that ended, and that the customer goes on from here: its agent is asked first (WRP-8).
        newcomer_rules: of a contact who was made just now, and so has no conversation yet: which masking rules hold, as
            the caller has just read it.

    Returns:
        The stored message, in its conversation.

    Raises:
        DomainError: ``queue_closed``, ``start_key_taken``, ``masking_too_long``, or what `clean_body` and
            `files_attach` refuse.
    """
    body, now = clean_body(first.body, may_be_empty=first.attached is not None), timezone.now()
    if queue.is_active:
        ruleset, newest = _rules_and_newest(queue, contact, newcomer_rules)
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
    sent = existing.messages.filter(client_id=first.client_id).first()
    return sent or existing.messages.earliest("number")


def _rules_and_newest(queue: Queue, contact: Contact, version: UUID | None) -> tuple[Ruleset, UUID | None]:
    """The masking rules for what customers say in a queue, and this one's newest conversation, in one statement."""
    newest = None
    if version is None:
        found = _RULES_AND_NEWEST.first(contact=contact.pk)
        version, newest = found or (MaskingState.load().version, None)
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
) -> Message:
    """Arrival, the first message and the stay with the queue, which the row itself was written with already."""
    now = conversation.first_arrived_at
    line = partial(timeline_line, conversation, at=now, actor=None)
    arrival = [
        line(EventKind.ARRIVED, side=Side.CUSTOMER, channel=conversation.channel),
        line(EventKind.QUEUED, side=Side.SYSTEM, queue=str(conversation.queue_id)),
        first_segment(conversation, at=now),
    ]
    files = attachments_take(conversation, first.attached, ruleset)
    if files:
        fields_update(conversation, last_line=preview_line(said.text, [file.name for file in files]))
    message = message_add(
        conversation,
        1,
        MessageLine(side=Side.CUSTOMER, at=now, said=said, client_id=first.client_id, sentiment=sentiment, files=files),
        beside=arrival,
    )
    announce(MessagePosted(conversation, message))
    state_publish(conversation)
    announce(ConversationWaiting(conversation))
    return message
