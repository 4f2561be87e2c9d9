"""What came in on one socket and waits for its turn: bounded, in order, each with the moment when it came."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from apps.realtime.light_queue import LightQueue

FRAMES: Final = 16
"""How many frames may wait; the next one is not read before the first is taken."""


@dataclass(frozen=True)
class Received:
    """A frame of a client.

    Attributes:
        data: as it came.
        at: when, by `time.monotonic`.
    """

    data: str | bytes
    at: float


class ReceiveQueue:
    """Frames on their way in, and after them what ended them.

    Args:
        read: reads one frame; what it raises is raised by `take`, once all that came before is taken.
    """

    def __init__(self, read: Callable[[], Awaitable[str | bytes]]) -> None:
        self._read = read
        self._waiting: LightQueue[Received | Exception] = LightQueue()
        self._room: asyncio.Future[None] | None = None

    async def fill(self) -> None:
        """Read until there is nothing more to read."""
        while True:
            try:
                received = Received(await self._read(), time.monotonic())
            except Exception as end:
                self._waiting.put(end)
                return
            self._waiting.put(received)
            while len(self._waiting) >= FRAMES:
                self._room = asyncio.get_running_loop().create_future()
                await self._room

    async def take(self) -> Received:
        """Wait for the next frame and remove it."""
        found = await self._waiting.take()
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        if isinstance(found, Exception):
            raise found
        return found
