"""The frames of the widget's socket: what a page sends, and what its welcome holds (`apps/realtime/PROTOCOL.md`)."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct, field

from apps.chat.models import Visitor, WidgetChannel
from apps.realtime.frames import ClientFrame, Hello

Number = Annotated[int, Meta(ge=0, le=2**31 - 1)]


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


class Start(ClientFrame, frozen=True, tag="start"):
    """The customer begins."""

    start_key: UUID
    client_id: UUID
    body: str
    name: str = ""
    email: str = ""


class Send(ClientFrame, frozen=True, tag="send"):
    """The customer writes."""

    conversation: UUID
    client_id: UUID
    body: str


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
    return ContactView(name=visitor.name, email=visitor.email) if visitor else None
