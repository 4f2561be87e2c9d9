"""A database of the run's own, with one tenant, its agents at their desks and its customers at their pages."""

import asyncio
import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from websockets.exceptions import ConnectionClosed

from apps.core.ids import uuid7
from tests.bench.sockets import Frame, Refused, Socket

P = ParamSpec("P")
R = TypeVar("R")

SCHEMA = "bench"
HOST = "bench.localhost"
SLOTS = 15
_numbers = itertools.count(1)
_threads = ThreadPoolExecutor(4)
HELLOS = 20
AT_ONCE = 20
"""How many of anything are set up at the same time."""


class Database:
    """A database that exists for one run.

    Attributes:
        url: its address.
    """

    def __init__(self, server_url: str) -> None:
        self._server = server_url
        self._name = f"parley_bench_{os.getpid()}"
        self.url = urlunsplit(urlsplit(server_url)._replace(path=f"/{self._name}"))

    def __enter__(self) -> "Database":
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._execute("CREATE DATABASE {}")
        return self

    def __exit__(self, *_: object) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(self._name)))


@dataclass(frozen=True)
class Desk:
    """An agent's place.

    Attributes:
        agent_id: the agent's user.
        cookie: of a session that is signed in.
    """

    agent_id: UUID
    cookie: str


def make_tenant() -> None:
    """Migrate, and make the tenant: an offer rings for an hour, an answer may take a day, no end is wrapped up."""
    from django.core.management import call_command
    from django_tenants.utils import schema_context

    from apps.clocks.models import ReplyRules
    from apps.queues.models import Queue
    from apps.routing.models import ChannelRules
    from apps.tenants.actions import tenant_create

    call_command("migrate_schemas", schema_name="public", verbosity=0)
    tenant_create(name="Bench", schema_name=SCHEMA, hosts=[HOST])
    with schema_context(SCHEMA):
        ChannelRules.objects.update(offer_seconds=3600)
        day = 86_400
        ReplyRules.objects.update(
            overdue_seconds=day, inactivity_seconds=day, idle_seconds=day, auto_close_seconds=day + 1
        )
        Queue.objects.update(acw_mode="off")


def clear() -> None:
    """Leave nothing of one scene to the next: no conversations, customers, agents or deadlines."""
    from django.db import connection
    from django_tenants.utils import schema_context

    with schema_context(SCHEMA), connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE conversations_conversation, contacts_contact, agents_agent, queues_queueskill,"
            " public.timers_wakeup CASCADE"
        )


def make_desk() -> Desk:
    """A new agent in the default queue, signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from apps.accounts.models import Role, User
    from apps.agents.actions import agent_create
    from apps.agents.models import Membership
    from apps.queues.choices import Family
    from apps.queues.models import Queue

    number = next(_numbers)
    user = User(email=f"desk{number}@bench.test", first_name="Agent", last_name=str(number))
    user.role = Role.objects.get(code="agent")
    user.set_unusable_password()
    user.save()
    agent = agent_create(user=user, limits={Family.CHAT: SLOTS})
    Membership.objects.create(agent=agent, queue=Queue.objects.get(is_default=True))
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return Desk(user.pk, f"{settings.SESSION_COOKIE_NAME}={session.session_key}")


def copies(conversation_id: UUID, count: int, **differences: Any) -> list[Any]:
    """Further conversations exactly like one that was really made, with its open stay.

    Args:
        conversation_id: the one to copy.
        count: how many more.
        differences: fields with values of their own; a callable is called with the copy's number.
    """
    from apps.conversations.models import Conversation, Segment

    made = []
    for number in range(count):
        copy = Conversation.objects.get(pk=conversation_id) if not made else _again(made[0])
        copy.pk, copy.start_key = uuid7(), uuid4()
        for name, value in differences.items():
            setattr(copy, name, value(number) if callable(value) else value)
        made.append(copy)
    Conversation.objects.bulk_create(made)
    stay = Segment.objects.get(conversation=conversation_id, ended_at=None)
    Segment.objects.bulk_create(_again(stay, pk=uuid7(), conversation=copy) for copy in made)
    return made


def _again(row: Any, **fields: Any) -> Any:
    names = [field.attname for field in row._meta.concrete_fields]
    kept = {name: getattr(row, name) for name in names if name.removesuffix("_id") not in fields}
    return type(row)(**kept, **fields)


async def in_bench(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a synchronous function inside the tenant, on a thread."""
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: _within(call, *args, **kwargs))


