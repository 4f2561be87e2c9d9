"""The frames that a console sends, and what they are answered with (apps/realtime/PROTOCOL.md)."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta, Struct

from apps.agents.frames import NoticeFrame, StatusFrame, StatusView
from apps.chat.frames import VisitorFrame
from apps.clocks.frames import ClockFrame
from apps.conversations.frames import (
    AgentMessageFrame,
    ContactFrame,
    ConversationFrame,
    ConversationView,
    MarksFrame,
    MessageView,
    RedactedFrame,
    TypingFrame,
)
from apps.notes.frames import MentionFrame, NoteFrame
from apps.realtime.frames import ClientFrame, Hello, Resync
from apps.routing.frames import OfferFrame, OfferGoneFrame, OfferView

Number = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Files = Annotated[tuple[UUID, ...], Meta(max_length=20)]
Held = Annotated[dict[UUID, Number], Meta(max_length=50)]
Cards = Annotated[dict[UUID, Number], Meta(max_length=1000)]
Offers = Annotated[tuple[UUID, ...], Meta(max_length=100)]


class ConsoleHello(Hello, frozen=True, tag="hello"):
    """A console page is here.

    Attributes:
        console: made by the page; the same at every connect of that page.
        take_over: another live console of this agent is to stop; else it is in the way (AGT-10).
    """

    console: UUID
    take_over: bool = False


class Send(ClientFrame, frozen=True, tag="send"):
    """The agent says something."""

    conversation: UUID
    client_id: UUID
    body: str
    files: Files = ()


class Upload(ClientFrame, frozen=True, tag="upload"):
    """The agent is about to upload a file for a conversation, or for a new mail, which has none yet (CHAT-9, EML-6)."""

    name: str
    size: Number
    conversation: UUID | None = None


class KeepDraft(ClientFrame, frozen=True, tag="draft"):
    """What stands in the compose bar of a conversation, unsent; empty when nothing does."""

    conversation: UUID
    body: str


class Typing(ClientFrame, frozen=True, tag="typing"):
    """The agent types, or stopped."""

    conversation: UUID
    on: bool


class Mark(ClientFrame, frozen=True, tag="mark"):
    """How far this console has received and shown a conversation."""

    conversation: UUID
    delivered: Number
    read: Number


class Sync(ClientFrame, frozen=True, tag="sync"):
    """What did I miss?

    Attributes:
        conversations: the last number held of each.
        cards: the last number that each card in the tray has been told of.
        offers: what rings there.
        digest: what the tray stood for when it was fetched.
        since: `server_time` of the answer before, for what has no numbers; None asks for none of it.
    """

    conversations: Held
    cards: Cards = {}
    offers: Offers = ()
    digest: str = ""
    since: Annotated[datetime, Meta(tz=True)] | None = None


class History(ClientFrame, frozen=True, tag="history"):
    """What came before this number?"""

    conversation: UUID
    before: Number


class ConsoleWelcome(Struct, frozen=True):
    """How things stand for a console that is welcome."""

    server_time: datetime
    digest: str
    status: StatusView
    offers: list[OfferView]


class SendAck(Struct, frozen=True):
    """The line as it is stored."""

    message: MessageView


class KeepDraftAck(Struct, frozen=True):
    """When it was kept; never where nothing stands there."""

    saved_at: datetime | None


class SyncAck(Struct, frozen=True):
    """What the console lacks.

    Attributes:
        messages: what follows the numbers held, by conversation.
        more: the conversations of which there is more.
        contacts: the versions of these conversations' contacts.
        mentions: how many of this agent are unread.
        digest: what the tray stands for now.
        stale: whether that is not what was asked with, something else rings, or a card was not told of its last number.
        queues: what the list of queues stands for; None while it was told a moment ago.
    """

    server_time: datetime
    messages: dict[UUID, list[MessageView]]
    more: list[UUID]
    conversations: list[ConversationView]
    marks: list[MarksFrame]
    contacts: dict[UUID, int]
    notices: list[NoticeFrame]
    redacted: list[RedactedFrame]
    notes: list[NoteFrame]
    visitors: list[VisitorFrame]
    mentions: int
    digest: str
    stale: bool
    queues: str | None


class HistoryAck(Struct, frozen=True):
    """What came before, the oldest first, and whether there is more."""

    messages: list[MessageView]
    more: bool


SERVER_FRAMES: Final = (
    AgentMessageFrame,
    RedactedFrame,
    ConversationFrame,
    MarksFrame,
    TypingFrame,
    OfferFrame,
    OfferGoneFrame,
    StatusFrame,
    ClockFrame,
    NoticeFrame,
    NoteFrame,
    MentionFrame,
    ContactFrame,
    VisitorFrame,
    Resync,
)
"""What a console is told, answers excluded."""
