"""The channel layer: Valkey's pub/sub, at most once. Screens make up for what is lost by their numbers.

It is the pub/sub layer of channels_redis, with four things added: joining a group waits until Valkey listens; a lost
connection ends in a `resync` to every socket of the process; a silent one is given up; a closed socket leaves nothing.
"""

import asyncio
import os
import random
from collections.abc import Iterable
from typing import Any, ClassVar, Final

import structlog
from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer, RedisSingleShardConnection
from channels_redis.utils import _wrap_close
from django.conf import settings
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as ServerGone

from apps.realtime.frames import Resync, event

log = structlog.get_logger(__name__)

SUBSCRIBE_SECONDS: Final = 3.0
"""How long Valkey may take to confirm a subscription."""

HEALTH_SECONDS: Final = 15
"""A connection that has been silent for so long is pinged, and given up after as long again."""


def default_prefix() -> str:
    """A prefix for this database: pub/sub knows no database numbers, and two databases may have schemas of one name."""
    return f"parley.{settings.DATABASES['default']['NAME']}."


class Subscriptions(PubSub):
    """One connection's subscriptions, which knows when Valkey has confirmed them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.confirmed: set[str] = set()
        self.waiting: dict[str, asyncio.Future[None]] = {}
        self.resubscribed = asyncio.Event()
        self._awaited: set[str] = set()

    async def on_connect(self, connection: Any) -> None:
        """Subscribe again after the connection was lost; what was published meanwhile is lost too."""
        self.confirmed.clear()
        self._awaited = {_text(name) for name in self.channels}
        log.warning("realtime.reconnected", channels=len(self._awaited))
        await super().on_connect(connection)

    async def handle_message(self, response: Any, ignore_subscribe_messages: bool = False) -> Any:
        """Take note of confirmations, pass everything else on."""
        if isinstance(response, list) and response[0] in (b"subscribe", "subscribe"):
            self._confirm(_text(response[1]))
        return await super().handle_message(response, ignore_subscribe_messages)  # type: ignore[no-untyped-call]

    async def check_health(self) -> None:
        """Ping now and then, and give a connection up that has not answered since.

        Raises:
            ServerGone: the connection is silent; reading again connects anew.
        """
        connection: Any = self.connection
        silent = asyncio.get_running_loop().time() - connection.next_health_check
        if connection.is_connected and silent > connection.health_check_interval > 0:
            await connection.disconnect(nowait=True)
            connection.next_health_check = asyncio.get_running_loop().time()
            raise ServerGone("Valkey does not answer")
        await super().check_health()  # type: ignore[no-untyped-call]

    async def confirmation(self, channel: str) -> None:
        """Wait until Valkey listens for this channel.

        Raises:
            TimeoutError: it did not say so in time.
        """
        if channel in self.confirmed:
            return
        waiting = self.waiting.setdefault(channel, asyncio.get_running_loop().create_future())
        async with asyncio.timeout(SUBSCRIBE_SECONDS):
            await asyncio.shield(waiting)

    def _confirm(self, channel: str) -> None:
        self.confirmed.add(channel)
        if waiting := self.waiting.pop(channel, None):
            waiting.set_result(None)
        if self._awaited:
            self._awaited.discard(channel)
            if not self._awaited:
                self.resubscribed.set()


class Connection(RedisSingleShardConnection):  # type: ignore[misc]
    """What the process listens to, and what it sends from its event loop.

    Args:
        host: as channels_redis describes a server.
        layer: the layer of the event loop.
        lose: share of group messages to drop on purpose.
    """

    _pubsub: Subscriptions | None

    def __init__(self, host: dict[str, Any], layer: "LoopLayer", lose: float) -> None:
        super().__init__(host, layer)
        self._lose = lose

    async def subscribe(self, channel: str) -> None:
        """Listen to a channel; returns when Valkey does so.

        Raises:
            TimeoutError: Valkey did not confirm it in time.
            redis.RedisError: Valkey cannot be reached.
        """
        await super().subscribe(channel)
        if self._pubsub is not None:
            await self._pubsub.confirmation(channel)

    async def unsubscribe(self, channel: str) -> None:
        """Listen to a channel no longer."""
        if self._pubsub is not None:
            self._pubsub.confirmed.discard(channel)
        await super().unsubscribe(channel)

    def _ensure_redis(self) -> None:
        if self._redis is None:
            super()._ensure_redis()
            client: Any = self._redis
            self._pubsub = Subscriptions(client.connection_pool)

    def _receive_message(self, message: Any) -> None:
        if message is not None and not self._drops(_text(message["channel"])):
            super()._receive_message(message)
        if self._pubsub is not None and self._pubsub.resubscribed.is_set():
            self._pubsub.resubscribed.clear()
            self.channel_layer.resync()

    def _drops(self, name: str) -> bool:
        return self._lose > 0 and name in self.channel_layer.groups and random.random() < self._lose  # noqa: S311


class LoopLayer(RedisPubSubLoopLayer):  # type: ignore[misc]
    """The layer of one event loop."""

    def __init__(self, host: dict[str, Any], prefix: str, lose: float, channel_layer: "ChannelLayer") -> None:
        super().__init__(hosts=[host], prefix=prefix, channel_layer=channel_layer)
        self._shards = [Connection(host, self, lose)]

    def resync(self) -> None:
        """Tell every socket of this process that it may have missed events."""
        message = self.channel_layer.serialize(event(Resync()))
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
            layer = self._layers[loop] = LoopLayer(self._host(), self.prefix, self._lose, self)
            _wrap_close(self, loop)
        return layer

    def _host(self) -> dict[str, Any]:
        """Options with which a restart of Valkey is ridden out: an idle socket is no error, an unanswered ping is."""
        return {
            "address": self.url,
            "protocol": 2,
            "retry": Retry(ExponentialBackoff(cap=1, base=0.05), 6),
            "health_check_interval": HEALTH_SECONDS,
            "socket_connect_timeout": 2,
        }


class LossyChannelLayer(ChannelLayer):
    """Loses one group message in twenty: everything must work with it too."""

    lose = 0.05


def _share(wanted: float | None, otherwise: float) -> float:
    if wanted is not None:
        return wanted
    return float(os.environ.get("PARLEY_LOSE_FRAMES") or otherwise)


def _text(name: bytes | str) -> str:
    return name.decode() if isinstance(name, bytes) else name
