"""How often the server asks the database, for what people do most: counted in this process, transactions included."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from asgiref.testing import ApplicationCommunicator

from tests.bench.run import Run
from tests.bench.table import Row
from tests.bench.world import HOST, Desk, in_bench, make_desk, start_frame

TIMEOUT = 10


class Statements:
    """Statements that this process has sent, on whichever thread.

    Attributes:
        texts: each of them, how often.
    """

    def __init__(self) -> None:
        self.texts: Counter[str] = Counter()

    def __len__(self) -> int:
        return self.texts.total()


@contextlib.contextmanager
def counted() -> Iterator[Statements]:
    """Count what goes to the database while the block lasts."""
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    found = Statements()
    execute, executemany, commit = CursorWrapper.execute, CursorWrapper.executemany, BaseDatabaseWrapper.commit

    def counting_execute(self: Any, sql: Any, params: Any = None) -> Any:
        found.texts[str(sql)] += 1
        return execute(self, sql, params)

    def counting_executemany(self: Any, sql: Any, params: Any) -> Any:
        found.texts[str(sql)] += 1
        return executemany(self, sql, params)

    def counting_commit(self: Any) -> Any:
        found.texts["BEGIN"] += 1
        found.texts["COMMIT"] += 1
        return commit(self)

    CursorWrapper.execute = counting_execute  # type: ignore[method-assign]
    CursorWrapper.executemany = counting_executemany  # type: ignore[method-assign]
    BaseDatabaseWrapper.commit = counting_commit  # type: ignore[method-assign]
    try:
        yield found
    finally:
        CursorWrapper.execute = execute  # type: ignore[method-assign]
        CursorWrapper.executemany = executemany  # type: ignore[method-assign]
        BaseDatabaseWrapper.commit = commit  # type: ignore[method-assign]


class Page:
    """A socket on the application in this process."""

    def __init__(self, path: str, cookie: str = "") -> None:
        from config.asgi import application

        headers = [(b"host", HOST.encode()), (b"origin", f"http://{HOST}".encode()), (b"cookie", cookie.encode())]
        scope = {"type": "websocket", "path": path, "headers": headers, "query_string": b"", "client": ("127.0.0.1", 1)}
        self._socket = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]

    async def open(self, **hello: Any) -> None:
        await self._socket.send_input({"type": "websocket.connect"})
        await self._socket.receive_output(TIMEOUT)
        await self.ask(type="hello", v=1, **hello)

    async def ask(self, **frame: Any) -> dict[str, Any]:
        frame_id = str(uuid4())
        text = json.dumps({"id": frame_id, **frame})
        await self._socket.send_input({"type": "websocket.receive", "text": text})
        while True:
            message = await self._socket.receive_output(TIMEOUT)
            answer: dict[str, Any] = json.loads(message["text"])
            if answer.get("id") == frame_id:
                return answer

    async def close(self) -> None:
        await self._socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._socket.wait(TIMEOUT)


async def measure(run: Run) -> None:
    """Count the statements of each."""
    from apps.agents.actions import agent_status_choose
    from apps.chat.models import WidgetChannel
    from apps.routing.models import Offer

    desk = await in_bench(make_desk)
    channel = await in_bench(WidgetChannel.objects.get)
    console = Page("/ws/console/", desk.cookie)
    with counted() as found:
        await console.open(console=str(uuid4()))
    _show(run, "console socket: connect and hello", found)
    await in_bench(agent_status_choose, agent_id=desk.agent_id, code="available")

    widget = Page("/ws/widget/")
    with counted() as found:
        await widget.open(channel=channel.key, token=None, page={})
    _show(run, "widget socket: connect and hello", found)
    with counted() as found:
        ack = await widget.ask(**start_frame())
        await asyncio.sleep(0.2)
    _show(run, "start, offer included", found)
    talk = ack["conversation"]["id"]

    offer = await in_bench(Offer.objects.get, conversation=talk, state="ringing")
    with counted() as found:
        await in_bench(_post, desk, f"/console/offers/{offer.pk}/accept/")
    _show(run, "accept, page included", found)
    with counted() as found:
        await widget.ask(type="send", conversation=talk, client_id=str(uuid4()), body="Hello")
    _show(run, "send, customer", found)
    await console.ask(type="send", conversation=talk, client_id=str(uuid4()), body="Hello")
    with counted() as found:
        await console.ask(type="send", conversation=talk, client_id=str(uuid4()), body="Hello")
    _show(run, "send, agent", found)
    with counted() as found:
        await in_bench(_get, desk, f"/console/c/{talk}/")
    _show(run, "open console at a conversation", found)
    with counted() as found:
        await widget.ask(type="end", conversation=talk)
    _show(run, "end, customer", found)
    await widget.close()
    await console.close()


def _show(run: Run, name: str, found: Statements) -> None:
    savepoints = sum(times for text, times in found.texts.items() if "SAVEPOINT" in text)
    run.rows.append(Row(f"statements: {name}", len(found), ""))
    if savepoints:
        run.rows.append(Row("  of it for savepoints", savepoints, ""))


def _client(desk: Desk) -> Any:
    from django.test import Client

    client = Client(headers={"host": HOST, "cookie": desk.cookie, "hx-request": "true"})
    name, _, value = desk.cookie.partition("=")
    client.cookies[name] = value
    return client


def _post(desk: Desk, path: str) -> None:
    response = _client(desk).post(path)
    if response.status_code >= 400:
        raise RuntimeError(f"POST {path}: {response.status_code}")


def _get(desk: Desk, path: str) -> None:
    response = _client(desk).get(path)
    if response.status_code >= 400:
        raise RuntimeError(f"GET {path}: {response.status_code}")
