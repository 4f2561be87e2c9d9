"""A queue that takes next to no memory while it is empty: every socket has several, and most of them are."""

import asyncio
from typing import Generic, TypeVar

Item = TypeVar("Item")


class LightQueue(Generic[Item]):
    """What waits for one reader, in order; all on the event loop.

    An `asyncio.Queue` is 3 KiB: three deques and an event, each with room for dozens.
    """

    __slots__ = ("_items", "_reader")

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._reader: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        """How many wait."""
        return len(self._items)

    def put(self, *items: Item) -> None:
        """Add some."""
        self._items += items
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def take(self) -> Item:
        """Wait for the next one and remove it."""
        while not self._items:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._items.pop(0)

    def clear(self) -> list[Item]:
        """Remove and return all."""
        items, self._items = self._items, []
        return items
