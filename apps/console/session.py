"""What one console page's socket knows: whose it is, whether they may be here, and that their console lives."""

from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone

from apps.accounts.factors import session_lacks_factor
from apps.accounts.permissions import Permission
from apps.accounts.selectors import session_exists, session_has_password_of
from apps.agents.actions import agent_console_close, agent_console_open
from apps.agents.frames import ConsoleTakenFrame, status_view
from apps.agents.models import Agent
from apps.agents.presence import heartbeat_record
from apps.console.frames import SERVER_FRAMES, ConsoleHello, ConsoleWelcome
from apps.console.selectors.own import agent_of
from apps.console.tray.selectors.tray import digest_for, offers_for
from apps.realtime.consumers import SocketConsumer
from apps.realtime.frames import CLOSE_FORBIDDEN, CLOSE_SIGNED_OUT, CLOSE_TAKEN_OVER, Closed
from apps.realtime.publish import agent_group
from apps.tenants.selectors import tenant_is_served

CONSOLE_TAKEN = ConsoleTakenFrame.__struct_config__.tag


class ConsoleSession(SocketConsumer):
    """One console page. While it lives, its agent's console is live (AGT-2, AGT-9)."""

    hello = ConsoleHello
    server_frames = SERVER_FRAMES

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        super().__init__(scope, receive, send)
        self._console: UUID | None = None
        self._name = ""
        self._owned: dict[UUID, float] = {}

    @property
    def _user_id(self) -> UUID:
        return self.scope["user"].pk  # type: ignore[no-any-return]

    # --- Hooks

    async def allow(self) -> None:
        """Signed in, allowed to use the console, and an agent."""
        if not self.scope["user"].is_authenticated:
            raise Closed(CLOSE_SIGNED_OUT)
        if session_lacks_factor(self.scope["session"]):
            raise Closed(CLOSE_FORBIDDEN)
        await self.db(self._learn_name)

    def _learn_name(self) -> None:
        self._name = self._agent().user.public_name

    async def on_hello(self, hello: ConsoleHello) -> ConsoleWelcome:
        """Listen first, then open the console and read where it stands."""
        await self.join(agent_group(self._user_id))
        welcome = await self.db(self._open, hello)
        self._console = hello.console
        return welcome

    def _open(self, hello: ConsoleHello) -> ConsoleWelcome:
        agent_console_open(agent_id=self._user_id, console_id=hello.console, take_over=hello.take_over)
        heartbeat_record(agent_id=self._user_id, console_id=hello.console)
        agent = self._agent()
        return ConsoleWelcome(
            server_time=timezone.now(),
            digest=digest_for(agent),
            status=status_view(agent),
            offers=offers_for(agent),
        )

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
        await self.db(self._check_alive)

    def _check_alive(self) -> None:
        session = self.scope["session"]
        if not tenant_is_served(self.scope["tenant"].pk) or not session_exists(session):
            raise Closed(CLOSE_SIGNED_OUT)
        agent = self._agent()
        if not session_has_password_of(session, agent.user):
            raise Closed(CLOSE_SIGNED_OUT)
        if self._console is not None:
            self._stay_open(agent, self._console)

    def _stay_open(self, agent: Agent, console_id: UUID) -> None:
        """Say that this console lives, and be the live one again should another have been it and gone (AGT-10)."""
        if agent.console_id is None or agent.console_lost_at is not None:
            agent_console_open(agent_id=agent.pk, console_id=console_id)
        elif agent.console_id != console_id:
            raise Closed(CLOSE_TAKEN_OVER)
        heartbeat_record(agent_id=agent.pk, console_id=console_id)

    async def on_gone(self) -> None:
        """The grace of a lost console begins (AGT-9)."""
        if self._console is None:
            return
        await self.db(agent_console_close, agent_id=self._user_id, console_id=self._console)

    def _agent(self) -> Agent:
        """Who is at the other end, read anew: roles change and people are deactivated while sockets live.

        Raises:
            Closed: they may not be here any more.
        """
        agent = agent_of(self._user_id)
        if agent is None:
            raise Closed(CLOSE_FORBIDDEN)
        if not agent.user.is_active:
            raise Closed(CLOSE_SIGNED_OUT)
        if not agent.user.may(Permission.CONSOLE):
            raise Closed(CLOSE_FORBIDDEN)
        return agent
