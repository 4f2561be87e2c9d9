"""A customer's page and an agent's page without a browser: what a test does with each."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

from tests.support.desk import Desk, Person
from tests.support.socket_connection import Down, Frame, Refused
from tests.support.sockets import AGAIN_SECONDS, SocketClient
from tests.support.web import Answer, Web

PATIENCE_SECONDS = 60.0
PASSING = {"internal", "busy", "slow_down"}
"""Errors after which trying again helps."""


class WidgetClient(SocketClient):
    """A customer's page.

    Args:
        desk: whose widget it is.
        port: of the web process.
        via: a port that leads there, such as a proxy's.
    """

    path = "/ws/widget/"

    def __init__(self, desk: Desk, port: int, *, via: int | None = None) -> None:
        super().__init__(f"{desk.schema}.localhost:{port}", port, via=via)
        self.desk = desk
        self.token: str | None = None
        self._start: Frame | None = None

    @property
    def conversation(self) -> str:
        """The conversation that this page shows."""
        (only,) = self.conversations
        return only

    def hello(self) -> Frame:
        """Which widget, which browser."""
        page = {"url": "http://shop.test/", "title": "Shop", "referrer": "", "language": "en", "time_zone": "UTC"}
        return {"channel": self.desk.key, "token": self.token, "page": page}

    async def begin(self, body: str = "Hello", *, name: str = "Customer", email: str = "") -> str:
        """Open a conversation, however often it takes.

        Returns:
            Its id.
        """
        self._start = {"start_key": str(uuid4()), "client_id": str(uuid4()), "name": name, "email": email, "body": body}
        while True:
            await self.up(60)
            try:
                return self._started(await self.ask("start", **self._start))
            except (Down, Refused) as failure:
                if isinstance(failure, Refused) and failure.code not in PASSING:
                    raise
                await asyncio.sleep(AGAIN_SECONDS)

    def _started(self, ack: Frame) -> str:
        view = ack["conversation"]
        self._know(view)
        self._show(view["id"], [ack["message"]])
        return str(view["id"])

    async def end(self) -> None:
        """End the chat."""
        await _again(lambda: self.ask("end", conversation=self.conversation), fine={"conversation_ended"})

    async def on_welcome(self, welcome: Frame) -> None:
        """Keep the token; show what there is."""
        self.token = welcome["token"]
        if welcome["conversation"]:
            self._know(welcome["conversation"])
            self._show(welcome["conversation"]["id"], welcome["messages"])


class ConsoleClient(SocketClient):
    """An agent's page: the socket, and the requests that its buttons make.

    Args:
        schema: the tenant.
        person: who signs in.
        port: of the web process.
        accepts: whether it accepts what rings as soon as it is shown.
        via: a port that leads there, such as a proxy's.
    """

    path = "/ws/console/"

    def __init__(self, schema: str, person: Person, port: int, *, accepts: bool = True, via: int | None = None) -> None:
        super().__init__(f"{schema}.localhost:{port}", port, via=via)
        self.person = person
        self.page = str(uuid4())
        self.web = Web(self.host, via or port)
        self.digest = ""
        self.cards: dict[str, str] = {}
        self.offers: dict[str, str] = {}
        self.trays = 0
        self.accepts = accepts
        self._accepting: dict[str, asyncio.Task[None]] = {}
        self._tray_now = asyncio.Event()

    async def sign_in(self) -> "ConsoleClient":
        """Sign in by the form."""
        await asyncio.to_thread(self.web.sign_in, self.person.email, self.person.password)
        return self

    async def leave(self) -> None:
        """Close the page."""
        for task in self._accepting.values():
            task.cancel()
        await super().leave()

    def headers(self) -> dict[str, str]:
        """The session."""
        return {"Cookie": self.web.cookie_header}

    def hello(self) -> Frame:
        """Which page."""
        return {"console": self.page}

    async def on_welcome(self, welcome: Frame) -> None:
        """The tray is read anew at every connect."""
        self.digest = welcome["digest"]
        await self.read_tray()

    async def on_frame(self, frame: Frame) -> None:
        """An offer rings, or no longer does."""
        if frame["type"] == "offer":
            self._ring(frame["offer"]["id"], frame["offer"]["conversation"])
        elif frame["type"] == "offer.gone":
            self.offers.pop(frame["offer"], None)

    async def on_synced(self, ack: Frame) -> None:
        """What the tray shows is out of date: read it again."""
        if ack["stale"]:
            await self.read_tray()

    def sync_fields(self) -> Frame:
        """Numbers, and what the tray stands for."""
        numbers = {pk: self.last(pk) for pk in self.conversations}
        return {"conversations": numbers, "digest": self.digest, "offers": list(self.offers)}

    async def read_tray(self) -> None:
        """Fetch the tray as the page does: status, offers, cards."""
        try:
            answer = await asyncio.to_thread(self.web.get, "/console/tray/", htmx=True)
        except OSError:
            return
        if answer.status != 200:
            return
        self.trays += 1
        self.digest = _first(r'data-digest="([^"]+)"', answer.text)
        self.cards = {card["conversation"]: card["state"] for card in items(answer.text, "card")}
        self.offers = {}
        for offer in items(answer.text, "offer"):
            self._ring(offer["offer"], "")
        for conversation in self.cards:
            self._learn(conversation)

    def _learn(self, conversation: str) -> None:
        if conversation not in self.conversations:
            self.conversations[conversation] = {"id": conversation, "version": -1, "state": "", "last_number": 0}
            self._sync_now.set()

    def _ring(self, offer: str, conversation: str) -> None:
        self.offers[offer] = conversation
        if self.accepts and offer not in self._accepting:
            self._accepting[offer] = asyncio.create_task(self._accept(offer))

    async def _accept(self, offer: str) -> None:
        while offer in self.offers:
            with contextlib.suppress(OSError):
                answer = await self.accept(offer)
                if answer.status in {200, 302, 409}:
                    self.offers.pop(offer, None)
                    return
            await asyncio.sleep(AGAIN_SECONDS)

    async def accept(self, offer: str) -> Any:
        """Click Accept."""
        answer = await asyncio.to_thread(self.web.post, f"/console/offers/{offer}/accept/")
        if answer.status == 302:
            self._learn(_first(r"/console/c/([^/]+)/", answer.location))
        return answer

    async def choose(self, code: str) -> None:
        """Choose a status."""
        await self.click("/console/status/", code=code)

    async def click(self, path: str, **fields: str) -> Any:
        """Press a button until the server has answered."""
        return await _answered(self.web.post, path, **fields)

    async def end(self, conversation: str) -> Any:
        """End a conversation."""
        return await self.click(f"/console/c/{conversation}/end/")

    async def wrap_up(self, conversation: str, code: str = "Resolved") -> Any:
        """Choose this disposition in every set and close."""
        page = await _answered(self.web.get, f"/console/c/{conversation}/")
        fields = dict.fromkeys(set(re.findall(r'name="(set_\w+)"', page.text)), "")
        for name in fields:
            fields[name] = _code_of(page.text, name, code)
        return await self.click(f"/console/c/{conversation}/close/", description="", **fields)


def _code_of(page: str, name: str, code: str) -> str:
    """The value of the radio button with this label."""
    for label in re.findall(r"<label.*?</label>", page, re.DOTALL):
        if f'name="{name}"' in label and code in label:
            return _first(r'value="([^"]+)"', label)
    raise AssertionError(f"{code} is not offered by {name}")


def items(page: str, kind: str) -> list[dict[str, str]]:
    """The data attributes of the list items of a tray that are of this class."""
    tags = re.findall(r"<li\b[^>]*>", page)
    return [dict(re.findall(r'data-([\w-]+)="([^"]*)"', tag)) for tag in tags if f'class="{kind}"' in tag]


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, f"{pattern} is not in {text[:2000]}"
    return found[1]


async def _answered(request: Callable[..., Answer], path: str, **fields: str) -> Answer:
    """Make a request until the server has answered it, and not by an error of its own."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with contextlib.suppress(OSError):
                answer = await asyncio.to_thread(request, path, **fields)
                if answer.status < 500:
                    return answer
            await asyncio.sleep(AGAIN_SECONDS)


async def _again(call: Callable[[], Any], *, fine: set[str]) -> None:
    """Ask until it is acknowledged, or refused with a code that is as good."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                await call()
            except Refused as refused:
                if refused.code in fine:
                    return
                if refused.code not in PASSING:
                    raise
            except Down:
                pass
            else:
                return
            await asyncio.sleep(AGAIN_SECONDS)


@contextlib.asynccontextmanager
async def all_of(*clients: Any) -> AsyncIterator[None]:
    """Open several pages, and close them at the end."""
    async with contextlib.AsyncExitStack() as stack:
        for client in clients:
            await stack.enter_async_context(client)
        yield
