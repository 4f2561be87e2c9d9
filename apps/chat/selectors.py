"""Reads of the widget."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.agents.choices import Base, Reserved
from apps.agents.models import Agent
from apps.agents.selectors import is_serving
from apps.chat.choices import ChatEventKind, Refusal
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.chat.presence import is_present
from apps.chat.tokens import token_read
from apps.conversations.choices import CUSTOMER_OPEN_STATES, MessageKind, State
from apps.conversations.mail_sender import may_send_mail
from apps.conversations.models import Conversation, ConversationEvent, Mark, Message
from apps.conversations.selectors import conversation_marks, messages_before
from apps.core.errors import DomainError
from apps.core.statements import Among, Parameter, Statement
from apps.queues.models import Queue
from apps.queues.selectors import is_accepting

SHOWN = 100
"""Messages that a page gets at first, and with each step into history."""

BROWSERS = 100
"""How many browsers of one customer are looked at, those seen last."""

FORGOTTEN_AFTER = timedelta(days=1)
"""A conversation that closed earlier is not shown to a browser that comes back."""


@dataclass(frozen=True)
class Snapshot:
    """A conversation as a page needs it to begin with.

    Attributes:
        conversation: with its agent.
        messages: the newest ones, oldest first.
        more: whether earlier ones exist.
        marks: both sides'.
    """

    conversation: Conversation
    messages: list[Message]
    more: bool
    marks: list[Mark]


def channel_find(key: str) -> WidgetChannel | None:
    """The active widget of this key, with its queue."""
    return WidgetChannel.objects.select_related("queue").filter(key=key[:40], is_active=True).first()


def channel_is_active(channel_id: UUID) -> bool:
    """Whether this widget is still there, and switched on."""
    return WidgetChannel.objects.filter(pk=channel_id, is_active=True).exists()


def logo_is_used(path: str) -> bool:
    """Whether a widget has the picture of this path in the storage."""
    return WidgetChannel.objects.filter(logo=path).exists()


def first_widget() -> WidgetChannel | None:
    """The active widget that comes first by its name."""
    return WidgetChannel.objects.filter(is_active=True).order_by("name").first()


def is_staffed(queue: Queue) -> bool:
    """Whether anybody is there to answer: the queue is open, and one of its agents is there, busy or not."""
    there = Q(base=Base.AVAILABLE) | Q(status__code=Reserved.SYSTEM_BUSY)
    live = Q(console_id__isnull=False, console_lost_at=None, user__is_active=True)
    return is_accepting(queue, timezone.now()) and Agent.objects.filter(there, live, is_serving(queue.pk)).exists()


def browsers_of(visitor_id: UUID) -> list[UUID]:
    """The browsers whose conversations this one may see: itself, and where the company has proven whose it is, all
    others that were proven to be the same customer's (CHAT-12).
    """
    whose = Visitor.objects.filter(pk=visitor_id, proven_at__isnull=False).values_list("contact", flat=True).first()
    if whose is None:
        return [visitor_id]
    proven = Visitor.objects.filter(contact=whose, proven_at__isnull=False)
    return list(proven.order_by("-seen_at").values_list("pk", flat=True)[:BROWSERS])


def visit_newest(visitor_id: UUID) -> Conversation | None:
    """The newest conversation that this browser may see, unless it closed more than a day ago."""
    seen = Conversation.objects.filter(visit__visitor__in=browsers_of(visitor_id))
    newest = seen.select_related("queue").order_by("-first_arrived_at").first()
    if newest is None:
        return None
    long_ago = newest.closed_at is not None and newest.closed_at < timezone.now() - FORGOTTEN_AFTER
    return None if newest.state == State.CLOSED and long_ago else newest


def visit_open(visitor_id: UUID) -> Conversation | None:
    """The conversation of this browser that has not ended yet."""
    mine = Conversation.objects.filter(visit__visitor__in=browsers_of(visitor_id), state__in=CUSTOMER_OPEN_STATES)
    return mine.order_by("-first_arrived_at").first()


def conversations_of(visitor_id: UUID, conversation_ids: list[UUID]) -> list[Conversation]:
    """These conversations, with their agents and the hours of their queues.

    Raises:
        DomainError: ``conversation_unknown`` when one of them is not for this browser to see.
    """
    mine = Conversation.objects.select_related("agent", "queue__hours").filter(
        pk__in=conversation_ids, visit__visitor__in=browsers_of(visitor_id)
    )
    found = {conversation.pk: conversation for conversation in mine}
    if set(conversation_ids) - found.keys():
        raise _unknown()
    return [found[pk] for pk in conversation_ids]


def conversations_open(conversation_ids: Iterable[UUID]) -> list[Conversation]:
    """Those of these conversations that have not ended for their customer."""
    return list(Conversation.objects.filter(pk__in=list(conversation_ids), state__in=CUSTOMER_OPEN_STATES))


def conversation_of(visitor_id: UUID, conversation_id: UUID) -> Conversation:
    """One conversation of this browser.

    Raises:
        DomainError: ``conversation_unknown``, as for one that does not exist.
    """
    # Nearly always its own; whether it is another browser's of the same customer is asked only when it is not.
    found = _MINE.first(visitor=visitor_id, conversation=conversation_id)
    return found or conversations_of(visitor_id, [conversation_id])[0]


def _unknown() -> DomainError:
    return DomainError(Refusal.CONVERSATION_UNKNOWN, _("There is no such conversation."))


_MINE: Statement[Conversation] = Statement(
    lambda: Conversation.objects.select_related("agent", "queue__hours").filter(
        pk=Parameter("conversation", UUIDField()), visit__visitor=Parameter("visitor", UUIDField())
    )
)


def asks_email(conversation_id: UUID) -> bool:
    """Whether a flow has asked its customer for an address (RTE-4)."""
    return Message.objects.filter(conversation=conversation_id, kind=MessageKind.ASK_EMAIL).exists()


def mails_transcripts(channel: WidgetChannel) -> bool:
    """Whether a widget's customers may have their conversations by mail: it offers that, and mail can be sent."""
    return channel.mails_transcripts and may_send_mail()


