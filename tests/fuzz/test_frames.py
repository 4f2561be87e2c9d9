"""Every frame of both sockets, with whatever may stand in a field: refused by its id, and the socket goes on.

The frames are those that the consumers handle, their fields those of the structs: a new one is tried by itself.
"""

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from channels.layers import get_channel_layer

from apps.chat import limits
from apps.chat.consumers import WidgetConsumer
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.chat.tokens import token_make
from apps.console.consumers import ConsoleConsumer
from apps.realtime.consumers import SocketConsumer
from config.asgi import application
from tests.fuzz.values import JSON, MEGABYTE
from tests.support.browser import signed_in
from tests.support.peer import Peer
from tests.support.people import make_agent, talk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CONSUMERS: dict[str, type[SocketConsumer]] = {"/ws/console/": ConsoleConsumer, "/ws/widget/": WidgetConsumer}
FRAMES = [(path, kind) for path, consumer in CONSUMERS.items() for kind in consumer.handlers]
HELLOS = [(path, consumer.hello) for path, consumer in CONSUMERS.items()]
NAMES = [f"{path.split('/')[2]}-{kind.__struct_config__.tag}" for path, kind in FRAMES]

RAW: list[str | bytes] = [
    "",
    "\0",
    "[" * 60_000,
    '{"a":' * 10_000,
    "{" + '"id":"%s",' * 1000,
    '{"id":"%s","type":',
    '{"id":"%s","type":"\\ud800"}',
    '{"id":"%s","type":"\\u0000"}',
    '{"id":"%s","id":"\\ud800"}',
    '{"id":"%s","\\u0000":1,"type":"send"}',
    '{"id":"%s","type":"send","body":"\ud800"}',
    '{"id":"%s","type":"send","body":"' + "x" * MEGABYTE,
    "\ufeff{}",
    "NaN",
    "1e999",
    '"\\ud83d"',
    b"",
    b"\xff\xfe\0\0",
    b'{"id":"x","type":"send","body":"\xed\xa0\x80"}',
    bytes(MEGABYTE),
]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """How much may be asked is not asked here."""
    for consumer in CONSUMERS.values():
        monkeypatch.setattr(consumer, "rate", 1e6)
        monkeypatch.setattr(consumer, "burst", 10**6)
    for name, limit in vars(limits).items():
        if isinstance(limit, limits.Limit):
            monkeypatch.setattr(limits, name, replace(limit, name=uuid4().hex, count=10**6))


@pytest.fixture
async def layer() -> Any:
    yield get_channel_layer()
    await get_channel_layer().flush()


@pytest.fixture
def world(acme: Any) -> dict[str, Any]:
    """An agent in a conversation with a browser's customer."""
    agent = make_agent()
    conversation = talk(agent)
    channel = WidgetChannel.objects.get()
    visitor = Visitor.objects.create(channel=channel, contact=conversation.contact)
    Visit.objects.create(conversation=conversation, visitor=visitor)
    return {
        "conversation": str(conversation.pk),
        "cookie": "parley_session=" + signed_in(agent.user).client.cookies["parley_session"].value,
        "channel": channel.key,
        "token": token_make(channel=channel.pk, visitor=visitor.pk, generation=1),
    }


def plain(kind: Any, world: dict[str, Any]) -> dict[str, Any]:
    """A frame as it is meant to be, with the fields that it must have."""
    values = {"conversation": world["conversation"], "channel": world["channel"], "v": 1, "console": str(uuid4())}
    fields: dict[str, Any] = {"type": kind.__struct_config__.tag}
    for field in msgspec.inspect.type_info(kind).fields:  # type: ignore[union-attr]
        if field.required and field.name != "id":
            fields[field.name] = values.get(field.name, _of(field.type))
    return fields


def _of(of: Any) -> Any:
    match of:
        case msgspec.inspect.UUIDType():
            return str(uuid4())
        case msgspec.inspect.IntType():
            return 1
        case msgspec.inspect.BoolType():
            return True
        case msgspec.inspect.DictType():
            return {}
        case msgspec.inspect.UnionType():
            return None
    return "x"


