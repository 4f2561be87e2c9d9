import asyncio
from uuid import UUID

import pytest

from apps.realtime import tenant_threads
from apps.realtime.consumers import SocketConsumer
from apps.realtime.frame_handlers import receives
from apps.realtime.frames import ClientFrame, Close, Closed, event_message
from apps.realtime.layer import ChannelLayer, LossyChannelLayer
from apps.realtime.publish import agent_group, publish_unstored, tenant_group
from tests.support.peer import Peer, tenant

AGENT = agent_group(UUID(int=7))
SAID = "said"


def said(number, filling=""):
    return {"type": SAID, "number": number, "filling": filling}


class Busy(ClientFrame, tag="busy"):
    seconds: float


class Move(ClientFrame, tag="move"):
    join: list[str] = []
    leave: list[str] = []


class Read(ClientFrame, tag="read"):
    pass


class Ear(SocketConsumer):
    gone = 0

    async def on_hello(self, hello):
        await self.join(AGENT)
        return {"channel": self.channel_name}

    async def on_gone(self):
        Ear.gone += 1

    @receives(Busy)
    async def busy(self, frame):
        await asyncio.sleep(frame.seconds)

    @receives(Move)
    async def move(self, frame):
        await self.join(*frame.join)
        await self.leave(*frame.leave)

    @receives(Read)
    async def read(self, frame):
        async with self.hold_events():
            await publish_unstored(self.schema, [AGENT], said(2))
            await asyncio.sleep(0.2)
            self.tell({"type": "snapshot", "up_to": 1})


def peer(consumer=Ear, schema="acme"):
    return Peer(consumer.as_asgi(), tenant=tenant(schema))


def numbers(frames):
    return [frame["number"] for frame in frames if frame["type"] == SAID]


async def hear_all(client, last):
    while (await client.hear()).get("number") != last:
        pass
    return numbers(client.heard)


# --- Groups


async def test_a_group_is_heard_in_its_own_tenant_alone(layer):
    async with peer() as acme, peer(schema="globex") as globex:
        await acme.greet()
        await globex.greet()
        await publish_unstored("acme", [AGENT], said(1))
        await publish_unstored("globex", [AGENT], said(2))
        assert await acme.hear() == said(1)
        assert await globex.hear() == said(2)
        assert await acme.hears_nothing()
        assert await globex.hears_nothing()


async def test_every_socket_in_a_group_hears_it_and_others_do_not(layer):
    async with peer() as one, peer() as two, peer() as other:
        await one.greet()
        await two.greet()
        await other.greet()
        await other.ask({"type": "move", "id": "1", "leave": [AGENT], "join": [tenant_group("all")]})
        await publish_unstored("acme", [AGENT], said(1))
        assert await one.hear() == said(1)
        assert await two.hear() == said(1)
        assert await other.hears_nothing()
        await publish_unstored("acme", [tenant_group("all")], said(2))
        assert await other.hear() == said(2)
        assert await one.hears_nothing()


async def test_what_happens_between_joining_and_reading_comes_after_the_welcome(layer):
    class Reader(Ear):
        async def on_hello(self, hello):
            await self.join(AGENT)
            await publish_unstored("acme", [AGENT], said(1))
            await publish_unstored("acme", [AGENT], said(2))
            await asyncio.sleep(0.2)
            return {"up_to": 0}

    async with peer(Reader) as client:
        assert await client.greet() == {"type": "welcome", "id": "h", "up_to": 0}
        assert [await client.hear(), await client.hear()] == [said(1), said(2)]


async def test_events_wait_while_something_is_read(layer):
    async with peer() as client:
        await client.greet()
        assert await client.ask({"type": "read", "id": "1"}) == {"type": "snapshot", "up_to": 1}
        assert {(await client.hear())["type"] for _ in range(2)} == {"ack", SAID}


async def test_a_consumer_may_look_at_events_and_keep_them_back(layer):
    class Choosy(Ear):
        async def on_event(self, kind, text):
            return kind != SAID or '"number":2' in text

    async with peer(Choosy) as client:
        await client.greet()
        for number in (1, 2, 3):
            await publish_unstored("acme", [AGENT], said(number))
        assert await client.hear() == said(2)
        assert await client.hears_nothing()


