"""The channel layer: Valkey's pub/sub, at most once (the screens' numbers make up for what is lost)."""

import os
from typing import Any

import msgpack  # type: ignore[import-untyped]
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff


def default_prefix() -> str:
    """A prefix for this database: pub/sub knows no database numbers, and two databases may have schemas of one name."""
    return f"parley.{settings.DATABASES['default']['NAME']}."


class ChannelLayer(RedisPubSubChannelLayer):  # type: ignore[misc]
    """The pub/sub layer of channels_redis, made to ride out a restart of Valkey.

    Args:
        url: the Redis or Valkey server.
        prefix: in front of every channel's name; one of the database by default.
        lose: share of group messages to drop on purpose, 0 to 1; `PARLEY_LOSE_FRAMES` by default.
    """

    def __init__(self, url: str, prefix: str | None = None, lose: float | None = None) -> None:
        self.url = url
        self.prefix = default_prefix() if prefix is None else prefix
        self.lose = float(os.environ.get("PARLEY_LOSE_FRAMES") or 0) if lose is None else lose
        host = {
            "address": url,
            "retry": Retry(ExponentialBackoff(cap=1, base=0.05), 6),
            "health_check_interval": 15,
            "socket_connect_timeout": 2,
        }
        super().__init__(hosts=[host], prefix=self.prefix)

    def wire(self, group: str, message: dict[str, Any]) -> tuple[str, bytes]:
        """Channel and payload by which a plain PUBLISH equals `group_send`."""
        return f"{self.prefix}__group__{group}", msgpack.packb(message)
