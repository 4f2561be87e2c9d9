"""The console's socket: what an agent says, what they must be told, and whether they are there at all."""

import asyncio
import time
from importlib import import_module
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django_tenants.utils import get_tenant_model

from apps.accounts.permissions import Permission
from apps.agents.actions import agent_console_close, agent_console_open
from apps.agents.frames import ConsoleTakenFrame, NoticeFrame, status_view
from apps.agents.models import Agent
from apps.agents.presence import beat
from apps.chat.frames import VisitorFrame
from apps.console import selectors
from apps.console.frames import ConsoleHello, History, KeepDraft, Mark, Send, Sync, Typing, Upload
from apps.console.queues import queues_for
from apps.conversations.actions import Enclosed, marks_move, message_post
from apps.conversations.choices import OVER, Side
from apps.conversations.frames import MarksFrame, RedactedFrame, TypingFrame, conversation_view, message_view
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.core.rows import row_has
from apps.files.actions import file_expect
from apps.files.models import Uploader
from apps.files.tickets import upload_terms
from apps.masking.choices import Who
from apps.masking.selectors import masked
from apps.notes.frames import NoteFrame, note_view
from apps.notes.selectors import mentions_count
from apps.queues.choices import Family
from apps.realtime.consumers import SocketConsumer
from apps.realtime.frame_handlers import receives
from apps.realtime.frames import CLOSE_FORBIDDEN, CLOSE_SIGNED_OUT, CLOSE_TAKEN_OVER, Hello
from apps.realtime.frames import Ack as Fields
from apps.realtime.groups import agent_group, conversation_group
from apps.realtime.publish import whisper
from apps.realtime.socket import Closed
from apps.realtime.tenant_threads import Busy, tenant_db
from apps.responses.actions import draft_save

CONSOLE_TAKEN = ConsoleTakenFrame.__struct_config__.tag
QUEUES_SECONDS = 10.0
"""How often a console is told at most whether its list of queues is out of date (RTE-12)."""
OWNED_SECONDS = 5.0
"""How long it is believed, for typing alone, that a conversation is still this agent's."""


