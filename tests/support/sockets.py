"""A page's socket without a browser: it keeps the contract of `apps/realtime/PROTOCOL.md`.

A client shows what it was told, each number once; it asks again when a number is missing, at every connect and on
schedule; it keeps what it sends until that is acknowledged, and sends it again under the same id. Whatever a test cuts,
the client comes back by itself.
"""

import asyncio
import contextlib
import itertools
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.support.desk import Line
from tests.support.socket_connection import Down, Frame, Life, Refused, SocketConnection

HOT_SECONDS, IDLE_SECONDS, HOT_FOR = 5.0, 20.0, 60.0
AGAIN_SECONDS = 1.0


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


class SocketClient(SocketConnection):
    """What both sides have in common.

    Attributes:
        held: what is shown: messages by number, by conversation.
        conversations: the newest view of each.
        conflicts: numbers that were told twice with different content; must stay empty.
        marking: whether it says how far it has received and read.
        syncing: whether it asks on schedule what it missed.
    """

    def __init__(self, host: str, port: int, *, via: int | None = None) -> None:
        super().__init__(host, port, via=via)
        self.held: defaultdict[str, dict[int, Frame]] = defaultdict(dict)
        self.conversations: dict[str, Frame] = {}
        self.marks: dict[tuple[str, str], tuple[int, int]] = {}
        self.conflicts: list[tuple[Frame, Frame]] = []
        self.sent: list[Entry] = []
        self.marking = self.syncing = True
        self._sync_now = asyncio.Event()
        self._queued = asyncio.Event()
        self._marked: dict[str, int] = {}

    # --- For tests

    def say(self, conversation: str, body: str) -> Entry:
        """Write a message: it is sent until it is acknowledged or finally refused."""
        entry = Entry(conversation, body)
        self.sent.append(entry)
        self._queued.set()
        return entry

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

    async def on_frame(self, frame: Frame) -> None:
        """The server has told something."""

    async def on_synced(self, ack: Frame) -> None:
        """The server has said what was missed."""

    def sync_fields(self) -> Frame:
        """What a sync asks for."""
        return {"conversations": {pk: self.last(pk) for pk in self.conversations}}

    def _lives(self) -> tuple[Life, ...]:
        return self._keep_in_sync, self._keep_sending

    async def _take(self, frame: Frame) -> None:
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