def _within(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    from django.db import connection
    from django_tenants.utils import schema_context

    try:
        with schema_context(SCHEMA):
            return call(*args, **kwargs)
    finally:
        connection.close()


@dataclass
class Scene:
    """Who is there now.

    Attributes:
        port: where the web process listens.
        consoles: sockets of the agents.
        widgets: sockets of the customers.
        talks: the conversation of each widget that has one, by the widget's place in `widgets`.
        offered: when an agent's socket was told of an offer; by the customer's name.
        offers: what it was told; by the conversation.
        arrived: when an agent's socket got a message; by its `client_id`.
        repeated: how often an agent's socket got a message that it had.
        answers: what the widgets' frames were answered with, and when; by the frame's id.
        last_offer: when an agent's socket was last told of an offer.
    """

    port: int
    key: str = ""
    desks: list[Desk] = field(default_factory=list)
    consoles: list[Socket] = field(default_factory=list)
    widgets: list[Socket] = field(default_factory=list)
    talks: list[str] = field(default_factory=list)
    offered: dict[str, float] = field(default_factory=dict)
    offers: dict[str, Frame] = field(default_factory=dict)
    arrived: dict[str, float] = field(default_factory=dict)
    repeated: int = 0
    answers: dict[str, tuple[float, Frame]] = field(default_factory=dict)
    last_offer: float = 0.0

    async def open_consoles(self, count: int) -> None:
        """Seat this many more agents, Available."""
        from apps.agents.actions import agent_status_choose

        for _ in range(count):
            desk = await in_bench(make_desk)
            self.desks.append(desk)
            socket = await Socket.open(HOST, self.port, "/ws/console/", cookie=desk.cookie)
            socket.listener = self.console_heard
            await socket.ask(type="hello", v=1, console=str(uuid4()))
            await in_bench(agent_status_choose, agent_id=desk.agent_id, code="available")
            self.consoles.append(socket)

    async def open_widgets(self, count: int) -> list[Socket]:
        """Open this many more customer pages; none of them has said anything."""
        from apps.chat.models import WidgetChannel

        self.key = self.key or (await in_bench(WidgetChannel.objects.get)).key
        opened: list[Socket] = []
        while len(opened) < count:
            some = min(AT_ONCE, count - len(opened))
            opened += await asyncio.gather(*(self._open_widget() for _ in range(some)))
        self.widgets += opened
        return opened

    async def _open_widget(self) -> Socket:
        hello = {"type": "hello", "v": 1, "channel": self.key, "token": None, "page": {"url": f"http://{HOST}/"}}
        for _ in range(HELLOS):
            socket = await Socket.open(HOST, self.port, "/ws/widget/")
            try:
                await socket.ask(**hello)
            except (Refused, ConnectionClosed):
                # Those before them are still leaving: a page tries again, too.
                await socket.close()
                await asyncio.sleep(1)
            else:
                socket.listener = self._widget_heard
                return socket
        raise TimeoutError("the service was busy for too long")

    async def open_talks(self, count: int) -> None:
        """Open this many more customer pages, each in a conversation that an agent has accepted."""
        widgets = await self.open_widgets(count)
        for start in range(0, count, AT_ONCE):
            self.talks += await asyncio.gather(*map(self._open_talk, widgets[start : start + AT_ONCE]))

    async def _open_talk(self, widget: Socket) -> str:
        ack = await ask_until_taken(widget, start_frame())
        conversation: str = ack["conversation"]["id"]
        await self.until(lambda: conversation in self.offers)
        await in_bench(_accept, self.offers.pop(conversation)["id"])
        return conversation

    async def until(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        """Wait for something to be told.

        Raises:
            TimeoutError: it was not, in time.
        """
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
                await asyncio.sleep(0.005)

    def forget(self) -> None:
        """Forget what was heard so far."""
        for heard in (self.offered, self.offers, self.arrived, self.answers):
            heard.clear()
        self.repeated = 0

    def console_heard(self, at: float, frame: Frame) -> None:
        """Note what a console was told.

        Args:
            at: when, by `time.perf_counter`.
            frame: what.
        """
        if frame["type"] == "message":
            self.repeated += frame["message"]["client_id"] in self.arrived
            self.arrived.setdefault(frame["message"]["client_id"], at)
        elif frame["type"] == "offer":
            self.offered.setdefault(frame["offer"]["customer"], at)
            self.offers[frame["offer"]["conversation"]] = frame["offer"]
            self.last_offer = at

    def _widget_heard(self, at: float, frame: Frame) -> None:
        if frame["type"] in {"ack", "error"}:
            self.answers[frame["id"]] = at, frame


async def ask_until_taken(widget: Socket, frame: dict[str, Any]) -> Frame:
    """Ask as a page does: what is put off is asked again."""
    for _ in range(HELLOS):
        try:
            return await widget.ask(**frame)
        except Refused as refused:
            await asyncio.sleep(refused.frame["retry_after"])
    raise TimeoutError("the service was busy for too long")


def start_frame(name: str = "Customer") -> dict[str, Any]:
    """What a customer's page sends to begin."""
    return {
        "type": "start",
        "start_key": str(uuid4()),
        "client_id": str(uuid4()),
        "name": name,
        "email": f"{uuid4().hex}@bench.test",
        "body": "Hello, where is my order?",
    }


def _accept(offer_id: str) -> None:
    from apps.accounts.models import User
    from apps.routing.actions import offer_accept
    from apps.routing.models import Offer

    agent_id = Offer.objects.values_list("agent", flat=True).get(pk=offer_id)
    offer_accept(offer_id=UUID(offer_id), actor=User.objects.get(pk=agent_id))
