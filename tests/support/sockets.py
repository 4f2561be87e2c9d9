"""A page's socket without a browser: it keeps the contract of `apps/realtime/PROTOCOL.md`.

A client shows what it was told, each number once; it asks again when a number is missing, at every connect and on
schedule; it keeps what it sends until that is acknowledged, and sends it again under the same id. Whatever a test cuts,
the client comes back by itself.
"""

import asyncio
import contextlib
import itertools
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.support.desk import Line

Frame = dict[str, Any]

FINAL_CODES = {4400, 4401, 4403, 4409, 4410}
ANSWER_SECONDS = 8.0
FIRST_RETRY, LAST_RETRY, STABLE = 0.5, 15.0, 10.0
HOT_SECONDS, IDLE_SECONDS, HOT_FOR = 5.0, 20.0, 60.0
AGAIN_SECONDS = 1.0


class Refused(Exception):  # noqa: N818 - an answer
    """The server answered with an error frame."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(f"{frame.get('code')}: {frame.get('message')}")
        self.code: str = frame["code"]
        self.retry_after: float | None = frame.get("retry_after")


class Down(Exception):  # noqa: N818 - an answer
    """The socket went down before the answer came."""


@dataclass
class Entry:
    """A message on its way.

    Attributes:
        number: once it is stored.
        refused: the code of an error that is final.
    """

    conversation: str
    body: str
    client_id: str = field(default_factory=lambda: str(uuid4()))
    number: int | None = None
    refused: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be done for it."""
        return self.number is not None or bool(self.refused)


