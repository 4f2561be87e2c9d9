"""Which browsers have a page open: a key in Valkey, refreshed by their sockets, never a row."""

from uuid import UUID

import redis
import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)

BEAT_SECONDS = 30.0
KEPT_SECONDS = 75


def presence_keep(visitor: UUID) -> None:
    """A page of this browser is open; said again at every beat."""
    try:
        cache.set(_key(visitor), 1, timeout=KEPT_SECONDS)
    except (redis.RedisError, OSError) as failure:
        log.warning("chat.presence_lost", error=repr(failure))


def presence_drop(visitor: UUID) -> None:
    """A page of this browser was closed; another one that is open says so at its next beat."""
    try:
        cache.delete(_key(visitor))
    except (redis.RedisError, OSError) as failure:
        log.warning("chat.presence_lost", error=repr(failure))


def is_present(visitor: UUID) -> bool:
    """Whether a page of this browser is open; without Valkey, in the customer's favour."""
    try:
        return cache.get(_key(visitor)) is not None
    except (redis.RedisError, OSError):
        return True


def _key(visitor: UUID) -> str:
    return f"chat.here.{visitor.hex}"
