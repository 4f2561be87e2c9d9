"""A customer begins a conversation."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery, UUIDField
from django.utils.translation import gettext as _

from apps.chat import selectors
from apps.chat.actions.hello import OpenedVisitor
from apps.chat.choices import Refusal
from apps.chat.models import Topic, Visit, Visitor, WidgetChannel
from apps.chat.steps import attributes_keep, clean_masked_name, visitor_details_keep, visitor_lock
from apps.chat.text import clean_email, clean_name, clean_phone
from apps.contacts.actions import contact_create
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_start, message_post
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.core.rows import row_add_once
from apps.core.statements import Parameter, Statement
from apps.masking.models import MaskingState
from apps.masking.selectors import rules_version
from apps.queues.choices import Family
from apps.queues.models import Queue


@dataclass(frozen=True)
class Introduction:
    """What the customer says about themselves when they begin.

    Attributes:
        name: as typed, or empty.
        email: as typed, or empty.
        page: what the browser tells (CHAT-14), cleaned.
        phone: as typed, or empty.
        topic: of those that the widget offers, or none.
        attributes: what the site has said of them, cleaned.
        pages: the pages of the site that the browser was on, cleaned.
    """

    name: str
    email: str
    page: dict[str, str]
    phone: str = ""
    topic: UUID | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    pages: list[dict[str, str]] = field(default_factory=list)


@transaction.atomic
def visitor_start(
    *, channel: WidgetChannel, opened: OpenedVisitor, start_key: UUID, who: Introduction, first: MessageDraft
) -> Message:
    """The customer begins: a conversation is opened, with their first message in it (CHAT-1).

    Sent twice, it opens one conversation. A browser has one open conversation at a time: begun once more on another
    page, the message goes to the conversation that is open. After the end of one, the next is linked to it, waits in
    the same queue and rings at the same agent first (WRP-8), unless the topic that was chosen has a queue of its own.

    Args:
        channel: the widget.
        opened: what `visitor_open` returned.
        start_key: the page's own key for this start.
        who: what the customer says about themselves.
        first: the first message.

    Returns:
        The stored message, in its conversation.

    Raises:
        DomainError: ``bad_frame`` (``field`` is name, email, phone or topic: missing where the widget needs it, or
            wrong), ``not_welcome`` for a contact who is blocked (CON-10), ``start_key_taken``, ``queue_closed``, or
            what `message_post` refuses.
    """
    topic = _topic(channel, who)
    own_queue, rules = _queue_and_rules(channel)
    who = replace(who, name=clean_masked_name(channel, who.name, version=rules))
    visitor, is_new = _visitor_for(channel, opened, who)
    is_again = not is_new and Conversation.objects.filter(start_key=start_key).exists()
    if not is_new and not is_again:
        posted = _post_to_running(visitor, first)
        if posted is not None:
            return posted
    if not is_again:
        _check(channel, visitor, topic)
    before = None if is_new else selectors.visit_newest(visitor.pk)
    queue = _queue_for(own_queue, before, topic)
    message = conversation_start(
        channel=Family.CHAT,
        queue=queue,
        contact=visitor.contact,
        start_key=start_key,
        first=first,
        follows=before if before is not None and before.queue_id == queue.pk else None,
        newcomer_rules=rules if is_new else None,
    )
    conversation, intent = message.conversation, topic.name if topic else ""
    fresh = row_add_once(
        Visit(conversation=conversation, visitor=visitor, intent=intent, attributes=visitor.attributes)
    )
    if not fresh and not Visit.objects.filter(conversation=conversation, visitor=visitor).exists():
        raise DomainError(Refusal.START_KEY_TAKEN, _("This conversation can't be opened."))
    return message


def _queue_and_rules(channel: WidgetChannel) -> tuple[Queue, UUID]:
    """The widget's queue, and which masking rules hold, as both are now: the page may have said hello long ago."""
    queue: Any = _QUEUE_AND_RULES.first(widget=channel.pk)
    if queue is None:
        raise Queue.DoesNotExist
    return queue, queue.rules or rules_version()


