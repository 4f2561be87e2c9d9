"""Reads of the widget."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.chat.models import WidgetChannel
from apps.conversations.choices import OPEN_TO_CUSTOMER, EventKind, MessageKind, State
from apps.conversations.models import Conversation, ConversationEvent, Mark, Message
from apps.conversations.selectors import marks_of, messages_before
from apps.core.errors import DomainError
from apps.core.statements import Given, Statement

SHOWN = 100
"""Messages that a page gets at first, and with each step into history."""

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


def visit_newest(visitor_id: UUID) -> Conversation | None:
    """The conversation that this browser opened last, unless it closed more than a day ago."""
    newest = Conversation.objects.filter(visit__visitor=visitor_id).order_by("-first_arrived_at").first()
    if newest is None:
        return None
    long_ago = newest.closed_at is not None and newest.closed_at < timezone.now() - FORGOTTEN_AFTER
    return None if newest.state == State.CLOSED and long_ago else newest


def visit_open(visitor_id: UUID) -> Conversation | None:
    """The conversation of this browser that has not ended yet."""
    mine = Conversation.objects.filter(visit__visitor=visitor_id, state__in=OPEN_TO_CUSTOMER)
    return mine.order_by("-first_arrived_at").first()


def conversations_of(visitor_id: UUID, conversation_ids: list[UUID]) -> list[Conversation]:
    """These conversations, with their agents and the hours of their queues.

    Raises:
        DomainError: ``conversation_unknown`` when one of them was not opened by this browser.
    """
    mine = Conversation.objects.select_related("agent", "queue__hours").filter(
        pk__in=conversation_ids, visit__visitor=visitor_id
    )
    found = {conversation.pk: conversation for conversation in mine}
    if set(conversation_ids) - found.keys():
        raise _unknown()
    return [found[pk] for pk in conversation_ids]


def conversation_of(visitor_id: UUID, conversation_id: UUID) -> Conversation:
    """One conversation of this browser.

    Raises:
        DomainError: ``conversation_unknown``, as for one that does not exist.
    """
    found = _MINE.first(visitor=visitor_id, conversation=conversation_id)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> DomainError:
    return DomainError("conversation_unknown", _("There is no such conversation."))


_MINE: Statement[Conversation] = Statement(
    lambda: Conversation.objects.select_related("agent", "queue__hours").filter(
        pk=Given("conversation", UUIDField()), visit__visitor=Given("visitor", UUIDField())
    )
)


def asks_email(conversation_id: UUID) -> bool:
    """Whether a flow has asked its customer for an address (RTE-4)."""
    return Message.objects.filter(conversation=conversation_id, kind=MessageKind.ASK_EMAIL).exists()


def email_left(conversation_id: UUID) -> str:
    """The address that its customer has left last; empty when there is none."""
    left = ConversationEvent.objects.filter(conversation=conversation_id, kind=EventKind.EMAIL_LEFT)
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
        marks=list(marks_of(conversation_id).values()),
    )
