"""A customer page, as seen from the other end of its socket."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from apps.chat.models import WidgetChannel
from apps.realtime.tenant_threads import run_in_tenant
from config.asgi import application
from tests.support.peer import Peer

Frame = dict[str, Any]

TIMEOUT = 10


class Widget:
    """One open socket; answers are matched with their questions, events are kept for `event`."""

    def __init__(self, peer: Peer, tenant: Any, key: str) -> None:
        self.peer = peer
        self.tenant = tenant
        self.key = key
        self.events: list[Frame] = []
        self.welcome: Frame = {}

    async def db(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run something inside the tenant."""
        return await run_in_tenant(self.tenant, call, *args, **kwargs)

    async def raw(self, text: str) -> Frame:
        """Send whatever, and get the next answer."""
        self.peer.say(text)
        while "id" not in (frame := await self.next()):
            self.events.append(frame)
        return frame

    async def next(self) -> Frame:
        """The next frame."""
        return await self.peer.hear(TIMEOUT)

    async def ask(self, type: str, **fields: Any) -> Frame:  # noqa: A002 - the frame's own word
        """Send a frame and get its answer; events that come first are kept."""
        frame_id = uuid4().hex
        self.peer.say({"type": type, "id": frame_id, **fields})
        while True:
            frame = await self.next()
            if "id" in frame:
                assert frame["id"] == frame_id, frame
                return {name: value for name, value in frame.items() if name != "id"}
            self.events.append(frame)

    def tell(self, type: str, **fields: Any) -> None:  # noqa: A002 - the frame's own word
        """Send a frame that is not answered."""
        self.peer.say({"type": type, "id": uuid4().hex, **fields})

    async def event(self, kind: str) -> Frame:
        """The next event of this kind; others before it are dropped."""
        while True:
            frame = self.events.pop(0) if self.events else await self.next()
            if frame["type"] == kind and "id" not in frame:
                return frame

    async def hello(self, token: str | None = None, **page: Any) -> Frame:
        """Say hello."""
        self.welcome = await self.ask("hello", v=1, channel=self.key, token=token, page=page)
        return self.welcome

    async def start(self, body: str = "Hello", **fields: Any) -> Frame:
        """Open a conversation."""
        who = {"name": "Lena", "email": "lena@example.test"}
        keys = {"start_key": str(uuid4()), "client_id": str(uuid4())}
        return await self.ask("start", **{**keys, **who, "body": body, **fields})

    async def send(self, conversation: str, body: str = "More", client_id: str | None = None) -> Frame:
        """Write."""
        return await self.ask("send", conversation=conversation, client_id=client_id or str(uuid4()), body=body)


def caller(headers: dict[str, str], address: str = "") -> Peer:
    """A browser that asks for the widget's socket."""
    return Peer(application, path="/ws/widget/", headers=headers, client=[address or "127.0.0.1", 50000])


@asynccontextmanager
async def widget(tenant: Any, *, address: str = "", key: str | None = None) -> AsyncIterator[Widget]:
    """An open socket on a tenant's host, no hello said yet.

    Args:
        tenant: whose widget.
        address: where the browser seems to be; none is the machine itself.
        key: the widget's; none is the tenant's first.
    """
    host = f"{tenant.schema_name}.localhost"
    first = await run_in_tenant(tenant, lambda: WidgetChannel.objects.earliest("pk").key)
    async with caller({"host": host, "origin": f"http://{host}"}, address) as peer:
        yield Widget(peer, tenant, first if key is None else key)


def channel() -> WidgetChannel:
    """The tenant's first widget."""
    return WidgetChannel.objects.select_related("queue").earliest("pk")