async def test_a_socket_that_has_ended_leaves_nothing_behind(layer):
    Ear.gone = 0
    inside = await layer.loop_layer()
    async with peer() as client:
        await client.greet()
        assert len(inside.channels) == len(inside.groups) == 1
    assert (inside.channels, inside.groups) == ({}, {})
    assert inside.subscriber.channels == frozenset()
    assert Ear.gone == 1


async def test_a_socket_that_said_no_hello_has_nothing_to_undo(layer):
    Ear.gone = 0
    async with peer() as client:
        await asyncio.sleep(0.1)
    assert client.accepted
    assert Ear.gone == 0


# --- Ends


async def test_who_is_not_allowed_hears_why(layer):
    class Private(Ear):
        async def allow(self):
            raise Closed(4403)

    async with peer(Private) as client:
        assert await client.closed() == 4403
        assert client.accepted


async def test_a_group_is_closed_at_once(layer):
    async with peer() as client, peer(schema="globex") as globex:
        await client.greet()
        await globex.greet()
        await publish_unstored("acme", [AGENT], said(1))
        await publish_unstored("acme", [AGENT], Close(code=4401))
        assert await client.closed() == 4401
        assert numbers(client.heard) == [1]
        assert await globex.hears_nothing()
        assert globex.code is None


async def test_the_socket_that_takes_over_is_spared(layer):
    async with peer() as old, peer() as new:
        await old.greet()
        channel = (await new.greet())["channel"]
        await publish_unstored("acme", [AGENT], Close(code=4409, spare=channel))
        assert await old.closed() == 4409
        await publish_unstored("acme", [AGENT], said(1))
        assert await new.hear() == said(1)


async def test_who_may_not_be_here_any_more_is_closed_at_the_next_beat(layer):
    class Watched(Ear):
        beat_seconds = 0.1
        beats = 0

        async def check_alive(self):
            self.beats += 1
            if self.beats == 1:
                raise OSError("the database hiccups")
            if self.beats == 3:
                raise Closed(4401)

    async with peer(Watched) as client:
        await client.greet()
        assert await client.closed() == 4401


async def test_a_frame_that_is_being_handled_is_finished_before_the_socket_is_gone(layer):
    """Otherwise what its thread still does would come after what `on_gone` undoes."""
    steps, begun = [], asyncio.Event()

    class Careful(Ear):
        @receives(Busy)
        async def busy(self, frame):
            steps.append("begun")
            begun.set()
            await asyncio.sleep(frame.seconds)
            steps.append("done")

        async def on_gone(self):
            steps.append("gone")

    async with peer(Careful) as client:
        await client.greet()
        client.say({"type": "busy", "id": "1", "seconds": 0.5})
        client.say({"type": "busy", "id": "2", "seconds": 0.5})
        await begun.wait()
        await publish_unstored("acme", [AGENT], Close(code=4409))
        assert await client.closed() == 4409
        await client.ended()
    assert steps == ["begun", "done", "gone"]
    assert client.heard[-1] == {"type": "ack", "id": "1"}


async def test_what_follows_from_the_end_is_tried_again_while_the_service_is_busy(layer, monkeypatch):
    monkeypatch.setattr(tenant_threads, "RETRY_SECONDS", (0.01, 0.02))
    tries = []

    class Leaving(Ear):
        async def on_gone(self):
            tries.append(self)
            if len(tries) < 3:
                raise tenant_threads.Busy

    async with peer(Leaving) as client:
        await client.greet()
    await client.ended()
    assert len(tries) == 3


# --- Slow peers


class Impatient(Ear):
    send_seconds = 0.5
    outbox_frames = 100


async def test_a_consumer_that_is_busy_for_a_second_gets_all_of_500_events(layer):
    async with peer() as client:
        await client.greet()
        client.say({"type": "busy", "id": "1", "seconds": 1})
        for number in range(500):
            await publish_unstored("acme", [AGENT], said(number))
        assert await hear_all(client, 499) == list(range(500))
        while "ack" not in {frame["type"] for frame in client.heard}:  # it may have passed some of them by
            await client.hear()


async def test_a_peer_that_does_not_read_for_a_second_gets_all_of_500_events(layer):
    async with peer() as client:
        await client.greet()
        client.stop_reading()
        for number in range(500):
            await publish_unstored("acme", [AGENT], said(number))
        await asyncio.sleep(1)
        client.read_again()
        assert await hear_all(client, 499) == list(range(500))
        assert client.code is None


