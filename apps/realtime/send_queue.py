"""What waits to be sent on one socket: bounded, in order."""

from apps.realtime.light_queue import LightQueue


class Overflow(Exception):  # noqa: N818 - the peer's fault, not ours
    """The peer reads too slowly: more waits than may wait."""


class SendQueue:
    """Frames on their way out. One side puts, one side takes, both on the event loop.

    While it is held, events wait beside it, and answers pass them by.

    Args:
        frames: how many frames may wait.
        chars: how many characters of JSON may wait.
    """

    def __init__(self, frames: int, chars: int) -> None:
        self._frames = frames
        self._chars = chars
        self._ready: LightQueue[str] = LightQueue()
        self._held: list[str] = []
        self._holders = 0
        self._size = 0

    def put(self, text: str) -> None:
        """Add an answer.

        Raises:
            Overflow: the peer is too slow.
        """
        self._count(text)
        self._ready.put(text)

    def put_event(self, text: str) -> None:
        """Add an event; it waits while the outbox is held.

        Raises:
            Overflow: the peer is too slow.
        """
        if not self._holders:
            self.put(text)
            return
        self._count(text)
        self._held.append(text)

    def hold(self) -> None:
        """Let events wait until as many releases."""
        self._holders += 1

    def release(self) -> None:
        """Let events go; those that waited come after what was put meanwhile."""
        self._holders -= 1
        if not self._holders and self._held:
            self._ready.put(*self._held)
            self._held = []

    async def take(self) -> str:
        """Wait for the next frame and remove it."""
        text = await self._ready.take()
        self._size -= len(text)
        return text

    def drain(self) -> list[str]:
        """Remove and return what is ready."""
        texts = self._ready.clear()
        self._size -= sum(map(len, texts))
        return texts

    def _count(self, text: str) -> None:
        self._size += len(text)
        if len(self._ready) + len(self._held) >= self._frames or self._size > self._chars:
            raise Overflow