class SocketClient:
    """What both sides have in common.

    Attributes:
        held: what is shown: messages by number, by conversation.
        conversations: the newest view of each.
        frames: all that the server told, answers excluded.
        conflicts: numbers that were told twice with different content; must stay empty.
        closed_for_good: the close code after which the client does not come back.
        connects: how often it was welcomed.
        marking: whether it says how far it has received and read.
        syncing: whether it asks on schedule what it missed.
    """

    path = ""

    def __init__(self, host: str, port: int, *, via: int | None = None) -> None:
        self.host, self.port = host, via or port
        self.held: defaultdict[str, dict[int, Frame]] = defaultdict(dict)
        self.conversations: dict[str, Frame] = {}
        self.marks: dict[tuple[str, str], tuple[int, int]] = {}
        self.frames: list[Frame] = []
        self.conflicts: list[tuple[Frame, Frame]] = []
        self.sent: list[Entry] = []
        self.closed_for_good: int | None = None
        self.connects = 0
        self.welcome: Frame = {}
        self.marking = self.syncing = True
        self._socket: ClientConnection | None = None
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._ids = itertools.count(1)
        self._up = asyncio.Event()
        self._sync_now = asyncio.Event()
        self._queued = asyncio.Event()
        self._touched = 0.0
        self._life: asyncio.Task[None] | None = None
        self._marked: dict[str, int] = {}

    # --- For tests

    async def __aenter__(self) -> Any:
        self._life = asyncio.create_task(self._live())
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Close the page."""
        if self._life is not None:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)
            self._life = None

    async def come_back(self) -> None:
        """Open the page again, with what it still holds."""
        self._life = asyncio.create_task(self._live())
        await self.up()

    async def up(self, seconds: float = 20.0) -> None:
        """Wait until the socket is open and welcomed."""
        async with asyncio.timeout(seconds):
            await self._up.wait()

    def cut(self) -> None:
        """Break the connection without a word."""
        if self._socket is not None:
            self._socket.transport.abort()

    def pause(self) -> None:
        """Read nothing any more, as a page that is stuck."""
        if self._socket is not None:
            self._socket.transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._socket is not None:
            self._socket.transport.resume_reading()

    def say(self, conversation: str, body: str) -> Entry:
        """Write a message: it is sent until it is acknowledged or finally refused."""
        entry = Entry(conversation, body)
        self.sent.append(entry)
        self._queued.set()
        return entry

    async def ask(self, kind: str, **fields: Any) -> Frame:
        """Send a frame and wait for its ack.

        Raises:
            Refused: it was answered by an error.
            Down: the socket went down first, or does not answer.
        """
        if self._socket is None:
            raise Down
        frame_id = str(next(self._ids))
        answer = self._waiting[frame_id] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send(json.dumps({**fields, "type": kind, "id": frame_id}))
            async with asyncio.timeout(ANSWER_SECONDS):
                return await answer
        except TimeoutError:
            self.cut()
            raise Down from None
        except ConnectionClosed:
            raise Down from None
        finally:
            self._waiting.pop(frame_id, None)

    async def tell(self, kind: str, **fields: Any) -> None:
        """Send a frame that nobody answers; lost when the socket is down."""
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.send(json.dumps({**fields, "type": kind, "id": str(next(self._ids))}))

    def last(self, conversation: str) -> int:
        """The number up to which nothing is missing."""
        held = self.held[conversation]
        return next(number for number in itertools.count() if number + 1 not in held)

    def lines(self, conversation: str) -> list[Line]:
        """What the page shows, in order."""
        return [
            Line(number, each["client_id"], each["side"], each["kind"], each["body"])
            for number, each in sorted(self.held[conversation].items())
        ]

    def told(self, kind: str) -> list[Frame]:
        """The frames of this type that came, the oldest first."""
        return [frame for frame in self.frames if frame["type"] == kind]

    @property
    def unsettled(self) -> list[Entry]:
        """What waits for its ack."""
        return [entry for entry in self.sent if not entry.is_settled]

    async def until(self, condition: Callable[[], Any], seconds: float = 15.0, what: str = "") -> Any:
        """Wait until something is so.

        Raises:
            AssertionError: it did not become so in time.
        """
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, what or f"in vain: {self.conversations} {self.frames[-3:]}"[:2000]
            await asyncio.sleep(0.02)
        return found

    # --- Hooks

    def hello(self) -> Frame:
        """Fields of the hello."""
        raise NotImplementedError

    def headers(self) -> dict[str, str]:
        """Further headers of the handshake."""
        return {}

    async def on_welcome(self, welcome: Frame) -> None:
        """The server has said welcome."""

    async def on_frame(self, frame: Frame) -> None:
        """The server has told something."""

    async def on_synced(self, ack: Frame) -> None:
        """The server has said what was missed."""

    def sync_fields(self) -> Frame:
        """What a sync asks for."""
        return {"conversations": {pk: self.last(pk) for pk in self.conversations}}

    # --- Life

    async def _live(self) -> None:
        attempts = 0
        while self.closed_for_good is None:
            began = time.monotonic()
            with contextlib.suppress(OSError, TimeoutError, Down, ConnectionClosed, InvalidHandshake, InvalidMessage):
                await self._connect()
            attempts = 0 if time.monotonic() - began > STABLE else attempts + 1
            pause = min(LAST_RETRY, FIRST_RETRY * 2 ** max(0, attempts - 1))
            if self.closed_for_good is None:
                await asyncio.sleep(pause * random.uniform(0.7, 1.3))

    async def _connect(self) -> None:
        connecting = connect(
            f"ws://{self.host}{self.path}",
            host="127.0.0.1",
            port=self.port,
            origin=f"http://{self.host}",
            additional_headers=self.headers(),
            open_timeout=ANSWER_SECONDS,
            ping_interval=None,
            close_timeout=0.5,
            max_queue=None,
            max_size=None,
            proxy=None,
        )
        async with connecting as socket:
            self._socket = socket
            tasks: list[asyncio.Task[Any]] = [asyncio.create_task(self._read(socket))]
            try:
                await self._greet()
                tasks += [asyncio.create_task(life()) for life in (self._keep_in_sync, self._keep_sending)]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await self._went_down(socket, tasks)

    async def _went_down(self, socket: ClientConnection, tasks: list[asyncio.Task[Any]]) -> None:
        self._socket = None
        self._up.clear()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Down())
        for task in tasks:
            task.cancel()
        failures = await asyncio.gather(*tasks, return_exceptions=True)
        if socket.close_code in FINAL_CODES:
            self.closed_for_good = socket.close_code
        for failure in failures:
            if isinstance(failure, Exception) and not isinstance(failure, (ConnectionClosed, Down)):
                raise failure

    async def _greet(self) -> None:
        welcome = await self._hello()
        self.welcome = welcome
        self.connects += 1
        await self.on_welcome(welcome)
        self._touched = time.monotonic()
        self._up.set()

    async def _hello(self) -> Frame:
        try:
            return await self.ask("hello", v=1, **self.hello())
        except Refused as refused:
            if refused.retry_after:
                await asyncio.sleep(min(refused.retry_after, 2))
            raise Down from refused

    async def _read(self, socket: ClientConnection) -> None:
        async for text in socket:
            frame: Frame = json.loads(text)
            if frame["type"] in {"ack", "welcome", "error"}:
                self._answer(frame)
            else:
                self.frames.append(frame)
                await self._take(frame)

    def _answer(self, frame: Frame) -> None:
        answer = self._waiting.get(frame.get("id") or "")
        if answer is None or answer.done():
            return
        if frame["type"] == "error":
            answer.set_exception(Refused(frame))
        else:
            answer.set_result(frame)

    async def _take(self, frame: Frame) -> None:
        self._touched = time.monotonic()
        kind = frame["type"]
        if kind == "message":
            self._show(frame["conversation"], [frame["message"]])
        elif kind == "conversation":
            self._know(frame["conversation"])
        elif kind == "marks":
            self.marks[frame["conversation"], frame["side"]] = (frame["delivered"], frame["read"])
        elif kind == "resync":
            self._sync_now.set()
        await self.on_frame(frame)

    # --- What is shown

    def _show(self, conversation: str, messages: list[Frame]) -> None:
        for message in messages:
            known = self.held[conversation].setdefault(message["number"], message)
            if known != message:
                self.conflicts.append((known, message))
            for entry in self.sent:
                if entry.client_id == message["client_id"]:
                    entry.number = message["number"]
        if messages and max(self.held[conversation]) > self.last(conversation):
            self._sync_now.set()

    def _know(self, view: Frame) -> None:
        known = self.conversations.get(view["id"])
        if known is None or known["version"] <= view["version"]:
            self.conversations[view["id"]] = view
        if view["last_number"] > self.last(view["id"]):
            self._sync_now.set()

    async def _mark(self) -> None:
        """Say how far this page has received and read."""
        for conversation in list(self.conversations):
            last = self.last(conversation)
            if self.marking and last > self._marked.get(conversation, 0):
                self._marked[conversation] = last
                await self.tell("mark", conversation=conversation, delivered=last, read=last)

    # --- What is asked and sent

    async def _keep_in_sync(self) -> None:
        self._sync_now.set()
        while True:
            pause = HOT_SECONDS if time.monotonic() - self._touched < HOT_FOR else IDLE_SECONDS
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._sync_now.wait()
            self._sync_now.clear()
            if self.syncing:
                with contextlib.suppress(Refused):
                    await self.sync()
            await self._mark()

    async def sync(self) -> Frame:
        """Ask what was missed, until nothing more is."""
        while True:
            ack = await self.ask("sync", **self.sync_fields())
            for conversation, messages in ack["messages"].items():
                self._show(conversation, messages)
            for view in ack["conversations"]:
                self._know(view)
            for mark in ack["marks"]:
                self.marks[mark["conversation"], mark["side"]] = (mark["delivered"], mark["read"])
            await self.on_synced(ack)
            if not ack["more"]:
                return ack

    async def _keep_sending(self) -> None:
        """Send what is not settled: in order, one at a time in each conversation."""
        busy: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                for entry in self.unsettled:
                    task = busy.get(entry.conversation)
                    if task is None or task.done():
                        busy[entry.conversation] = asyncio.create_task(self._send(entry))
                self._queued.clear()
                running = [task for task in busy.values() if not task.done()]
                waiting = asyncio.create_task(self._queued.wait())
                await asyncio.wait([waiting, *running], return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
        finally:
            for task in busy.values():
                task.cancel()

    async def _send(self, entry: Entry) -> None:
        try:
            ack = await self.ask("send", conversation=entry.conversation, client_id=entry.client_id, body=entry.body)
        except Down:
            return
        except Refused as refused:
            # A person clicks Resend where something went wrong on the other side.
            if refused.retry_after or refused.code == "internal":
                await asyncio.sleep(refused.retry_after or AGAIN_SECONDS)
            else:
                entry.refused = refused.code
            return
        self._show(entry.conversation, [ack["message"]])
