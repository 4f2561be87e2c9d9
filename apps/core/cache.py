"""The cache: Django's, on connections that the whole process shares, and counters in one round trip."""

from typing import Any

from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache

_clients: dict[tuple[str, ...], Any] = {}


class ValkeyCache(RedisCache):
    """Django's cache on Valkey.

    Django makes a cache object, and with it a pool of connections, for each thread and for each context: a call from a
    socket, which has a context of its own, would connect anew every time.
    """

    @property
    def _cache(self) -> Any:
        servers = tuple(self._servers)  # type: ignore[attr-defined]
        if servers not in _clients:
            _clients[servers] = self._class(self._servers, **self._options)  # type: ignore[attr-defined]
        return _clients[servers]

    def clear(self) -> None:
        """Forget what is cached, of all tenants; what else lies on the same server stays."""
        client = self._cache.get_client(write=True)
        for key in client.scan_iter(match=f"*:{self.key_prefix}:{self.version}:*", count=1000):
            client.delete(key)


def counter_add(key: str, *, seconds: int, by: int = 1) -> int:
    """Count one more under a key of the current tenant; forgotten `seconds` after the first one.

    Args:
        key: what is counted.
        seconds: how long.
        by: how many more.

    Returns:
        How many there are now.

    Raises:
        redis.RedisError: Valkey cannot be reached.
    """
    backend: Any = cache
    client = backend._cache.get_client(key, write=True)  # noqa: SLF001 - Django's only way to the client
    full_key = backend.make_and_validate_key(key)
    with client.pipeline(transaction=False) as pipeline:
        return int(pipeline.incrby(full_key, by).expire(full_key, seconds, nx=True).execute()[0])
