"""Which customers have a page open: a set of pages in Valkey, refreshed by their sockets, never a row."""

import time
from typing import Any
from uuid import UUID

import redis
import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)

BEAT_SECONDS = 30.0
KEPT_SECONDS = 75


def presence_keep(whose: UUID, page: str) -> bool:
    """A page of this customer's is open; said again at every beat.

    Args:
        whose: `Visitor.whose`, or the browser's own id while it has no row.
        page: the page's socket.

    Returns:
        Whether it is the only one.
    """
    try:
        now = time.time()
        with _client(whose).pipeline(transaction=False) as pipeline:
            pipeline.zadd(_key(whose), {page: now + KEPT_SECONDS}).expire(_key(whose), KEPT_SECONDS)
            return int(pipeline.zcount(_key(whose), now, "+inf").execute()[-1]) == 1
    except (redis.RedisError, OSError) as failure:
        log.warning("chat.presence_lost", error=repr(failure))
        return False


def presence_drop(whose: UUID, page: str) -> bool:
    """A page of this customer's was closed.

    Returns:
        Whether it was the last; without Valkey nobody knows, and it is taken for the last.
    """
    try:
        with _client(whose).pipeline(transaction=False) as pipeline:
            pipeline.zrem(_key(whose), page).zcount(_key(whose), time.time(), "+inf")
            return int(pipeline.execute()[-1]) == 0
    except (redis.RedisError, OSError) as failure:
        log.warning("chat.presence_lost", error=repr(failure))
        return True


def is_present(whose: UUID) -> bool:
    """Whether a page of this customer's is open; without Valkey, in the customer's favour."""
    try:
        return int(_client(whose).zcount(_key(whose), time.time(), "+inf")) > 0
    except (redis.RedisError, OSError):
        return True


def _client(whose: UUID) -> Any:
    backend: Any = cache
    return backend._cache.get_client(_key(whose), write=True)  # noqa: SLF001 - Django's only way to the client


def _key(whose: UUID) -> str:
    backend: Any = cache
    return str(backend.make_and_validate_key(f"chat.here.{whose.hex}"))
