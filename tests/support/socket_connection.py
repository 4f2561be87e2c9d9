"""A socket without a browser that comes back by itself, whatever cuts it: frames with ids, and their answers."""

import asyncio
import contextlib
import itertools
import json
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

Frame = dict[str, Any]
Life = Callable[[], Coroutine[Any, Any, None]]
"""What goes on while the socket is up."""

FINAL_CODES = {4400, 4401, 4403, 4409, 4410}
ANSWER_SECONDS = 8.0
FIRST_RETRY, LAST_RETRY, STABLE = 0.5, 15.0, 10.0


class Refused(Exception):  # noqa: N818 - an answer
    """The server answered with an error frame."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(f"{frame.get('code')}: {frame.get('message')}")
        self.code: str = frame["code"]
        self.retry_after: float | None = frame.get("retry_after")


class Down(Exception):  # noqa: N818 - an answer
    """The socket went down before the answer came."""


class SocketConnection:
    """A page's connection.

    Attributes:
        frames: all that the server told, answers excluded.
        closed_for_good: the close code after which the client does not come back.
        connects: how often it was welcomed.
        welcome: what it was welcomed with last.
    """

    path = ""

    def __init__(self, host: str, port: int, *, via: int | None = None) -> None:
        self.host, self.port = host, via or port
        self.frames: list[Frame] = []
        self.closed_for_good: int | None = None
        self.connects = 0
        self.welcome: Frame = {}
        self._socket: ClientConnection | None = None
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._ids = itertools.count(1)
        self._up = asyncio.Event()
        self._touched = 0.0
        self._life: asyncio.Task[None] | None = None

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

    def told(self, kind: str) -> list[Frame]:
        """The frames of this type that came, the oldest first."""
        return [frame for frame in self.frames if frame["type"] == kind]

    # --- Hooks

    def hello(self) -> Frame:
        """Fields of the hello."""
        raise NotImplementedError

    def headers(self) -> dict[str, str]:
        """Further headers of the handshake."""
        return {}

    async def on_welcome(self, welcome: Frame) -> None:
        """The server has said welcome."""

    def _lives(self) -> tuple[Life, ...]:
        return ()

    async def _take(self, frame: Frame) -> None:
        """The server has told something."""

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
                tasks += [asyncio.create_task(life()) for life in self._lives()]
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
                self._touched = time.monotonic()
                await self._take(frame)

    def _answer(self, frame: Frame) -> None:
        answer = self._waiting.get(frame.get("id") or "")
        if answer is None or answer.done():
            return
        if frame["type"] == "error":
            answer.set_exception(Refused(frame))
        else:
            answer.set_result(frame)
