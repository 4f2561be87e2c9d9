"""The frames of the widget's socket: what a page sends, and what its welcome holds (`apps/realtime/PROTOCOL.md`)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct, field

from apps.chat.models import Visitor, WidgetChannel
from apps.conversations.frames import ConversationView, MarksFrame, MessageView, RedactedFrame
from apps.forms.frames import FormView
from apps.realtime.frames import ClientFrame, Hello
from apps.routing.waiting_view import WaitingView
from apps.surveys.choices import COMMENT_LENGTH
from apps.surveys.frames import SurveyView

Number = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Files = Annotated[tuple[UUID, ...], Meta(max_length=20)]
Named = Annotated[dict[str, Any], Meta(max_length=20)]
"""Attributes as a site says them; what they may be is the business of `clean_attributes`."""


class Seen(Struct, frozen=True):
    """A page of the site that the browser was on; longer texts are cut, a time that can't be is now."""

    url: str = ""
    title: str = ""
    at: datetime | None = None


class Page(Struct, frozen=True):
    """What the browser tells about itself (CHAT-14); longer texts are cut."""

    url: str = ""
    title: str = ""
    referrer: str = ""
    language: str = ""
    time_zone: str = ""


class WidgetHello(Hello, frozen=True, tag="hello"):
    """A page says which widget it is, and which browser."""

    channel: str
    token: str | None = None
    page: Page = field(default_factory=Page)
    identity: str | None = None
    attributes: Named = field(default_factory=dict)
    pages: Annotated[list[Seen], Meta(max_length=20)] | None = None


class Start(ClientFrame, frozen=True, tag="start"):
    """The customer begins."""

    start_key: UUID
    client_id: UUID
    body: str
    name: str = ""
    email: str = ""
    phone: str = ""
    topic: UUID | None = None
    files: Files = ()


class Send(ClientFrame, frozen=True, tag="send"):
    """The customer writes."""

    conversation: UUID
    client_id: UUID
    body: str
    files: Files = ()


class Upload(ClientFrame, frozen=True, tag="upload"):
    """The customer is about to upload a file (CHAT-9); for no conversation where their first message is to have it."""

    conversation: UUID | None
    name: str
    size: Number


class FileKey(ClientFrame, frozen=True, tag="file_key"):
    """The page wants a new key to its files: the one it has grows old."""


class Typing(ClientFrame, frozen=True, tag="typing"):
    """The customer types, or stopped."""

    conversation: UUID
    on: bool


class Mark(ClientFrame, frozen=True, tag="mark"):
    """How far the page has received and the customer has read."""

    conversation: UUID
    delivered: Number
    read: Number


class End(ClientFrame, frozen=True, tag="end"):
    """The customer ends the chat."""

    conversation: UUID


class LeaveEmail(ClientFrame, frozen=True, tag="leave_email"):
    """The customer leaves an address to be written to (RTE-4)."""

    conversation: UUID
    email: str


class MailTranscript(ClientFrame, frozen=True, tag="mail_transcript"):
    """The customer wants the conversation by mail (CHAT-1); one that is asked for again is the same."""

    conversation: UUID
    client_id: UUID
    email: str
    language: str = ""
    time_zone: str = ""


class AnswerSurvey(ClientFrame, frozen=True, tag="answer_survey"):
    """The customer answers what they are asked after a chat (SRV-5)."""

    conversation: UUID
    score: Annotated[int, Meta(ge=0, le=10)]
    comment: Annotated[str, Meta(max_length=COMMENT_LENGTH)] = ""


class MovePage(ClientFrame, frozen=True, tag="page"):
    """The customer is on another page of the site (CHAT-14)."""

    url: str
    title: str = ""


class SetAttributes(ClientFrame, frozen=True, tag="attributes"):
    """The site says something about its customer."""

    attributes: Named


class Sync(ClientFrame, frozen=True, tag="sync"):
    """What the page holds; the answer is what it lacks."""

    conversations: Annotated[dict[UUID, Number], Meta(max_length=20)]


class History(ClientFrame, frozen=True, tag="history"):
    """The page wants what came before."""

    conversation: UUID
    before: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class ChannelView(Struct, frozen=True):
    """The widget's words and looks."""

    title: str
    greeting: str
    colour: str
    ask_name: bool
    ask_email: bool
    keeps_unsent: bool


class ContactView(Struct, frozen=True):
    """What the customer said about themselves in this browser."""

    name: str
    email: str
    phone: str
    proven: bool


class WidgetWelcome(Struct, frozen=True):
    """How things stand for a browser that is welcome.

    Attributes:
        token: of this browser; every hello hands out a new one.
        conversation: the newest, unless it closed more than a day ago.
        messages: its newest lines.
        more: whether earlier ones exist.
        email_left: the address that was left in it, or empty.
        staffed: whether anybody is there to answer.
        file_key: opens its files for a day.
    """

    server_time: datetime
    token: str
    channel: ChannelView
    contact: ContactView | None
    staffed: bool
    file_key: str
    conversation: ConversationView | None = None
    messages: list[MessageView] = field(default_factory=list)
    more: bool = False
    marks: list[MarksFrame] = field(default_factory=list)
    waiting: WaitingView | None = None
    email_left: str = ""
    survey: SurveyView | None = None
    forms: list[FormView] = field(default_factory=list)


class StartAck(Struct, frozen=True):
    """The conversation that was opened."""

    conversation: ConversationView
    message: MessageView
    waiting: WaitingView | None


class SendAck(Struct, frozen=True):
    """The line as it is stored."""

    message: MessageView


class FileKeyAck(Struct, frozen=True):
    """A new key to this browser's files."""

    file_key: str


class EndAck(Struct, frozen=True):
    """The conversation that has ended."""

    conversation: ConversationView


class EmailAck(Struct, frozen=True):
    """The address as it is kept, or written to."""

    email: str


class AnswerSurveyAck(Struct, frozen=True):
    """The survey as it stands now."""

    survey: SurveyView


class SyncAck(Struct, frozen=True):
    """What the page lacks.

    Attributes:
        messages: what follows the numbers held, by conversation.
        more: the conversations of which there is more.
    """

    server_time: datetime
    messages: dict[UUID, list[MessageView]]
    more: list[UUID]
    conversations: list[ConversationView]
    redacted: list[RedactedFrame]
    marks: list[MarksFrame]
    waiting: WaitingView | None
    survey: SurveyView | None
    forms: list[FormView]


class HistoryAck(Struct, frozen=True):
    """What came before, the oldest first, and whether there is more."""

    messages: list[MessageView]
    more: bool


class VisitorFrame(Struct, frozen=True, tag="visitor", omit_defaults=True):
    """For the agent alone: where the customer's browser is now, or whether it is there at all (CHAT-14, EDG-2)."""

    conversation: UUID
    here: bool | None = None
    url: str = ""
    title: str = ""


def channel_view(channel: WidgetChannel) -> ChannelView:
    """The widget as its page needs it."""
    return ChannelView(
        title=channel.title,
        greeting=channel.greeting,
        colour=channel.colour,
        ask_name=channel.ask_name,
        ask_email=channel.ask_email,
        keeps_unsent=channel.keeps_unsent,
    )


def contact_view(visitor: Visitor | None) -> ContactView | None:
    """The customer as they introduced themselves in this browser."""
    if visitor is None:
        return None
    proven = visitor.proven_at is not None
    return ContactView(name=visitor.name, email=visitor.email, phone=visitor.phone, proven=proven)
