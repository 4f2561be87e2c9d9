"""What a console's page does with its socket, without a browser: marks, `sync`, and the tray where it is out of date.

It does what tray.js, read_marks.js and sync.js do. Many real pages would leave these cores no room for a server:
the row `consoles` opens one beside it, so that one tells of the other.
"""

import asyncio
import contextlib
import random
import re
from typing import Final

from tests.bench.sockets import Frame, Listener, Refused, Socket
from tests.support.web import Web

MARKS_SECONDS: Final = 0.2
SYNC_SECONDS: Final = 5.0
CARD: Final = re.compile(r"<li id=\"card-[^>]*>")
DIGEST: Final = re.compile(r'<aside id="tray"[^>]* data-digest="([^"]*)"')
ATTRIBUTE: Final = re.compile(r'data-([\w-]+)="([^"]*)"')


class ConsolePage:
    """The page of an agent who has one conversation open and the others in the tray.

    Args:
        socket: its socket, welcomed.
        web: its requests, signed in.
        listener: is told what the socket hears, too.
    """

    def __init__(self, socket: Socket, web: Web, listener: Listener) -> None:
        self.trays = 0
        self._socket, self._web, self._listener = socket, web, listener
        self._cards: dict[str, int] = {}
        self._open = ""
        self._held = 0
        self._digest = ""
        self._since: str | None = None
        self._marks: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Fetch the tray, open its first conversation, and live from then on."""
        await self._fetch_tray()
        self._open = min(self._cards, default="")
        self._held = self._cards.get(self._open, 0)
        self._socket.listener = self._hear
        self._tasks = [asyncio.create_task(self._keep_marking()), asyncio.create_task(self._keep_in_sync())]

    async def stop(self) -> None:
        """End."""
        self._socket.listener = self._listener
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _hear(self, at: float, frame: Frame) -> None:
        self._listener(at, frame)
        if frame["type"] != "message":
            return
        conversation, number = frame["conversation"], frame["message"]["number"]
        self._cards[conversation] = max(number, self._cards.get(conversation, 0))
        if conversation == self._open:
            self._held = max(number, self._held)
        self._marks.add(conversation)

    async def _keep_marking(self) -> None:
        while True:
            await asyncio.sleep(MARKS_SECONDS)
            marks, self._marks = self._marks, set()
            for conversation in marks:
                number = self._cards[conversation]
                read = number if conversation == self._open else 0
                await self._socket.tell(type="mark", conversation=conversation, delivered=number, read=read)

    async def _keep_in_sync(self) -> None:
        await asyncio.sleep(random.uniform(0, SYNC_SECONDS))
        while True:
            with contextlib.suppress(Refused):
                await self._sync()
            await asyncio.sleep(SYNC_SECONDS)

    async def _sync(self) -> None:
        held = {self._open: self._held} if self._open else {}
        ack = await self._socket.ask(
            type="sync", conversations=held, cards=self._cards, digest=self._digest, since=self._since
        )
        self._since = ack["server_time"]
        if ack["stale"]:
            await self._fetch_tray()

    async def _fetch_tray(self) -> None:
        self.trays += 1
        answer = await asyncio.to_thread(self._web.get, f"/console/tray/?open={self._open}", htmx=True)
        tags = (dict(ATTRIBUTE.findall(tag)) for tag in CARD.findall(answer.text))
        self._cards |= {tag["conversation"]: int(tag["last"]) for tag in tags}
        digest = DIGEST.search(answer.text)
        if digest is None:
            raise RuntimeError("this is no tray")
        self._digest = digest[1]
