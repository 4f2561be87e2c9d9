"""How much may be asked of us: fixed windows, counted in Valkey within the current tenant."""

import time
from dataclasses import dataclass, replace
from uuid import UUID

import redis
import structlog
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.cache import counter_add
from apps.core.choices import Refusal
from apps.core.errors import DomainError

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many in so long.

    Attributes:
        name: part of the counter's key.
        count: how many are allowed in one window.
        seconds: length of the window.
    """

    name: str
    count: int
    seconds: int

    def for_owner(self, owner: UUID, count: int) -> "Limit":
        """The same limit as one widget has it: counted for itself, with its own number."""
        return replace(self, name=f"{self.name}.{owner.hex}", count=count)


def limit_take(limit: Limit, who: str) -> str:
    """Count one use.

    Without Valkey nothing is counted: a customer who can't write is worse than one who writes too much.

    Args:
        limit: what is limited.
        who: whose use it is; empty for those who are not counted.

    Returns:
        The counter, for `limit_give_back`; empty where nothing was counted.

    Raises:
        DomainError: ``slow_down`` with ``retry_after`` in seconds, when the window is used up.
    """
    if not who:
        return ""
    now = time.time()
    window = int(now // limit.seconds)
    key = f"limit.{limit.name}.{who}.{window}"
    used = _count(key, limit, 1)
    if used > limit.count:
        retry_after = max(1, round((window + 1) * limit.seconds - now))
        raise DomainError(Refusal.SLOW_DOWN, _sentence(retry_after), retry_after=retry_after)
    return key if used else ""


def limit_give_back(limit: Limit, key: str) -> None:
    """Take one use back that turned out to be none.

    Args:
        limit: what is limited.
        key: what `limit_take` returned.
    """
    if key:
        _count(key, limit, -1)


def _count(key: str, limit: Limit, by: int) -> int:
    try:
        return counter_add(key, seconds=limit.seconds, by=by)
    except (redis.RedisError, OSError) as failure:
        log.warning("core.limit_not_counted", limit=limit.name, error=repr(failure))
        return 0


def _sentence(seconds: int) -> str:
    if seconds <= 60:
        return _("Too much at once. Please try again in a minute.")
    minutes = -(-seconds // 60)
    return ngettext(
        "Too much at once. Please try again in %(minutes)d minute.",
        "Too much at once. Please try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
