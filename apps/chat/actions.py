"""Every change of a visitor: a browser comes, writes, leaves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.chat import selectors
from apps.chat.models import VISITOR_LIFE, Visit, Visitor, WidgetChannel
from apps.chat.presence import is_present
from apps.chat.text import clean_email, clean_name
from apps.chat.tokens import VisitorToken, token_make, token_read
from apps.contacts.models import Contact
from apps.conversations.actions import (
    FirstMessage,
    conversation_end,
    conversation_lock,
    conversation_start,
    message_post,
    timeline_record,
)
from apps.conversations.choices import OVER, EventKind, Side, State
from apps.conversations.models import Conversation, Message
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.core.rows import row_add_once, row_lock
from apps.core.statements import Given, Statement
from apps.queues.choices import Family
from apps.queues.models import Queue
from apps.timers.actions import wakeup_clear, wakeup_set

LEFT_DEADLINE = "chat.left"
LEFT_GRACE = timedelta(seconds=60)
"""How long a waiting customer's page may be closed before they count as gone (EDG-2)."""


@dataclass(frozen=True)
class Opened:
    """A browser that said hello.

    Attributes:
        visitor_id: who it is from now on.
        generation: of the token that it presented.
        token: what it presents next time.
        visitor: its row, once it has opened a conversation.
    """

    visitor_id: UUID
    generation: int
    token: str
    visitor: Visitor | None


@dataclass(frozen=True)
class Introduction:
    """What the customer says about themselves when they begin.

    Attributes:
        name: as typed, or empty.
        email: as typed, or empty.
        page: what the browser tells (CHAT-14), cleaned.
    """

    name: str
    email: str
    page: dict[str, str]


@transaction.atomic
def visitor_open(*, channel: WidgetChannel, token: str | None, page: dict[str, str]) -> Opened:
    """A browser comes, or comes back: the token it brings is used up, and the next one handed out (CHAT-12).

    A browser that never wrote has no row: saying hello costs the database nothing.

    Args:
        channel: the widget it came through.
        token: what an earlier hello handed out, or none.
        page: what the browser tells, cleaned.

    Raises:
        DomainError: ``token_refused`` when the token is not ours, of another tenant or channel, or older than the
            newest presented: the browser starts afresh.
    """
    if token is None:
        return _opened(channel, VisitorToken(uuid7(), 0), None)
    read = token_read(token, channel=channel.pk)
    if read is None:
        raise _token_refused()
    visitor = Visitor.objects.select_for_update(no_key=True).filter(pk=read.visitor).first()
    if visitor is not None:
        _come_back(visitor, read, page)
    return _opened(channel, read, visitor)


def _opened(channel: WidgetChannel, token: VisitorToken, visitor: Visitor | None) -> Opened:
    following = token_make(channel=channel.pk, visitor=token.visitor, generation=token.generation + 1)
    return Opened(token.visitor, token.generation, following, visitor)


def _come_back(visitor: Visitor, token: VisitorToken, page: dict[str, str]) -> None:
    now = timezone.now()
    if token.generation < visitor.generation or visitor.seen_at < now - VISITOR_LIFE:
        raise _token_refused()
    visitor.generation, visitor.seen_at, visitor.page = token.generation, now, page or visitor.page
    visitor.save(update_fields=["generation", "seen_at", "page"])
    _stay(visitor)


def _stay(visitor: Visitor) -> None:
    if visitor.left_at is None:
        return
    visitor.left_at = None
    visitor.save(update_fields=["left_at"])
    wakeup_clear(kind=LEFT_DEADLINE, object_id=visitor.pk)


def _token_refused() -> DomainError:
    return DomainError("token_refused", _("This browser is not known any more. Please start again."))


