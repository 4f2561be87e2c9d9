"""The other end of a socket, in the same event loop: what it sends, what it hears, and when it stops reading."""

import asyncio
import json
from types import SimpleNamespace, TracebackType
from typing import Any, Self

TIMEOUT = 5.0


def tenant(schema: str = "acme") -> Any:
    """As much of a tenant as a consumer without database calls needs."""
    return SimpleNamespace(schema_name=schema)


class Peer:
    """One client of an ASGI application.

    Attributes:
        code: the close code of the server, once it has closed.
        heard: every frame that arrived, decoded, in order.
    """

    def __init__(self, application: Any, *, path: str = "/ws/", headers: dict[str, str] | None = None, **scope: Any):
        self._to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._frames: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._reads = asyncio.Event()
        self._reads.set()
        self.application = application
        self.accepted = False
        self.code: int | None = None
        self.heard: list[dict[str, Any]] = []
        self.scope = {
            "type": "websocket",
            "path": path,
            "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
            "query_string": b"",
            "subprotocols": [],
            **scope,
        }
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._to_server.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self.application(self.scope, self._to_server.get, self._take))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None):
        assert self._task is not None
        self.leave()
        self._reads.set()
        async with asyncio.timeout(TIMEOUT):
            await self._task

    async def _take(self, message: dict[str, Any]) -> None:
        await self._reads.wait()
        if message["type"] == "websocket.accept":
            self.accepted = True
        elif message["type"] == "websocket.close":
            self.code = message["code"]
            self._frames.put_nowait(None)
        else:
            self.heard.append(json.loads(message["text"]))
            self._frames.put_nowait(self.heard[-1])

    def say(self, frame: dict[str, Any] | str) -> None:
        """Send a frame; a string goes out as it is."""
        text = frame if isinstance(frame, str) else json.dumps(frame)
        self._to_server.put_nowait({"type": "websocket.receive", "text": text})

    def say_bytes(self, data: bytes) -> None:
        """Send a binary frame."""
        self._to_server.put_nowait({"type": "websocket.receive", "bytes": data})

    async def hear(self, seconds: float = TIMEOUT) -> dict[str, Any]:
        """The next frame.

        Args:
            seconds: how long to wait for it.

        Raises:
            AssertionError: the server closed the socket instead.
        """
        async with asyncio.timeout(seconds):
            frame = await self._frames.get()
        assert frame is not None, f"closed with {self.code}"
        return frame

    async def ask(self, frame: dict[str, Any] | str) -> dict[str, Any]:
        """Send a frame and return what comes next."""
        self.say(frame)
        return await self.hear()

    async def greet(self, **fields: Any) -> dict[str, Any]:
        """Say hello."""
        return await self.ask({"type": "hello", "id": "h", "v": 1, **fields})

    async def hears_nothing(self, seconds: float = 0.3) -> bool:
        """Whether nothing arrives for so long."""
        await asyncio.sleep(seconds)
        return self._frames.empty()

    async def closed(self) -> int:
        """Wait until the server has closed the socket, and let go of what was sent before.

        Returns:
            Its close code.
        """
        async with asyncio.timeout(TIMEOUT):
            while await self._frames.get() is not None:
                pass
        assert self.code is not None
        return self.code

    async def ended(self) -> None:
        """Wait until the application has returned."""
        assert self._task is not None
        async with asyncio.timeout(TIMEOUT * 2):
            await asyncio.wait([self._task])

    def stop_reading(self) -> None:
        """Let everything that the server sends block."""
        self._reads.clear()

    def read_again(self) -> None:
        """Take what the server sends."""
        self._reads.set()

    def leave(self) -> None:
        """Close from this end."""
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1001})