class ConsoleConsumer(SocketConsumer):
    """One console page. While it lives, its agent's console is live (AGT-2, AGT-9)."""

    hello: ClassVar[type[Hello]] = ConsoleHello

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        super().__init__(scope, receive, send)
        self._console: UUID | None = None
        self._name = ""
        self._owned: dict[UUID, float] = {}
        self._queues_after = 0.0

    @property
    def _user_id(self) -> UUID:
        return self.scope["user"].pk  # type: ignore[no-any-return]

    # --- Coming and going

    async def allow(self) -> None:
        """Signed in, allowed to use the console, and an agent."""
        if not self.scope["user"].is_authenticated:
            raise Closed(CLOSE_SIGNED_OUT)
        await self._check()

    @tenant_db
    def _check(self) -> None:
        self._name = self._agent().user.public_name

    async def on_hello(self, hello: ConsoleHello) -> Fields:
        """Listen first, then open the console and read where it stands."""
        await self.join(agent_group(self._user_id))
        fields = await self._open(hello)
        self._console = hello.console
        return fields

    @tenant_db
    def _open(self, hello: ConsoleHello) -> Fields:
        agent_console_open(agent_id=self._user_id, console_id=hello.console, take_over=hello.take_over)
        beat(agent_id=self._user_id, console_id=hello.console)
        agent = self._agent()
        return {
            "server_time": timezone.now(),
            "digest": selectors.digest_for(agent),
            "status": status_view(agent),
            "offers": selectors.offers_for(agent),
        }

    async def on_event(self, kind: str, text: str) -> bool:
        """A conversation that changed may be somebody else's now; another console of the agent may have taken over."""
        if kind == "conversation":
            self._owned.clear()
        if kind != CONSOLE_TAKEN:
            return True
        if msgspec.json.decode(text, type=ConsoleTakenFrame).console == self._console:
            raise Closed(CLOSE_TAKEN_OVER)
        return False

    async def check_alive(self) -> None:
        """Still signed in with this session and password, still an active agent, in a tenant that is not frozen."""
        await self._check_alive()

    @tenant_db
    def _check_alive(self) -> None:
        tenant = self.scope["tenant"]
        if not get_tenant_model().objects.filter(pk=tenant.pk, is_frozen=False).exists():
            raise Closed(CLOSE_SIGNED_OUT)
        session = self.scope["session"]
        if not import_module(settings.SESSION_ENGINE).SessionStore().exists(session.session_key):
            raise Closed(CLOSE_SIGNED_OUT)
        agent = self._agent()
        if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), agent.user.get_session_auth_hash()):
            raise Closed(CLOSE_SIGNED_OUT)
        if self._console is not None:
            self._stay_open(agent, self._console)

    def _stay_open(self, agent: Agent, console_id: UUID) -> None:
        """Say that this console lives, and be the live one again should another have been it and gone (AGT-10)."""
        if agent.console_id is None or agent.console_lost_at is not None:
            agent_console_open(agent_id=agent.pk, console_id=console_id)
        elif agent.console_id != console_id:
            raise Closed(CLOSE_TAKEN_OVER)
        beat(agent_id=agent.pk, console_id=console_id)

    async def on_gone(self) -> None:
        """The grace of a lost console begins (AGT-9)."""
        if self._console is None:
            return
        for _try in range(10):
            try:
                await self.db(agent_console_close, agent_id=self._user_id, console_id=self._console)
            except Busy as busy:
                await asyncio.sleep(busy.retry_after)
            else:
                return

    # --- What the agent does

    @receives(Send)
    async def say(self, frame: Send) -> Fields:
        """Store a message once (CHAT-10)."""
        return await self._say(frame)

    @tenant_db
    def _say(self, frame: Send) -> Fields:
        user = self._agent().user
        if row_has(Conversation, id=frame.conversation, agent=user.pk, channel=Family.EMAIL):
            raise DomainError("by_mail", _("This conversation is by email: answer with a mail."))
        message = message_post(
            conversation_id=frame.conversation,
            side=Side.AGENT,
            client_id=frame.client_id,
            body=frame.body,
            actor=user,
            enclosed=Enclosed(frame.files, Uploader(user_id=user.pk)) if frame.files else None,
        )
        return {"message": message_view(message)}

    @receives(KeepDraft)
    async def draft(self, frame: KeepDraft) -> Fields:
        """Keep what is begun and not sent; pages send it every two seconds at most, and when one leaves."""
        return await self._draft(frame)

    @tenant_db
    def _draft(self, frame: KeepDraft) -> Fields:
        draft = draft_save(conversation_id=frame.conversation, body=frame.body, actor=self._agent().user)
        return {"saved_at": draft.saved_at if draft else None}

    @receives(Upload)
    async def upload(self, frame: Upload) -> Fields:
        """Say where to send a file to (CHAT-9)."""
        return await self._upload(frame)

    @tenant_db
    def _upload(self, frame: Upload) -> Fields:
        it = self._upload_for(self._agent(), frame.conversation)
        name = masked(frame.name, queue_id=it.queue_id if it else None, who=Who.AGENT).text
        uploader = Uploader(user_id=self._user_id)
        file = file_expect(name=name, size=frame.size, uploader=uploader, scope=it.pk if it else None)
        return upload_terms(file)

    def _upload_for(self, agent: Agent, conversation_id: UUID | None) -> Conversation | None:
        """What a file is for: a conversation of one's own, or a new mail, where there is none yet."""
        if conversation_id is None:
            if not agent.user.may(Permission.OUTBOUND):
                raise DomainError("not_allowed", _("Your role does not begin conversations by email."))
            return None
        conversation = selectors.owned(agent.pk, conversation_id)
        if conversation is None:
            raise _not_yours()
        if conversation.state in OVER:
            raise DomainError("conversation_ended", _("This conversation has ended."))
        return conversation

    @receives(Typing, quiet=True)
    async def typing(self, frame: Typing) -> Fields:
        """Whisper to the customer; nothing is stored (CHAT-6)."""
        now = time.monotonic()
        if self._owned.get(frame.conversation, 0) < now:
            await self._own(frame.conversation)
            self._owned[frame.conversation] = now + OWNED_SECONDS
        told = TypingFrame(conversation=frame.conversation, side=Side.AGENT, name=self._name, on=frame.on)
        await whisper(self.schema, [conversation_group(frame.conversation)], told)
        return None

    @tenant_db
    def _own(self, conversation_id: UUID) -> None:
        if selectors.owned(self._agent().pk, conversation_id) is None:
            raise _not_yours()

    @receives(Mark, quiet=True)
    async def mark(self, frame: Mark) -> Fields:
        """How far the agent has received and read (CHAT-4)."""
        return await self._mark(frame)

    @tenant_db
    def _mark(self, frame: Mark) -> Fields:
        conversation = selectors.owned(self._agent().pk, frame.conversation)
        if conversation is None:
            raise _not_yours()
        marks_move(conversation=conversation, side=Side.AGENT, delivered=frame.delivered, read=frame.read)
        return None

    # --- Catching up

    @receives(Sync)
    async def sync(self, frame: Sync) -> Fields:
        """What this console does not hold yet, and whether its tray is out of date."""
        return await self._sync(frame)

    @tenant_db
    def _sync(self, frame: Sync) -> Fields:
        agent = self._agent()
        now = timezone.now()
        missed = selectors.missed_by(agent, frame.conversations, frame.since)
        digest = selectors.digest_for(agent)
        return {
            "server_time": now,
            "messages": {pk: [message_view(line) for line in lines] for pk, lines in missed.messages.items()},
            "more": missed.more,
            "conversations": [conversation_view(each) for each in missed.conversations],
            "marks": [
                MarksFrame(conversation=each.conversation_id, side=each.side, delivered=each.delivered, read=each.read)
                for each in missed.marks
            ],
            "contacts": {each.contact_id: each.contact.version for each in missed.conversations},
            "notices": [NoticeFrame(id=each.pk, text=each.text, about=each.about) for each in missed.notices],
            "redacted": [
                RedactedFrame(conversation=each.conversation_id, message=message_view(each)) for each in missed.redacted
            ],
            "notes": [NoteFrame(contact=each.contact_id, note=note_view(each)) for each in missed.notes],
            "visitors": [
                VisitorFrame(conversation=pk, here=each.is_here, url=each.page["url"], title=each.page["title"])
                for pk, each in missed.browsers.items()
            ],
            "mentions": mentions_count(agent.pk),
            "digest": digest,
            "stale": digest != frame.digest,
            "queues": self._queues(agent),
        }

    def _queues(self, agent: Agent) -> str | None:
        """What the list of queues stands for now; nothing while it was told a moment ago."""
        now = time.monotonic()
        if now < self._queues_after:
            return None
        self._queues_after = now + QUEUES_SECONDS
        return queues_for(agent).digest

    @receives(History)
    async def history(self, frame: History) -> Fields:
        """Older lines of one of the agent's conversations."""
        return await self._history(frame)

    @tenant_db
    def _history(self, frame: History) -> Fields:
        lines = selectors.page_before(self._agent().pk, frame.conversation, frame.before)
        if lines is None:
            raise _not_yours()
        return {"messages": [message_view(line) for line in lines], "more": bool(lines) and lines[0].number > 1}

    def _agent(self) -> Agent:
        """Who is at the other end, read anew: roles change and people are deactivated while sockets live.

        Raises:
            Closed: they may not be here any more.
        """
        agent = selectors.agent_of(self._user_id)
        if agent is None:
            raise Closed(CLOSE_FORBIDDEN)
        if not agent.user.is_active:
            raise Closed(CLOSE_SIGNED_OUT)
        if not agent.user.may(Permission.CONSOLE):
            raise Closed(CLOSE_FORBIDDEN)
        return agent


def _not_yours() -> DomainError:
    return DomainError("not_yours", _("This conversation is not with you."))