@transaction.atomic
def visitor_start(
    *, channel: WidgetChannel, opened: Opened, start_key: UUID, who: Introduction, first: FirstMessage
) -> Message:
    """The customer begins: a conversation is opened, with their first message in it (CHAT-1).

    Sent twice, it opens one conversation. A browser has one open conversation at a time: begun once more on another
    page, the message goes to the conversation that is open. After the end of one, the next is linked to it and waits in
    the same queue (WRP-8).

    Args:
        channel: the widget.
        opened: what `visitor_open` returned.
        start_key: the page's own key for this start.
        who: what the customer says about themselves.
        first: the first message.

    Returns:
        The stored message, in its conversation.

    Raises:
        DomainError: ``bad_frame`` (``field`` is email), ``start_key_taken``, ``queue_closed``, or what `message_post`
            refuses.
    """
    visitor, is_new = _visitor_for(channel, opened, who)
    if not is_new and not Conversation.objects.filter(start_key=start_key).exists():
        posted = _post_to_running(visitor, first)
        if posted is not None:
            return posted
    conversation = conversation_start(
        channel=Family.CHAT,
        queue=_queue_of(channel) if is_new else _queue_for(channel, visitor),
        contact=visitor.contact,
        start_key=start_key,
        first=first,
    )
    fresh = row_add_once(Visit(conversation=conversation, visitor=visitor))
    if not fresh and not Visit.objects.filter(conversation=conversation, visitor=visitor).exists():
        raise DomainError("start_key_taken", _("This conversation can't be opened."))
    sent = _SENT.first(conversation=conversation.pk, message=first.client_id)
    return sent or conversation.messages.earliest("number")


_SENT: Statement[Message] = Statement(
    lambda: Message.objects.filter(
        conversation=Given("conversation", UUIDField()), client_id=Given("message", UUIDField())
    )
)
_QUEUE: Statement[Queue] = Statement(lambda: Queue.objects.filter(widgets=Given("widget", UUIDField())))


def _post_to_running(visitor: Visitor, first: FirstMessage) -> Message | None:
    running = selectors.visit_open(visitor.pk)
    if running is None:
        return None
    try:
        return message_post(
            conversation_id=running.pk, side=Side.CUSTOMER, client_id=first.client_id, body=first.body, actor=None
        )
    except DomainError as refused:
        if refused.code == "conversation_ended":
            return None  # Its agent ended it this very moment: a new one it is.
        raise


def _queue_for(channel: WidgetChannel, visitor: Visitor) -> Queue:
    """The queue of the conversation before, while it takes conversations; else the widget's (WRP-8)."""
    before = selectors.visit_newest(visitor.pk)
    return before.queue if before is not None and before.queue.is_active else _queue_of(channel)


def _queue_of(channel: WidgetChannel) -> Queue:
    """The widget's queue as it is now: the page may have said hello before the queue was closed (RTE-13)."""
    return _QUEUE.first(widget=channel.pk) or Queue.objects.get(widgets=channel.pk)


def _visitor_for(channel: WidgetChannel, opened: Opened, who: Introduction) -> tuple[Visitor, bool]:
    """The browser's row, locked, and whether it is new: of two starts at once the second sees what the first made."""
    name, email = clean_name(who.name), clean_email(who.email)
    visitor = _lock(opened.visitor_id)
    if visitor is None:
        contact, is_new = _contact_for(name, email, who.page)
        visitor = Visitor(
            pk=opened.visitor_id,
            channel=channel,
            contact=contact,
            generation=opened.generation,
            name=name,
            email=email,
            page=who.page,
        )
        if row_add_once(visitor):
            return visitor, True
        if is_new:
            contact.delete()  # The other start, at the same time, has made one too.
        visitor = Visitor.objects.select_for_update(no_key=True).get(pk=opened.visitor_id)
    _remember(visitor, name, email)
    return visitor, False


def _lock(visitor_id: UUID) -> Visitor | None:
    return row_lock(Visitor, visitor_id)


