"""The channel layer's part in one event loop: its connections, its channels and groups, and what they have not read."""

import random
from collections.abc import AsyncGenerator
from typing import Any, Final

import msgspec
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

from apps.realtime.frames import Resync, event_message
from apps.realtime.light_queue import LightQueue
from apps.realtime.subscriber import Subscriber

RETRIES: Final = 6
"""How often sending is tried again, over some three seconds, while Valkey restarts."""

Message = dict[str, Any]


def encode_message(message: Message) -> bytes:
    """A message as Valkey carries it."""
    return msgspec.msgpack.encode(message)


def decode_message(payload: bytes) -> Message:
    """What `encode_message` made of a message."""
    return msgspec.msgpack.decode(payload, type=Message)


class LoopLayer:
    """The part of the channel layer that belongs to one event loop: its connections, and who listens in it.

    Args:
        url: the Redis or Valkey server.
        lose: share of group messages to drop on purpose, 0 to 1.

    Attributes:
        channels: what each channel has not received yet, encoded.
        groups: the channels in each group, by the group's name on the wire.
        subscriber: what it listens to.
    """

    def __init__(self, url: str, lose: float) -> None:
        self.channels: dict[str, LightQueue[bytes]] = {}
        self.groups: dict[str, set[str]] = {}
        self._lose = lose
        self._client = redis.asyncio.Redis.from_url(
            url,
            protocol=2,
            socket_connect_timeout=2,
            health_check_interval=15,
            retry=Retry(ExponentialBackoff(cap=1, base=0.05), RETRIES),
        )
        self.subscriber = Subscriber(url, self._deliver, self._resync)
        self._lifetime = self._live()

    async def start(self) -> None:
        """Close all connections when the event loop ends: it ends the generators that were begun in it."""
        await anext(self._lifetime)

    async def publish(self, name: str, payload: bytes) -> None:
        """Send to a channel, or to all that are in a group.

        Raises:
            redis.RedisError: Valkey cannot be reached.
        """
        await self._client.publish(name, payload)

    async def open(self, channel: str) -> LightQueue[bytes]:
        """The queue of a channel, which is listened to once this returns, and forgotten if this raises.

        Raises:
            TimeoutError: Valkey cannot be reached.
        """
        if channel not in self.channels:
            self.channels[channel] = LightQueue()
            try:
                await self.subscriber.subscribe(channel)
            except BaseException:
                await self.close(channel)
                raise
        return self.channels[channel]

    async def close(self, channel: str) -> None:
        """Remove a channel: its queue and its subscription."""
        self.channels.pop(channel, None)
        await self.subscriber.unsubscribe(channel)

    async def join(self, group: str, channel: str) -> None:
        """Add a channel to a group; it is in it once this returns, and not in it if this raises.

        Raises:
            RuntimeError: the channel is none of this event loop.
            TimeoutError: Valkey cannot be reached.
        """
        if channel not in self.channels:
            raise RuntimeError("only a channel that is open here joins a group")
        self.groups.setdefault(group, set()).add(channel)
        try:
            await self.subscriber.subscribe(group)
        except BaseException:
            await self.leave(group, channel)
            raise

    async def leave(self, group: str, channel: str) -> None:
        """Take a channel out of a group, if it is in it."""
        members = self.groups.get(group, set())
        members.discard(channel)
        if not members and self.groups.pop(group, None) is not None:
            await self.subscriber.unsubscribe(group)

    async def flush(self) -> None:
        """Forget all channels and groups, and close all connections."""
        self.channels.clear()
        self.groups.clear()
        await self.subscriber.close()
        await self._client.aclose()

    async def _live(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await self.flush()

    def _deliver(self, name: str, payload: bytes) -> None:
        if name in self.channels:
            self.channels[name].put(payload)
        elif name in self.groups and not self._drops():
            for channel in self.groups[name] & self.channels.keys():
                self.channels[channel].put(payload)

    def _drops(self) -> bool:
        return self._lose > 0 and random.random() < self._lose  # noqa: S311 - no secret

    def _resync(self) -> None:
        """Tell every socket of this process that it may have missed events."""
        message = encode_message(event_message(Resync()))
        for queue in self.channels.values():
            queue.put(message)