@pytest.mark.parametrize(("events", "filling"), [(1, 0), (500, 0), (99, 60_000)])
async def test_a_peer_that_reads_no_more_is_closed_and_has_no_gap(layer, events, filling):
    async with peer(Impatient) as client:
        await client.greet()
        await publish_unstored("acme", [AGENT], said(0))
        await client.hear()
        client.stop_reading()
        for number in range(events):
            await publish_unstored("acme", [AGENT], said(number + 1, "x" * filling))
        await client.ended()
        client.read_again()
    assert client.code in (4408, None)
    assert numbers(client.heard) == list(range(len(numbers(client.heard))))
    assert len(numbers(client.heard)) <= 2


async def test_a_peer_that_reads_too_slowly_is_closed_with_a_code(layer):
    class Sluggish(Ear):
        outbox_frames = 50

    async with peer(Sluggish) as client:
        await client.greet()
        client.stop_reading()
        for number in range(200):
            await publish_unstored("acme", [AGENT], said(number))
        await asyncio.sleep(0.3)
        client.read_again()
        assert await client.closed() == 4408
    heard = numbers(client.heard)
    assert heard == list(range(len(heard)))


async def test_a_peer_that_has_gone_ends_the_socket_quietly(layer, caplog):
    async def gone(message):
        if message["type"] == "websocket.send":
            raise OSError("gone")

    client = peer()
    client._take = gone
    async with client:
        client.say({"type": "hello", "id": "h", "v": 1})
        await client.ended()
    assert "socket_failed" not in caplog.text


# --- Quiet and loss


@pytest.mark.slow
async def test_an_idle_socket_still_hears(layer):
    async with peer() as client:
        await client.greet()
        await asyncio.sleep(6)  # longer than any time-out of the client library
        await publish_unstored("acme", [AGENT], said(1))
        assert await client.hear() == said(1)


def test_an_event_loop_that_ends_takes_its_connections_with_it(settings):
    """Synchronous code runs each call in a loop of its own."""
    layer = ChannelLayer(settings.REDIS_URL)

    async def send_to_itself():
        channel = await layer.new_channel()
        await layer.group_add("g", channel)
        await layer.group_send("g", {"type": "said"})
        assert await layer.receive(channel) == {"type": "said"}
        return await layer.loop_layer()

    first, second = asyncio.run(send_to_itself()), asyncio.run(send_to_itself())
    assert first is not second
    for part in (first, second):
        assert (part.channels, part.groups, part.subscriber.channels) == ({}, {}, frozenset())


async def test_nothing_expires(settings):
    """Other layers forget a group's members after `group_expiry`; this one has no such thing."""
    with pytest.raises(TypeError):
        ChannelLayer(settings.REDIS_URL, group_expiry=1)


async def test_a_lossy_layer_loses_group_messages_and_only_those(settings):
    options = {"BACKEND": "apps.realtime.layer.LossyChannelLayer", "CONFIG": {"url": settings.REDIS_URL, "lose": 0.3}}
    settings.CHANNEL_LAYERS = {"default": options}
    async with peer() as client:
        channel = (await client.greet())["channel"]
        for number in range(400):
            await publish_unstored("acme", [AGENT], said(number))
        await asyncio.sleep(0.3)
        heard = numbers(client.heard)
        assert heard == sorted(heard)
        assert 200 < len(heard) < 360
        layer = SocketConsumer({}, None, None)._layer
        for number in range(1000, 1100):
            await layer.send(channel, event_message(said(number)))
        while client.heard[-1].get("number") != 1099:
            await client.hear()
        assert numbers(client.heard)[len(heard) :] == list(range(1000, 1100))
    await layer.flush()


def test_loss_is_switched_on_by_the_environment(settings, monkeypatch):
    assert ChannelLayer(settings.REDIS_URL)._lose == 0
    assert LossyChannelLayer(settings.REDIS_URL)._lose == 0.05
    monkeypatch.setenv("PARLEY_LOSE_FRAMES", "0.2")
    assert ChannelLayer(settings.REDIS_URL)._lose == 0.2
    assert LossyChannelLayer(settings.REDIS_URL)._lose == 0.2