def _contact_for(name: str, email: str, page: dict[str, str]) -> tuple[Contact, bool]:
    """The contact with this address, or a new one, and whether it is new.

    Nobody proved that the address is theirs: what is known of the contact stays as it is, and the browser sees only the
    conversations that it opened itself.
    """
    found = Contact.objects.filter(email=email).order_by("created_at").first() if email else None
    if found is not None:
        return found, False
    language, time_zone = page.get("language", ""), page.get("time_zone", "")
    return Contact.objects.create(name=name, email=email, language=language, time_zone=time_zone), True


def _remember(visitor: Visitor, name: str, email: str) -> None:
    """Keep what this browser's customer says about themselves later than at first, and tell a contact of their own."""
    given = {"name": name, "email": email}
    fresh = {field: value for field, value in given.items() if value and value != getattr(visitor, field)}
    if fresh:
        _save(visitor, fresh)
    missing = {field: value for field, value in fresh.items() if not getattr(visitor.contact, field)}
    if missing:
        _save(visitor.contact, missing)


def _save(row: Visitor | Contact, fields: dict[str, str]) -> None:
    for field, value in fields.items():
        setattr(row, field, value)
    row.save(update_fields=list(fields))


@transaction.atomic
def visitor_leave_email(*, visitor_id: UUID, conversation_id: UUID, email: str) -> str:
    """The customer leaves an address to be written to, where a flow asked for it (RTE-4).

    It is kept as one that is said at the start: by this browser, and by a contact who has none yet. The conversation's
    timeline keeps it in any case; the same one left again changes nothing.

    Args:
        visitor_id: the browser.
        conversation_id: one of its own that has ended.
        email: as typed.

    Returns:
        The address as it is kept.

    Raises:
        DomainError: ``bad_frame`` (``field`` is email), ``conversation_unknown``, ``email_not_asked``.
    """
    email = clean_email(email)
    if not email:
        raise DomainError("bad_frame", _("Please tell us your email address."), field="email")
    visitor = _lock(visitor_id)
    selectors.conversation_of(visitor_id, conversation_id)
    conversation = conversation_lock(conversation_id)
    if visitor is None or conversation.state not in OVER or not selectors.asks_email(conversation_id):
        raise DomainError("email_not_asked", _("This conversation asks for no address."))
    if selectors.email_left(conversation_id) != email:
        _remember(visitor, "", email)
        now = timezone.now()
        timeline_record(conversation, EventKind.EMAIL_LEFT, at=now, actor=None, side=Side.CUSTOMER, email=email)
    return email


@transaction.atomic
def visitor_leave(*, visitor_id: UUID) -> None:
    """A page of this browser was closed. Who waits for an agent counts as gone 60 s later (EDG-2)."""
    visitor = _lock(visitor_id)
    if visitor is None or not _waits(visitor):
        return
    visitor.left_at = timezone.now()
    visitor.save(update_fields=["left_at"])
    wakeup_set(kind=LEFT_DEADLINE, object_id=visitor.pk, due_at=visitor.left_at + LEFT_GRACE)


@transaction.atomic
def visitor_left_expire(*, visitor_id: UUID, due_at: datetime) -> None:
    """A customer who waited closed the page and did not come back: their conversation is abandoned (EDG-2).

    Args:
        visitor_id: the browser.
        due_at: the deadline that is due; who came back meanwhile, or has another page open, is not gone.
    """
    visitor = _lock(visitor_id)
    if visitor is None or visitor.left_at is None or visitor.left_at + LEFT_GRACE != due_at:
        return
    visitor.left_at = None
    visitor.save(update_fields=["left_at"])
    if is_present(visitor.pk):
        return
    waiting = _waits(visitor)
    if waiting is not None:
        conversation_end(conversation_id=waiting.pk, by=Side.CUSTOMER, actor=None)


def _waits(visitor: Visitor) -> Conversation | None:
    """The conversation in which this browser's customer waits for an agent."""
    running = selectors.visit_open(visitor.pk)
    return running if running is not None and running.state in {State.ARRIVED, State.WAITING, State.OFFERED} else None