def had_agent(conversation: Conversation) -> bool:
    """Whether an agent has been in a conversation, who may be gone."""
    return Message.objects.filter(conversation=conversation, kind=MessageKind.JOINED).exists()


def email_left(conversation_id: UUID) -> str:
    """The address that its customer has left last; empty when there is none."""
    left = ConversationEvent.objects.filter(conversation=conversation_id, kind=ChatEventKind.EMAIL_LEFT)
    newest = left.order_by("-id").first()
    return str(newest.data["email"]) if newest else ""


def snapshot_of(visitor_id: UUID, conversation_id: UUID) -> Snapshot:
    """A conversation as a page needs it to begin with.

    Raises:
        DomainError: ``conversation_unknown``.
    """
    conversation = conversation_of(visitor_id, conversation_id)
    messages = messages_before(conversation_id, conversation.last_number + 1, limit=SHOWN)
    return Snapshot(
        conversation=conversation,
        messages=messages,
        more=bool(messages) and messages[0].number > 1,
        marks=list(conversation_marks(conversation_id).values()),
    )


# --- What agents are shown


PAGE = ("url", "title", "referrer", "language", "time_zone", "browser", "system", "kind")
"""What a browser tells of itself and its page."""


@dataclass(frozen=True)
class Browser:
    """What is known of the browser that opened a conversation (CHAT-14, EDG-2).

    Attributes:
        whose: the customer's, or the browser's own id (`Visitor.whose`).
        topic: what its customer chose that the conversation is about; empty where nothing was.
        is_proven: the company vouches for whose it is; what else is said of them, they have said themselves.
        page: url, title, referrer, language, time_zone, browser, system and kind (phone, tablet, computer) by name;
            empty where it is not known.
        pages: the newest pages of the site that it was on, oldest first: url, title, at (ISO 8601, UTC).
        attributes: what the site has said of them.
    """

    whose: UUID
    topic: str
    is_proven: bool
    page: dict[str, str]
    pages: list[dict[str, str]]
    attributes: dict[str, Any]

    @property
    def is_here(self) -> bool:
        """Whether a page of theirs is open now."""
        return is_present(self.whose)


def browser_of(conversation: Conversation) -> Browser | None:
    """The browser that opened a conversation; none for one that came otherwise."""
    return browsers_in([conversation.pk]).get(conversation.pk)


def browsers_in(conversation_ids: list[UUID]) -> dict[UUID, Browser]:
    """The browsers that these conversations were opened in, by conversation, in one query."""
    visits = _VISITS.all(conversations=conversation_ids) if conversation_ids else []
    return {visit.conversation_id: _browser(visit) for visit in visits}


_VISITS: Statement[Visit] = Statement(
    lambda: Visit.objects.select_related("visitor").filter(Among("conversation", "conversations"))
)


def _browser(visit: Visit) -> Browser:
    visitor = visit.visitor
    return Browser(
        whose=visitor.whose,
        topic=visit.intent,
        is_proven=visitor.proven_at is not None,
        page={name: str(visitor.page.get(name) or "") for name in PAGE},
        pages=visitor.pages,
        attributes=visit.attributes,
    )


# --- A page without a socket


def visitor_by_token(channel: WidgetChannel, token: str) -> Visitor | None:
    """The browser that holds this token, which is not used up; none for one that is not good any more."""
    read = token_read(token, channel=channel.pk)
    visitor = Visitor.objects.filter(pk=read.visitor).first() if read else None
    return visitor if visitor and read and read.generation >= visitor.generation else None


def waiting_conversation(visitor: Visitor) -> Conversation | None:
    """The conversation in which this browser's customer waits for an agent."""
    running = visit_open(visitor.pk)
    return running if running is not None and running.state in {State.ARRIVED, State.WAITING, State.OFFERED} else None