_QUEUE_AND_RULES: Statement[Queue] = Statement(
    lambda: Queue.objects.filter(widgets=Parameter("widget", UUIDField())).annotate(
        rules=Subquery(MaskingState.objects.values("version")[:1])
    )
)


def _topic(channel: WidgetChannel, who: Introduction) -> Topic | None:
    if who.topic is None or not channel.asks("topic"):
        return None
    topic = Topic.objects.select_related("queue").filter(channel=channel, pk=who.topic).first()
    if topic is None:
        raise _missing("topic")  # It was taken away while the page stood open.
    return topic


def _check(channel: WidgetChannel, visitor: Visitor, topic: Topic | None) -> None:
    """Whether this customer may begin, having said what the widget needs to know."""
    # Nobody is told that they are blocked: they would only come back as somebody else. Who says that they are somebody
    # who is blocked comes in no more than they do.
    if visitor.contact.is_refused:
        raise DomainError(Refusal.NOT_WELCOME, _("This message could not be delivered."))
    for name in ("name", "email", "phone"):
        if channel.needs(name) and not getattr(visitor, name):
            raise _missing(name)
    if channel.needs("topic") and topic is None and channel.topics.exists():
        raise _missing("topic")


def _missing(name: str) -> DomainError:
    return DomainError(Refusal.BAD_FRAME, MISSING[name](), field=name)


MISSING = {
    "name": lambda: _("Please tell us your name."),
    "email": lambda: _("Please tell us your email address."),
    "phone": lambda: _("Please tell us your phone number."),
    "topic": lambda: _("Please choose what it is about."),
}


def _post_to_running(visitor: Visitor, first: MessageDraft) -> Message | None:
    running = selectors.visit_open(visitor.pk)
    if running is None:
        return None
    try:
        return message_post(conversation_id=running.pk, draft=first)
    except DomainError as refused:
        if refused.code == Refusal.CONVERSATION_ENDED:
            return None  # Its agent ended it this very moment: a new one it is.
        raise


def _queue_for(own: Queue, before: Conversation | None, topic: Topic | None) -> Queue:
    """The topic's own queue; else that of the conversation before, while it takes conversations; else the widget's."""
    if topic is not None and topic.queue is not None and topic.queue.is_active:
        return topic.queue
    if before is not None and before.queue.is_active:
        return before.queue
    return own


def _visitor_for(channel: WidgetChannel, opened: OpenedVisitor, who: Introduction) -> tuple[Visitor, bool]:
    """The browser's row, locked, and whether it is new: of two starts at once the second sees what the first made."""
    name, email, phone = clean_name(who.name), clean_email(who.email), clean_phone(who.phone)
    # Who had no row at the hello has none now, but for another page's start that is quicker.
    visitor = visitor_lock(opened.visitor_id) if opened.visitor else None
    if visitor is None:
        contact = _contact_for(name, email, phone, who.page)
        visitor = Visitor(
            pk=opened.visitor_id,
            channel=channel,
            contact=contact,
            generation=opened.generation,
            name=name,
            email=email,
            phone=phone,
            page=who.page,
            pages=who.pages,
        )
        if row_add_once(visitor):
            attributes_keep(visitor, who.attributes)
            return visitor, True
        contact.delete()  # The other start, at the same time, has made one too.
        visitor = Visitor.objects.select_for_update(no_key=True).get(pk=opened.visitor_id)
    visitor_details_keep(visitor, name=name, email=email, phone=phone)
    attributes_keep(visitor, who.attributes)
    return visitor, False


def _contact_for(name: str, email: str, phone: str, page: dict[str, str]) -> Contact:
    """A contact of this browser's own, whatever it says: an address that somebody types is a claim (CHAT-12)."""
    language, time_zone = page.get("language", ""), page.get("time_zone", "")
    return contact_create(name=name, email=email, phone=phone, language=language, time_zone=time_zone)
