"""What came in on one socket and waits for its turn: bounded, in order, each with the moment when it came."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

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
        self._waiting: asyncio.Queue[Received | Exception] = asyncio.Queue(FRAMES)

    async def fill(self) -> None:
        """Read until there is nothing more to read."""
        while True:
            try:
                received = Received(await self._read(), time.monotonic())
            except Exception as end:
                await self._waiting.put(end)
                return
            await self._waiting.put(received)

    async def take(self) -> Received:
        """Wait for the next frame and remove it."""
        found = await self._waiting.get()
        if isinstance(found, Exception):
            raise found
        return found
