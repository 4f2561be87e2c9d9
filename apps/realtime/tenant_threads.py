"""The one way from a socket to the database: a synchronous call, inside the socket's tenant, on a thread of our own."""

import functools
import math
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any, Final, ParamSpec, Protocol, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import schema_context, tenant_context

from apps.core.errors import DomainError
from apps.realtime.choices import Refusal

P = ParamSpec("P")
R = TypeVar("R")

RETRY_SECONDS: Final = (1.0, 2.0)
"""After which a refused call may be tried again: time enough for a full queue to be worked off, and not all at once."""
WAIT_SECONDS: Final = 0.7
"""How old what asks for a call may be when a thread takes the call up: whoever sent it is told while they look."""
_asked_at: ContextVar[float | None] = ContextVar("asked_at", default=None)


class InTenant(Protocol):
    """Anything with a socket's scope: the tenant is in it."""

    scope: dict[str, Any]


class Busy(DomainError):  # noqa: N818 - a refusal, as its base is
    """Too many calls wait for a thread, or this one has waited for too long: it was not started.

    Attributes:
        retry_after: seconds after which to try again.
    """

    def __init__(self) -> None:
        self.retry_after = round(random.uniform(*RETRY_SECONDS), 2)  # noqa: S311 - spreads the load, hides nothing
        super().__init__(Refusal.BUSY, _("The service is busy. Please try again."), retry_after=self.retry_after)


class BoundedThreadPool(ThreadPoolExecutor):
    """A bounded pool of threads with a bounded queue in front of it.

    What cannot be begun in time is refused, so that overload shows at once and nothing that was taken on is lost. A
    call that finds a free thread is always begun.

    Args:
        threads: how many calls run at once.
        backlog: how many more may wait.
    """

    def __init__(self, threads: int, backlog: int) -> None:
        super().__init__(threads, thread_name_prefix="socket-db")
        self._at_once = threads
        self._room = threads + backlog
        self._taken = 0
        self._wait = 0.0  # of the call that was begun last: what the next one has to expect
        self._counting = threading.Lock()

    def submit(self, call: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Queue a call.

        Raises:
            Busy: the queue is full, or so slow that it would be too late. In the future: it has become too late.
        """
        now = time.monotonic()
        latest = (_asked_at.get() or now) + WAIT_SECONDS
        _asked_at.set(None)  # The next call of the same frame has waited for nobody yet.
        with self._counting:
            if self._taken < self._at_once:
                latest = math.inf
            if self._taken >= self._room or now + self._wait > latest:
                raise Busy
            self._taken += 1
        future = super().submit(self._begin, now, latest, functools.partial(call, *args, **kwargs))
        future.add_done_callback(self._done)
        return future

    def _begin(self, submitted: float, latest: float, call: Callable[[], R]) -> R:
        now = time.monotonic()
        self._wait = now - submitted
        if now > latest:
            raise Busy
        return call()

    def _done(self, _future: Future[Any]) -> None:
        with self._counting:
            self._taken -= 1


def count_wait_from(moment: float) -> None:
    """Count what the next call of this task waits from a moment that has passed.

    Args:
        moment: of `time.monotonic`.
    """
    _asked_at.set(moment)


@functools.cache
def socket_threads() -> BoundedThreadPool:
    """The pool of this process."""
    return BoundedThreadPool(getattr(settings, "SOCKET_THREADS", 4), getattr(settings, "SOCKET_BACKLOG", 100))


async def run_in_tenant(tenant: Any, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a synchronous function inside a tenant.

    Args:
        tenant: the tenant's row.
        call: the function; whatever it raises is raised here.
        *args: passed to it.
        **kwargs: passed to it.

    Raises:
        Busy: too many calls are waiting; nothing was done.
    """
    return await _run(tenant_context(tenant), functools.partial(call, *args, **kwargs))


async def run_in_public(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a synchronous function in the public schema; for what comes before a tenant is known.

    Raises:
        Busy: too many calls are waiting; nothing was done.
    """
    return await _run(schema_context("public"), functools.partial(call, *args, **kwargs))


async def _run(schema: AbstractContextManager[None], call: Callable[[], R]) -> R:
    return await sync_to_async(_within, thread_sensitive=False, executor=socket_threads())(schema, call)


def _within(schema: AbstractContextManager[None], call: Callable[[], R]) -> R:
    try:
        with schema:
            return call()
    finally:
        # Back to the pool, whatever state it is in: the pool drops what is broken and rolls back what was left open.
        connection.close()
