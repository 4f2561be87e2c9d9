"""A console page, as seen from the other end of its socket."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.realtime.tenant_threads import run_in_tenant
from config.asgi import application
from tests.support.peer import Peer
from tests.support.people import make_agent

Frame = dict[str, Any]


class Console:
    """One open console page: answers are matched with their questions, events are kept for `event`."""

    def __init__(self, peer: Peer, tenant: Any) -> None:
        self.peer = peer
        self.tenant = tenant
        self.events: list[Frame] = []

    async def db(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await run_in_tenant(self.tenant, call, *args, **kwargs)

    async def ask(self, kind: str, **fields: Any) -> Frame:
        frame_id = uuid4().hex
        self.peer.say({"type": kind, "id": frame_id, **fields})
        while True:
            frame = await self.peer.hear()
            if frame.get("id") == frame_id:
                return frame
            self.events.append(frame)

    async def event(self, kind: str) -> Frame:
        while True:
            frame = self.events.pop(0) if self.events else await self.peer.hear()
            if frame["type"] == kind:
                return frame

    async def hello(self, console: UUID | None = None, **fields: Any) -> Frame:
        return await self.ask("hello", v=1, console=str(console or uuid4()), take_over=True, **fields)


def cookie_of(tenant: Any, user: User) -> str:
    client = Client(headers={"host": f"{tenant.schema_name}.localhost"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return f"parley_session={client.cookies['parley_session'].value}"


@asynccontextmanager
async def console(tenant: Any, user: User | None, *, host: str = "") -> AsyncIterator[Console]:
    """A console's socket on a tenant's host, no hello said yet."""
    name = host or f"{tenant.schema_name}.localhost"
    headers = {"host": name, "origin": f"http://{name}"}
    if user is not None:
        headers["cookie"] = await run_in_tenant(tenant, cookie_of, tenant, user)
    async with Peer(application, path="/ws/console/", headers=headers, client=["127.0.0.1", 5000]) as peer:
        yield Console(peer, tenant)


async def agent_in(tenant: Any, **options: Any) -> Agent:
    return await run_in_tenant(tenant, lambda: agent_row(make_agent(**options)))  # type: ignore[no-any-return]


def agent_row(agent: Agent) -> Agent:
    return Agent.objects.select_related("user", "status").get(pk=agent.pk)
