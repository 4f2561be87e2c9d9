"""What one customer page's socket knows: its widget, its browser, its conversations; and that the page is there."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from apps.chat import actions, answers, limits, selectors
from apps.chat import frames as chat
from apps.chat.choices import Refusal
from apps.chat.devices import device_of, user_agent_of
from apps.chat.identity import identity_read
from apps.chat.models import WidgetChannel
from apps.chat.presence import BEAT_SECONDS, presence_drop, presence_keep
from apps.chat.text import Attributes, clean_attributes, clean_page, clean_pages
from apps.conversations.choices import CUSTOMER_OPEN_STATES, Side
from apps.conversations.frames import (
    ConversationFrame,
    MarksFrame,
    MessageFrame,
    RedactedFrame,
    TypingFrame,
)
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.realtime.consumers import SocketConsumer
from apps.realtime.frames import CLOSE_GONE, Closed, Resync, kinds_of
from apps.realtime.publish import agent_group, conversation_group, publish_now
from apps.tenants.selectors import tenant_is_served


class WidgetSession(SocketConsumer):
    """One customer page. It touches only conversations that its own browser has opened."""

    hello = chat.WidgetHello
    server_frames = (MessageFrame, RedactedFrame, ConversationFrame, MarksFrame, TypingFrame, Resync)
    rate = 10.0
    burst: ClassVar[int] = 40
    beat_seconds = BEAT_SECONDS

    _told = kinds_of(server_frames)

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        super().__init__(scope, receive, send)
        self._channel: WidgetChannel
        self._opened: actions.OpenedVisitor
        self._page: dict[str, str] = {}
        self._pages: list[dict[str, str]] = []
        self._attributes: Attributes = {}
        self._name = ""
        # Conversations found to be this browser's, with the agent who has each now: typing asks the database nothing.
        self._mine: dict[UUID, UUID | None] = {}

    # --- Hooks

    async def on_hello(self, hello: chat.WidgetHello) -> chat.WidgetWelcome:
        """Recognise the browser and show it its conversation.

        Raises:
            DomainError: ``token_refused`` (the page starts afresh), ``slow_down``.
            Closed: there is no such widget.
        """
        try:
            newest = await self.db(self._open, hello)
        except DomainError as refused:
            if refused.code != Refusal.CHANNEL_UNKNOWN:
                raise
            self.refuse(hello, refused)
            raise Closed(CLOSE_GONE) from None
        if newest is not None:
            await self.join(conversation_group(newest))
        return await self.db(self._welcome_with, newest)

    def on_refused_hello(self, field: str) -> None:
        """A key that is no text is no widget's."""
        if field == "channel":
            raise Closed(CLOSE_GONE)

    async def on_event(self, kind: str, text: str) -> bool:
        """Keep what is not the customer's to know from going out; note which agent to tell about typing."""
        if kind == "typing":
            return msgspec.json.decode(text, type=TypingFrame).side != Side.CUSTOMER
        if kind == "conversation":
            view = msgspec.json.decode(text, type=ConversationFrame).conversation
            self._mine[view.id] = view.agent.id if view.agent else None
        return kind in self._told

    async def check_alive(self) -> None:
        """End the socket when the widget is switched off or the tenant frozen."""
        if hasattr(self, "_opened") and not await self.db(self._still_there):
            raise Closed(CLOSE_GONE)

    async def on_gone(self) -> None:
        """Note that this page was closed: EDG-2."""
        if self._mine:
            await self.db(self._leave)

    # --- In the tenant, on a thread

    def _open(self, hello: chat.WidgetHello) -> UUID | None:
        limits.limit_take(limits.HELLO_BY_ADDRESS, limits.network_of_socket(self.scope))
        channel = selectors.channel_find(hello.channel)
        if channel is None:
            raise DomainError(Refusal.CHANNEL_UNKNOWN, _("This chat is not available."))
        self._page = clean_page(msgspec.structs.asdict(hello.page)) | device_of(user_agent_of(self.scope))
        self._channel = channel
        self._opened = self._recognise(channel, hello)
        if self._opened.visitor is None:
            return None
        self._name = self._opened.visitor.name
        newest = selectors.visit_newest(self._opened.visitor_id)
        return newest.pk if newest else None

    def _recognise(self, channel: WidgetChannel, hello: chat.WidgetHello) -> actions.OpenedVisitor:
        self._attributes = clean_attributes(hello.attributes)
        self._pages = clean_pages(map(msgspec.structs.asdict, hello.pages or []))
        opened = actions.visitor_open(
            channel=channel,
            token=hello.token,
            page=self._page,
            identity=identity_read(hello.identity, channel=channel.pk) if hello.identity else None,
            pages=self._pages if hello.pages is not None else None,
        )
        if opened.visitor is not None and self._attributes:
            actions.visitor_attributes_set(visitor_id=opened.visitor_id, attributes=self._attributes)
        return opened

    def _welcome_with(self, newest: UUID | None) -> chat.WidgetWelcome:
        welcome = answers.welcome_frame(self._channel, self._opened)
        if newest is None:
            return welcome
        snapshot = selectors.snapshot_of(self._opened.visitor_id, newest)
        self._note(snapshot.conversation)
        self._be_here(snapshot.conversation)
        return answers.welcome_back(welcome, snapshot)

    def _own(self, conversation_id: UUID) -> Conversation:
        """One of this browser's conversations.

        Raises:
            DomainError: ``conversation_unknown``.
        """
        conversation = selectors.conversation_of(self._opened.visitor_id, conversation_id)
        self._note(conversation)
        return conversation

    def _note(self, conversation: Conversation) -> None:
        self._mine[conversation.pk] = conversation.agent_id

    def _still_there(self) -> bool:
        if self._mine:
            presence_keep(self._whose, self.channel_name)
        return selectors.channel_is_active(self._channel.pk) and tenant_is_served(self.scope["tenant"].pk)

    @property
    def _whose(self) -> UUID:
        """Under whom this page counts as open."""
        visitor = self._opened.visitor
        return visitor.whose if visitor else self._opened.visitor_id

    def _be_here(self, conversation: Conversation) -> None:
        """This page is open; an agent who was told that none was is told that one is (EDG-2)."""
        if presence_keep(self._whose, self.channel_name):
            self._tell_agent(conversation, here=True)

    def _leave(self) -> None:
        if not presence_drop(self._whose, self.channel_name):
            return  # Another page is open.
        for conversation in selectors.conversations_open(self._mine):
            self._tell_agent(conversation, here=False)
        actions.visitor_leave(visitor_id=self._opened.visitor_id)

    @staticmethod
    def _tell_agent(conversation: Conversation, *, here: bool) -> None:
        if conversation.agent_id and conversation.state in CUSTOMER_OPEN_STATES:
            told = chat.VisitorFrame(conversation=conversation.pk, here=here)
            publish_now(told, groups=[agent_group(conversation.agent_id)])
