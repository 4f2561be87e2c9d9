"""What stands in front of the consumers, and a real server with real sockets."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
import websockets
from channels.sessions import CookieMiddleware, SessionMiddleware
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django_tenants.utils import get_tenant_model, tenant_context

from apps.realtime import tenant_threads
from apps.realtime.consumers import SocketConsumer
from apps.realtime.frame_handlers import receives
from apps.realtime.frames import ClientFrame
from apps.realtime.middleware import TenantAuth, TenantScope, same_origin_host
from apps.realtime.publish import publish_unstored
from apps.realtime.tenant_threads import BoundedThreadPool
from tests.support.peer import Peer
from tests.support.people import UserFactory

with_database = pytest.mark.django_db(transaction=True)


class Who(SocketConsumer):
    gone = asyncio.Event()
    send_seconds = 0.5

    async def on_hello(self, hello):
        await self.join("room.1")
        user = self.scope["user"]
        return {"schema": self.schema, "user": user.email if user.is_authenticated else None}

    async def on_gone(self):
        Who.gone.set()


stack = TenantScope(CookieMiddleware(SessionMiddleware(TenantAuth(Who.as_asgi()))))


ACME = {"host": "acme.localhost", "origin": "http://acme.localhost"}


def peer(host="acme.localhost", origin="http://acme.localhost", **headers):
    return Peer(stack, headers={"host": host, "origin": origin, **headers})


def signed_in(user):
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@pytest.fixture
def people(acme, globex):
    user = UserFactory(email="ann@acme.test")
    cookies = {"acme": signed_in(user)}
    with tenant_context(globex):
        cookies["globex"] = signed_in(UserFactory(email="ben@globex.test"))
    user.is_active = True
    return cookies


@pytest.mark.parametrize(
    ("host", "origin", "name"),
    [
        ("acme.localhost", "http://acme.localhost", "acme.localhost"),
        ("ACME.localhost:8000", "https://acme.localhost:8000", "acme.localhost"),
        ("acme.localhost", "http://acme.localhost:8000", ""),
        ("acme.localhost:8000", "http://acme.localhost", ""),
        ("acme.localhost", "http://globex.localhost", ""),
        ("acme.localhost", "http://evil.acme.localhost", ""),
        ("acme.localhost", "http://user@acme.localhost", ""),
        ("acme.localhost", "null", ""),
        ("acme.localhost", "", ""),
        ("acme.localhost", "http://[", ""),
        ("", "", ""),
        ("acme localhost", "http://acme localhost", ""),
    ],
)
def test_the_page_must_be_from_the_very_same_host(host, origin, name):
    assert same_origin_host({b"host": host.encode(), b"origin": origin.encode()}) == name


@with_database
async def test_a_tenants_page_gets_its_tenant(acme, globex, layer):
    async with peer() as client:
        assert await client.greet() == {"type": "welcome", "id": "h", "schema": "acme", "user": None}
    async with peer(host="globex.localhost:8000", origin="http://globex.localhost:8000") as client:
        assert (await client.greet())["schema"] == "globex"


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("acme.localhost", "http://globex.localhost"),
        ("nobody.localhost", "http://nobody.localhost"),
        ("localhost", "http://localhost"),
        ("acme.localhost", ""),
    ],
)
@with_database
async def test_what_has_no_business_here_is_refused_before_it_is_accepted(acme, host, origin):
    async with peer(host=host, origin=origin) as client:
        assert await client.closed() == 4403
        assert not client.accepted


@with_database
def test_a_frozen_tenant_is_refused_from_the_moment_it_is_frozen(acme):
    async def connect():
        async with peer() as client:
            await client._task if client._task.done() else await asyncio.sleep(0.3)
            return client.accepted, client.code

    assert asyncio.run(connect()) == (True, None)
    get_tenant_model().objects.filter(pk=acme.pk).update(is_frozen=True)
    assert asyncio.run(connect()) == (False, 4403)


@with_database
async def test_a_cookie_is_good_for_its_own_tenant_alone(people, layer):
    async with peer(cookie=people["acme"]) as client:
        assert (await client.greet())["user"] == "ann@acme.test"
    globex = {"host": "globex.localhost", "origin": "http://globex.localhost"}
    async with peer(**globex, cookie=people["globex"]) as client:
        assert (await client.greet())["user"] == "ben@globex.test"
    async with peer(**globex, cookie=people["acme"]) as client:
        assert (await client.greet())["user"] is None


@with_database
def test_a_deactivated_user_and_an_old_password_are_nobody(people):
    async def connect():
        async with peer(cookie=people["acme"]) as client:
            return (await client.greet())["user"]

    user = UserFactory._meta.model.objects.get(email="ann@acme.test")
    assert asyncio.run(connect()) == "ann@acme.test"
    user.is_active = False
    user.save()
    assert asyncio.run(connect()) is None
    user.is_active = True
    user.set_password("another-correct-horse")
    user.save()
    assert asyncio.run(connect()) is None


@with_database
async def test_when_all_is_busy_a_socket_is_told_to_try_again(acme, monkeypatch):
    """A 403 would be an answer, and there is none: neither who it is for nor who is there could be found out."""
    pool = BoundedThreadPool(threads=1, backlog=-1)
    monkeypatch.setattr(tenant_threads, "socket_threads", lambda: pool)
    async with peer() as client:
        assert await client.closed() == 1013
        assert client.accepted
    calls = iter([BoundedThreadPool(threads=1, backlog=0), pool])
    monkeypatch.setattr(tenant_threads, "socket_threads", lambda: next(calls))
    async with peer() as client:
        assert await client.closed() == 1013


class Fall(ClientFrame, tag="fall"):
    pass


class Falling(SocketConsumer):
    async def on_hello(self, hello):
        return {}

    @receives(Fall)
    async def fall(self, frame):
        await self.db(self._lose_database)

    def _lose_database(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@with_database
async def test_a_database_that_falls_over_meanwhile_is_back_in_a_moment(acme, layer):
    """What was to be done is tried again by whoever asked for it."""
    async with Peer(TenantScope(Falling.as_asgi()), headers=ACME) as client:
        await client.greet()
        for number in "12":
            answer = await client.ask({"type": "fall", "id": number})
            assert (answer["type"], answer["id"], answer["code"]) == ("error", number, "busy")
            assert answer["retry_after"] > 0


# --- A real server


@contextlib.asynccontextmanager
async def serving(application: Any) -> AsyncIterator[int]:
    """The application on a port of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application, lifespan="on", log_config=None, timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        assert not task.done()
        await asyncio.sleep(0.01)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await task


