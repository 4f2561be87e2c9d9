import asyncio
import json
import threading

import pytest
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.realtime import tenant_threads
from apps.realtime.consumers import SocketConsumer
from apps.realtime.frame_handlers import receives
from apps.realtime.frames import ClientFrame
from apps.realtime.tenant_threads import BoundedThreadPool, Busy
from tests.support.peer import Peer, tenant


class Say(ClientFrame, tag="say"):
    body: str
    tags: list[int] = []


class Crash(ClientFrame, tag="crash"):
    pass


class Refuse(ClientFrame, tag="refuse"):
    pass


class Full(ClientFrame, tag="full"):
    pass


class Whisper(ClientFrame, tag="whisper"):
    fails: bool = False


class Echo(SocketConsumer):
    def __init__(self, *args):
        super().__init__(*args)
        self.said = []

    async def on_hello(self, hello):
        return {"motto": "festina lente"}

    @receives(Say)
    async def say(self, frame):
        self.said.append(frame.body)
        return {"said": self.said}

    @receives(Crash)
    async def crash(self, frame):
        raise LookupError("a secret")

    @receives(Refuse)
    async def refuse(self, frame):
        raise DomainError("offer_gone", _("The offer is gone."), retry_after=3, hint=_("Wait."), type="no", id="no")

    @receives(Whisper, quiet=True)
    async def whisper(self, frame):
        if frame.fails:
            raise DomainError("not_yours", "Not yours.")


def peer(consumer=Echo):
    return Peer(consumer.as_asgi(), tenant=tenant())


async def greeted(client):
    assert await client.greet() == {"type": "welcome", "id": "h", "motto": "festina lente"}
    return client


async def test_frames_are_handled_in_order_and_acked(layer):
    async with peer() as client:
        await greeted(client)
        for number in range(3):
            client.say({"type": "say", "id": f"s{number}", "body": f"b{number}"})
        answers = [await client.hear() for _ in range(3)]
    assert answers == [
        {"type": "ack", "id": "s0", "said": ["b0"]},
        {"type": "ack", "id": "s1", "said": ["b0", "b1"]},
        {"type": "ack", "id": "s2", "said": ["b0", "b1", "b2"]},
    ]


BAD = [
    ("{", None, "bad_json", None),
    ("", None, "bad_json", None),
    ("[" * 30000, None, "bad_frame", ""),
    ('{"type":"say","id":"1","body":' + "[" * 30000, "1", "bad_frame", "body"),
    ("[]", None, "bad_frame", ""),
    ("5", None, "bad_frame", ""),
    ("null", None, "bad_frame", ""),
    ("{}", None, "bad_frame", "type"),
    ('{"type":"say"}', None, "bad_frame", "id"),
    ('{"type":"say","id":"1"}', "1", "bad_frame", "body"),
    ('{"type":"say","id":"1","body":5}', "1", "bad_frame", "body"),
    ('{"type":"say","id":"1","body":"x","tags":[1,"2"]}', "1", "bad_frame", "tags[1]"),
    ('{"type":"say","id":"1","body":"x","evil":1}', "1", "bad_frame", "evil"),
    ('{"type":"say","id":7,"body":"x"}', None, "bad_frame", "id"),
    ('{"type":"say","id":"","body":"x"}', None, "bad_frame", "id"),
    (json.dumps({"type": "say", "id": "i" * 65, "body": "x"}), None, "bad_frame", "id"),
    ('{"type":"nope","id":"1"}', "1", "unknown_type", None),
    ('{"type":5,"id":"1"}', "1", "bad_frame", "type"),
    ('{"type":null,"id":"1"}', "1", "bad_frame", "type"),
    ('{"type":["say"],"id":"1"}', "1", "bad_frame", "type"),
    ('{"type":"hello","id":"1","v":1}', "1", "out_of_turn", None),
    ('{"type":"crash","id":"1"}', "1", "internal", None),
    ('{"type":"whisper","id":"1","fails":true}', "1", "not_yours", None),
    (r'{"type":"say","id":"1","body":"a\u0000b"}', "1", "bad_frame", "body"),
    (r'{"type":"say","id":"1","body":"half \ud83d"}', "1", "bad_frame", "body"),
    (r'{"type":"say","body":"\ude00","id":"1"}', "1", "bad_frame", "body"),
    (r'{"type":"say","id":"1","\ud83d":"x"}', "1", "bad_frame", ""),
    ('{"type":"say","id":"1","x":' + "[" * 900 + r'"\ud83d"' + "]" * 900 + "}", "1", "bad_frame", "x"),
    (r'{"type":"say","id":"\ud83d","body":"x"}', None, "bad_frame", "id"),
    (r'{"type":"say","id":"a\u0000","body":"x"}', None, "bad_frame", "id"),
    ('{"type":"say","id":"1","body":"\ud83d"}', "1", "bad_frame", "body"),
    ('{"type":"say","id":"1","body":"cut o', "1", "bad_json", None),
    ('{"type":"say","id":"1","id":"2","body":"cut o', None, "bad_json", None),
    ('{"type":"say","id":"1","body":"a\tb"}', "1", "bad_json", None),
    (b'{"type":"say","id":"1","body":"x"}', "1", "bad_json", None),
    (b'{"type":"say","id":"1","body":"\xff\xfe"}', "1", "bad_json", None),
    (b"\xff\xfe\x00", None, "bad_json", None),
    (b"", None, "bad_json", None),
]