def hostile(kind: Any, world: dict[str, Any]) -> list[dict[str, Any]]:
    """The frame with each of its fields spoilt in each way, and with one that it hasn't."""
    names = [field.name for field in msgspec.inspect.type_info(kind).fields]  # type: ignore[union-attr]
    spoilt = [{**plain(kind, world), name: value} for name in [*names, "type"] for value in JSON]
    return [*spoilt, *({**plain(kind, world), name: "x"} for name in ("\0", "\ud800", "x" * MEGABYTE))]


class Line:
    """A socket that is asked, and must answer."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.count = 0

    async def answer_to(self, frame: dict[str, Any] | str | bytes) -> dict[str, Any] | None:
        """Send a frame, and one behind it that is always answered; what comes in between is the first one's answer."""
        self.count += 1
        behind = f"behind{self.count}"
        if isinstance(frame, bytes):
            self.peer.say_bytes(frame)
        else:
            self.peer.say(frame if isinstance(frame, str) else {"id": f"f{self.count}", **frame})
        self.peer.say({"type": "nonsense", "id": behind})
        answers = []
        while (heard := await self.peer.hear(20)).get("id") != behind:
            if "id" in heard:
                answers.append(heard)
        assert len(answers) <= 1
        return answers[0] if answers else None


def caller(path: str, world: dict[str, Any]) -> Peer:
    headers = {"host": "acme.localhost", "origin": "http://acme.localhost", "cookie": world["cookie"]}
    return Peer(application, path=path, headers=headers, client=["127.0.0.1", 5000])


async def greeted(peer: Peer, path: str, world: dict[str, Any]) -> Line:
    fields = {"console": str(uuid4()), "take_over": True} if "console" in path else {"channel": world["channel"]}
    token = {} if "console" in path else {"token": world["token"]}
    assert (await peer.greet(**fields, **token))["type"] == "welcome"
    return Line(peer)


@pytest.mark.parametrize(("path", "kind"), FRAMES, ids=NAMES)
async def test_no_frame_falls_over(world: dict[str, Any], layer: Any, path: str, kind: Any) -> None:
    async with caller(path, world) as peer:
        line = await greeted(peer, path, world)
        for frame in hostile(kind, world):
            answer = await line.answer_to(frame)
            shown = f"{str(frame)[:300]} {answer}"[:600]
            if answer is None:
                assert CONSUMERS[path].handlers[kind].is_quiet or frame["type"] != kind.__struct_config__.tag, shown
            elif answer["type"] == "error":
                assert answer["code"] not in {"internal", "busy", "slow_down"}, shown
            if "id" not in frame and answer is not None:
                assert answer["id"] == f"f{line.count}", shown


@pytest.mark.parametrize("path", CONSUMERS)
async def test_what_is_no_frame_ends_no_socket(world: dict[str, Any], layer: Any, path: str) -> None:
    async with caller(path, world) as peer:
        line = await greeted(peer, path, world)
        for raw in RAW:
            named = raw.replace("%s", "me") if isinstance(raw, str) else raw
            answer = await line.answer_to(named)
            assert answer is not None
            assert (answer["type"], answer["code"] in {"internal", "busy"}) == ("error", False), named[:100]
            if isinstance(raw, str) and raw.count("%s") == 1 and "\\ud800" not in raw.partition("type")[0]:
                assert answer["id"] == "me", named[:100]


@pytest.mark.parametrize(("path", "kind"), HELLOS, ids=["console", "widget"])
async def test_no_hello_falls_over(world: dict[str, Any], layer: Any, path: str, kind: Any) -> None:
    """It is answered, and the socket is open or closed for a reason."""
    for frame in hostile(kind, world):
        async with caller(path, world) as peer:
            answer = await peer.ask({"id": "h", **frame})
            shown = f"{json.dumps(frame)[:300]} {answer}"[:600]
            assert answer.get("code") not in {"internal", "busy", "slow_down"}, shown
            if answer["type"] == "welcome":
                continue
            peer.say({"type": "nonsense", "id": "n"})
            try:
                assert (await peer.hear())["id"] == "n"
            except AssertionError:
                assert peer.code in {4400, 4410, 4409}, shown
