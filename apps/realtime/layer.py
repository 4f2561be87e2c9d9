"""The channel layer: Valkey's pub/sub, at most once. Screens make up for what is lost by their numbers.

It is the pub/sub layer of channels_redis on connections of our own, with four things added: joining a group waits until
Valkey listens; a lost connection ends in a `resync` to every socket of the process; a silent one is given up; a closed
socket leaves nothing behind.
"""

import asyncio
import os
import random
from collections.abc import Iterable
from typing import Any, ClassVar, Final

import redis.asyncio
import structlog
from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer
from channels_redis.utils import _wrap_close
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

from apps.realtime.frames import Resync, event_message
from apps.realtime.subscriber import Subscriber

log = structlog.get_logger(__name__)

RETRIES: Final = 6
"""How often sending is tried again, over some three seconds, while Valkey restarts."""


def default_prefix() -> str:
    """A prefix for this database: pub/sub knows no database numbers, and two databases may have schemas of one name."""
    return f"parley.{settings.DATABASES['default']['NAME']}."


class Shard:
    """One server, in the shape that channels_redis gives it: what an event loop sends to it and hears from it.

    Args:
        url: the Redis or Valkey server.
        layer: the layer of the event loop.
        lose: share of group messages to drop on purpose.
    """

    def __init__(self, url: str, layer: "LoopLayer", lose: float) -> None:
        self._layer = layer
        self._lose = lose
        self._client = redis.asyncio.Redis.from_url(
            url,
            protocol=2,
            socket_connect_timeout=2,
            health_check_interval=15,
            retry=Retry(ExponentialBackoff(cap=1, base=0.05), RETRIES),
        )
        self.subscriber = Subscriber(url, self._deliver, layer.resync)
        self.subscribe = self.subscriber.subscribe
        self.unsubscribe = self.subscriber.unsubscribe

    async def publish(self, channel: str, payload: bytes) -> None:
        """Send a message.

        Raises:
            redis.RedisError: Valkey cannot be reached.
        """
        await self._client.publish(channel, payload)

    async def flush(self) -> None:
        """Close all connections."""
        await self.subscriber.close()
        await self._client.aclose()

    def _deliver(self, name: str, payload: bytes) -> None:
        channels = self._layer.channels
        if name in channels:
            channels[name].put_nowait(payload)
        elif name in self._layer.groups and not self._drops():
            for channel in self._layer.groups[name]:
                if channel in channels:
                    channels[channel].put_nowait(payload)

    def _drops(self) -> bool:
        return self._lose > 0 and random.random() < self._lose  # noqa: S311 - no secret


class LoopLayer(RedisPubSubLoopLayer):  # type: ignore[misc]
    """The layer of one event loop."""

    def __init__(self, url: str, prefix: str, lose: float, channel_layer: "ChannelLayer") -> None:
        super().__init__(prefix=prefix, channel_layer=channel_layer)
        self._shards = [Shard(url, self, lose)]

    async def group_add(self, group: str, channel: str) -> None:
        """Add a channel to a group; it is in it once this returns, and not in it if this raises.

        Raises:
            TimeoutError: Valkey cannot be reached.
        """
        try:
            await super().group_add(group, channel)
        except BaseException:
            await self.group_discard(group, channel)
            raise

    async def _subscribe_to_channel(self, channel: str) -> None:
        try:
            await super()._subscribe_to_channel(channel)
        except BaseException:
            await self.forget(channel, ())
            raise

    def resync(self) -> None:
        """Tell every socket of this process that it may have missed events."""
        message = self.channel_layer.serialize(event_message(Resync()))
        for queue in self.channels.values():
            queue.put_nowait(message)

    async def forget(self, channel: str, groups: Iterable[str]) -> None:
        """Remove a channel for good: its queue, its groups, its subscription.

        Args:
            channel: what `new_channel` returned.
            groups: all that it was added to.
        """
        self.channels.pop(channel, None)
        for group in groups:
            await self.group_discard(group, channel)
        await self._get_shard(channel).unsubscribe(channel)


class ChannelLayer(RedisPubSubChannelLayer):  # type: ignore[misc]
    """The layer of the process; every event loop gets its own part.

    Args:
        url: the Redis or Valkey server.
        prefix: in front of every channel's name; one of the database by default.
        lose: share of group messages to drop on purpose, 0 to 1; by default the environment's `PARLEY_LOSE_FRAMES`.
    """

    lose: ClassVar[float] = 0.0

    def __init__(self, url: str, prefix: str | None = None, lose: float | None = None) -> None:
        super().__init__()
        self.url = url
        self.prefix = default_prefix() if prefix is None else prefix
        self._lose = _share(lose, self.lose)
        if self._lose:
            log.warning("realtime.losing_frames_on_purpose", share=self._lose)

    def wire(self, group: str, message: dict[str, Any]) -> tuple[str, bytes]:
        """Channel and payload by which a plain PUBLISH equals `group_send`."""
        return f"{self.prefix}__group__{group}", self.serialize(message)

    async def forget(self, channel: str, groups: Iterable[str]) -> None:
        """Remove a channel for good; see `LoopLayer.forget`."""
        await self._get_layer().forget(channel, groups)

    def _get_layer(self) -> LoopLayer:
        loop = asyncio.get_running_loop()
        layer: LoopLayer | None = self._layers.get(loop)
        if layer is None:
            layer = self._layers[loop] = LoopLayer(self.url, self.prefix, self._lose, self)
            _wrap_close(self, loop)
        return layer


class LossyChannelLayer(ChannelLayer):
    """Loses one group message in twenty: everything must work with it too."""

    lose = 0.05


def _share(wanted: float | None, otherwise: float) -> float:
    if wanted is not None:
        return wanted
    return float(os.environ.get("PARLEY_LOSE_FRAMES") or otherwise)
