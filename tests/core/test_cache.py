"""The cache shares its server with the broker, the sockets and the presence of agents."""

from uuid import uuid4

import redis
from django.core.cache import cache


def test_what_is_cached_is_forgotten_and_nothing_else(valkey: redis.Redis) -> None:
    other = f"other.{uuid4().hex}"
    valkey.set(other, "1", ex=60)
    cache.set("cached", 1)
    cache.clear()
    assert (cache.get("cached"), valkey.get(other)) == (None, "1")