def connect(port, path="/ws/console/", host="acme.localhost"):
    return websockets.connect(
        f"ws://{host}:{port}{path}", host="127.0.0.1", port=port, origin=f"http://{host}:{port}", proxy=None
    )


async def with_lifespan(scope: Any, receive: Any, send: Any) -> None:
    """The sockets of this module inside the real application."""
    from config.asgi import application

    await (stack if scope["type"] == "websocket" else application)(scope, receive, send)


@with_database
async def test_the_real_application_starts_refuses_and_stops_without_a_word(acme, layer, caplog):
    from config.asgi import application

    async with serving(application) as port:
        for path in ("/ws/nothing/", "/", "/ws/console"):
            with pytest.raises(websockets.InvalidStatus) as refused:
                await connect(port, path).__aenter__()
            assert refused.value.response.status_code == 403
        async with connect(port) as client:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await client.recv()
            assert closed.value.rcvd.code == 4401
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        writer.close()
    assert [record.getMessage() for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


@with_database
async def test_a_server_that_stops_tells_its_sockets_to_come_back(acme, layer):
    async with serving(with_lifespan) as port:
        client = await connect(port)
        await client.send('{"type":"hello","id":"h","v":1}')
        assert json.loads(await client.recv())["type"] == "welcome"
    with pytest.raises(websockets.ConnectionClosed) as closed:
        await client.recv()
    assert closed.value.rcvd.code == 1012


@with_database
async def test_a_peer_that_stops_reading_is_given_up_and_others_are_not_held_up(acme, layer):
    Who.gone.clear()
    async with serving(with_lifespan) as port, connect(port) as good:
        bad = await websockets.connect(
            f"ws://acme.localhost:{port}/",
            host="127.0.0.1",
            port=port,
            origin=f"http://acme.localhost:{port}",
            proxy=None,
            compression=None,
            max_queue=1,
        )
        for client in (good, bad):
            await client.send('{"type":"hello","id":"h","v":1}')
            assert json.loads(await client.recv())["type"] == "welcome"
        bad.transport.pause_reading()
        number = 0
        while not Who.gone.is_set():
            for _ in range(20):
                number += 1
                await publish_unstored("acme", ["room.1"], {"type": "said", "number": number, "filling": "x" * 30_000})
                assert json.loads(await good.recv())["number"] == number
            assert number < 5000
        bad.transport.abort()
