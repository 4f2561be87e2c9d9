"""Sockets while Valkey dies, hangs and comes back."""

import asyncio
from uuid import UUID

import pytest

from apps.realtime import subscriber
from apps.realtime.consumers import SocketConsumer
from apps.realtime.frame_handlers import receives
from apps.realtime.frames import ClientFrame
from apps.realtime.publish import agent_group, publish_unstored, tenant_group
from tests.support.peer import Peer, tenant

AGENT = agent_group(UUID(int=7))


class Move(ClientFrame, tag="move"):
    join: list[str] = []
    leave: list[str] = []


class Ear(SocketConsumer):
    async def on_hello(self, hello):
        await self.join(AGENT)

    @receives(Move)
    async def move(self, frame):
        await self.join(*frame.join)
        await self.leave(*frame.leave)


def peer():
    return Peer(Ear.as_asgi(), tenant=tenant())


async def hear(client, kind):
    while True:
        frame = await client.hear(20)
        if frame["type"] == kind:
            return frame


async def test_after_a_restart_every_socket_is_told_to_ask_again_and_hears_again(own_valkey, layer):
    async with peer() as one, peer() as two:
        await one.greet()
        await two.greet()
        for number in range(3):
            own_valkey.kill()
            await asyncio.sleep(0.3)
            own_valkey.start()
            await hear(one, "resync")
            await hear(two, "resync")
            await publish_unstored("acme", [AGENT], {"type": "said", "number": number})
            assert (await hear(one, "said"))["number"] == number
            assert (await hear(two, "said"))["number"] == number


@pytest.mark.slow
async def test_a_silent_connection_is_given_up(own_valkey, layer, monkeypatch):
    monkeypatch.setattr(subscriber, "HEALTH_SECONDS", 1)
    async with peer() as client:
        await client.greet()
        own_valkey.freeze()
        await asyncio.sleep(3)
        own_valkey.thaw()
        await hear(client, "resync")
        await publish_unstored("acme", [AGENT], {"type": "said", "number": 1})
        assert (await hear(client, "said"))["number"] == 1


@pytest.mark.slow
async def test_an_idle_connection_is_not_given_up(own_valkey, layer, monkeypatch):
    monkeypatch.setattr(subscriber, "HEALTH_SECONDS", 1)
    async with peer() as client:
        await client.greet()
        assert await client.hears_nothing(4)


@pytest.mark.slow
async def test_without_valkey_a_socket_says_to_try_later(own_valkey, layer):
    own_valkey.kill()
    async with peer() as client:
        assert await client.closed() == 1013
    inside = await layer.loop_layer()
    assert (inside.channels, inside.groups) == ({}, {})


@pytest.mark.slow
async def test_joining_and_leaving_while_valkey_dies_again_and_again_leaves_no_deaf_socket(own_valkey, layer):
    """Whatever a join answers is true: acked means listening."""

    async def wander(number):
        """Join and leave with the wind; at the end, on whatever socket is left or a new one, be in one's own group."""
        group = tenant_group(f"g{number % 3}")
        while not calm.is_set():
            async with peer() as client:
                try:
                    await client.greet()
                    for step in range(20):
                        client.say({"type": "move", "id": str(step), ("join", "leave")[step % 2]: [group]})
                        await asyncio.sleep(0.05)
                        if calm.is_set():
                            break
                except AssertionError:
                    await asyncio.sleep(0.1)
        async with peer() as client:
            await client.greet()
            await client.ask({"type": "move", "id": "last", "join": [group]})
            ready.release()
            assert (await hear(client, "said"))["number"] == number % 3

    calm, ready = asyncio.Event(), asyncio.Semaphore(0)
    tasks = [asyncio.create_task(wander(number)) for number in range(12)]
    for _ in range(4):
        await asyncio.sleep(0.7)
        own_valkey.kill()
        await asyncio.sleep(0.2)
        own_valkey.start()
    await asyncio.sleep(1)
    calm.set()
    for _ in tasks:
        async with asyncio.timeout(20):
            await ready.acquire()
    for number in range(3):
        await publish_unstored("acme", [tenant_group(f"g{number}")], {"type": "said", "number": number})
    await asyncio.gather(*tasks)


@pytest.mark.parametrize("again", range(2))
async def test_a_socket_that_lived_through_it_all_is_not_deaf(own_valkey, layer, again):
    """Others come and go on the same connection while it is made anew."""

    async def passer_by():
        while not calm.is_set():
            async with peer() as client:
                try:
                    await client.greet()
                except AssertionError:
                    await asyncio.sleep(0.05)

    calm = asyncio.Event()
    async with peer() as old:
        await old.greet()
        tasks = [asyncio.create_task(passer_by()) for _ in range(6)]
        for _ in range(3):
            await asyncio.sleep(0.4)
            own_valkey.kill()
            own_valkey.start()
            await hear(old, "resync")
        calm.set()
        await asyncio.gather(*tasks)
        await publish_unstored("acme", [AGENT], {"type": "said", "number": 1})
        assert (await hear(old, "said"))["number"] == 1
