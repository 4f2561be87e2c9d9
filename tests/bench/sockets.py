"""A socket client that stamps what arrives, light enough to drive thousands of sockets beside what it measures."""

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import Any, Self

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

Frame = dict[str, Any]
Listener = Callable[[float, Frame], None]

ANSWER_SECONDS = 30.0
PAUSES = (0.5, 1.0, 2.0, 4.0)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Refused(Exception):  # noqa: N818 - an answer
    """The server answered with an error.

    Attributes:
        frame: the error frame.
    """

    def __init__(self, frame: Frame) -> None:
        super().__init__(f"{frame.get('code')}: {frame.get('message')}")
        self.frame = frame


class Socket:
    """One socket.

    Attributes:
        listener: called with the moment (of `time.perf_counter`) and the frame, for every frame.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self.listener: Listener | None = None
        self._connection = connection
        self._ids = itertools.count(1)
        self._answers: dict[str, asyncio.Future[Frame]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, host: str, port: int, path: str, *, cookie: str = "") -> Self:
        """Connect to 127.0.0.1 as a page of this host would, compression offered as browsers do.

        Args:
            host: the name in the Host and Origin headers.
            port: where the server listens.
            path: of the socket.
            cookie: the Cookie header; none when empty.
        """
        for pause in PAUSES:
            try:
                return cls(await cls._connect(host, port, path, cookie))
            except InvalidStatus:
                await asyncio.sleep(pause)  # Too busy to look us up: a page tries again too.
        return cls(await cls._connect(host, port, path, cookie))

    @staticmethod
    async def _connect(host: str, port: int, path: str, cookie: str) -> ClientConnection:
        return await connect(
            f"ws://{host}:{port}{path}",
            host="127.0.0.1",
            port=port,
            origin=f"http://{host}:{port}",  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie} if cookie else None,
            ping_interval=None,
            open_timeout=ANSWER_SECONDS,
            close_timeout=2,
            proxy=None,
        )

    async def tell(self, **frame: Any) -> str:
        """Send a frame; returns its id."""
        frame_id = str(next(self._ids))
        await self._connection.send(_encode({"id": frame_id, **frame}), text=True)
        return frame_id

    async def ask(self, **frame: Any) -> Frame:
        """Send a frame and wait for its answer.

        Raises:
            Refused: it was an error.
        """
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        frame_id = str(next(self._ids))
        self._answers[frame_id] = answer
        await self._connection.send(_encode({"id": frame_id, **frame}), text=True)
        async with asyncio.timeout(ANSWER_SECONDS):
            found = await answer
        if found["type"] == "error":
            raise Refused(found)
        return found

    async def close(self) -> None:
        """Close it, and wait until it is."""
        await self._connection.close()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for text in self._connection:
                now = time.perf_counter()
                frame = _decode(text)
                waiting = self._answers.pop(frame.get("id") or "", None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(frame)
                if self.listener is not None:
                    self.listener(now, frame)
        except ConnectionClosed:
            pass
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the socket was closed"))


async def close_all(sockets: list[Socket]) -> None:
    """Close many sockets, some at a time."""
    for start in range(0, len(sockets), 100):
        await asyncio.gather(*(socket.close() for socket in sockets[start : start + 100]))