@pytest.mark.parametrize(("text", "frame_id", "code", "field"), BAD)
async def test_a_bad_frame_is_answered_and_the_socket_goes_on(layer, text, frame_id, code, field):
    async with peer() as client:
        await greeted(client)
        client.say_bytes(text) if isinstance(text, bytes) else client.say(text)
        answer = await client.hear()
        assert (answer["type"], answer["id"], answer["code"], answer.get("field")) == ("error", frame_id, code, field)
        assert "secret" not in json.dumps(answer)
        assert await client.ask({"type": "say", "id": "2", "body": "on"}) == {"type": "ack", "id": "2", "said": ["on"]}


async def test_what_only_looks_like_a_refused_character_is_none(layer):
    async with peer() as client:
        await greeted(client)
        for body in (r"\u0000", "\u0001\x7f", "\u202e \u200f", "\U0001f600", "one\ttwo\r\nthree"):
            answer = await client.ask({"type": "say", "id": "1", "body": body})
            assert (answer["type"], answer["said"][-1]) == ("ack", body)


ROOM = 65536 - len('{"type":"say","id":"1","body":""}')


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("x" * ROOM, "ack"),
        ("x" * (ROOM + 1), "error"),
        ("x" * (ROOM % 2) + "ä" * (ROOM // 2), "ack"),
        ("xx" * (ROOM % 2) + "ä" * (ROOM // 2), "error"),
        ("\U0001f600" * (ROOM // 4 + 1), "error"),
    ],
)
async def test_a_frame_may_have_64_kib_and_no_more(layer, body, answer):
    async with peer() as client:
        await greeted(client)
        text = json.dumps({"type": "say", "id": "1", "body": body}, ensure_ascii=False, separators=(",", ":"))
        heard = await client.ask(text)
        assert heard["type"] == answer
        if answer == "error":
            assert (heard["code"], heard["id"], heard["limit"]) == ("too_large", "1", 65536)
        assert (await client.ask({"type": "say", "id": "2", "body": "on"}))["type"] == "ack"


async def test_a_refusal_by_an_action_keeps_its_words(layer):
    async with peer() as client:
        await greeted(client)
        assert await client.ask({"type": "refuse", "id": "1"}) == {
            "type": "error",
            "id": "1",
            "code": "offer_gone",
            "message": "The offer is gone.",
            "retry_after": 3,
            "hint": "Wait.",
        }


async def test_overload_is_answered_with_when_to_try_again(layer):
    class Loaded(Echo):
        @receives(Full)
        async def full(self, frame):
            raise Busy

    async with peer(Loaded) as client:
        await greeted(client)
        answer = await client.ask({"type": "full", "id": "1"})
        assert (answer["id"], answer["code"]) == ("1", "busy")
        assert 1 <= answer["retry_after"] <= 2


async def test_what_a_frame_waits_behind_others_counts(layer, monkeypatch):
    pool = BoundedThreadPool(threads=1, backlog=5)
    monkeypatch.setattr(tenant_threads, "socket_threads", lambda: pool)
    monkeypatch.setattr(tenant_threads, "WAIT_SECONDS", 0.1)
    began, go, free = asyncio.Event(), asyncio.Event(), threading.Event()

    class Slow(Echo):
        @receives(Full)
        async def full(self, frame):
            began.set()
            await go.wait()

        @receives(Crash)
        async def crash(self, frame):
            await self.db(str)

    async with peer(Slow) as client:
        await greeted(client)
        client.say({"type": "full", "id": "1"})
        await began.wait()
        client.say({"type": "crash", "id": "2"})
        await asyncio.sleep(0.2)
        taken = pool.submit(free.wait)
        go.set()
        assert (await client.hear())["id"] == "1"
        late = await client.hear()
        assert (late["id"], late["code"]) == ("2", "busy")
        free.set()
        await asyncio.wrap_future(taken)
        assert (await client.ask({"type": "crash", "id": "3"}))["type"] == "ack"


async def test_a_quiet_frame_is_not_acked(layer):
    async with peer() as client:
        await greeted(client)
        client.say({"type": "whisper", "id": "1"})
        assert await client.ask({"type": "say", "id": "2", "body": "x"}) == {"type": "ack", "id": "2", "said": ["x"]}


async def test_before_the_hello_everything_is_out_of_turn(layer):
    async with peer() as client:
        answer = await client.ask({"type": "say", "id": "1", "body": "x"})
        assert (answer["id"], answer["code"]) == ("1", "out_of_turn")
        assert (await client.ask("{"))["code"] == "bad_json"
        await greeted(client)


async def test_without_a_hello_the_socket_is_closed(layer):
    class Hasty(Echo):
        hello_seconds = 0.2

    async with peer(Hasty) as client:
        client.say({"type": "say", "id": "1", "body": "x"})
        assert await client.closed() == 1013
        assert [frame["code"] for frame in client.heard] == ["out_of_turn"]


async def test_another_version_is_told_so_and_closed(layer):
    async with peer() as client:
        client.say({"type": "hello", "id": "h", "v": 2})
        assert await client.closed() == 4400
        assert [(frame["code"], frame["v"]) for frame in client.heard] == [("version", 1)]


async def test_a_hello_that_is_refused_may_be_said_again(layer):
    class Choosy(Echo):
        tries = 0

        async def on_hello(self, hello):
            self.tries += 1
            if self.tries == 1:
                raise DomainError("token_refused", "Who are you?")
            return {"motto": "festina lente"}

    async with peer(Choosy) as client:
        refused = await client.greet()
        assert (refused["type"], refused["id"], refused["code"]) == ("error", "h", "token_refused")
        await greeted(client)


async def test_too_many_frames_are_refused_one_by_one_and_the_rest_is_kept(layer):
    class Slow(Echo):
        rate = 20.0
        burst = 5

    async with peer(Slow) as client:
        await greeted(client)
        for number in range(8):
            client.say({"type": "say", "id": str(number), "body": str(number)})
        answers = [await client.hear() for _ in range(8)]
        refused = [answer for answer in answers if answer["type"] == "error"]
        acked = [answer["id"] for answer in answers if answer["type"] == "ack"]
        assert [answer["id"] for answer in answers] == [str(number) for number in range(8)]
        assert acked[:4] == ["0", "1", "2", "3"]
        assert refused
        assert {answer["code"] for answer in refused} == {"slow_down"}
        assert all(0 < answer["retry_after"] <= 0.05 for answer in refused)


def test_one_frame_has_one_handler():
    with pytest.raises(TypeError, match="twice"):

        class Confused(SocketConsumer):
            @receives(Say)
            async def one(self, frame): ...

            @receives(Say)
            async def two(self, frame): ...
