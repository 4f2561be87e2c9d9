"""Claims due wake-ups and hands them to the workers. Any number of runners may run."""

import math
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db import connection
from django.db.models import Min
from django.utils import timezone
from django_tenants.utils import get_tenant_model

from apps.timers.actions.outages import HEARTBEAT_EVERY, heartbeat_record
from apps.timers.actions.wakeups import ClaimedWakeup, WakeupPayload, wakeups_claim
from apps.timers.models import Wakeup
from apps.timers.tasks import BATCH, fire_wakeups

log = structlog.get_logger(__name__)

IDLE_SECONDS: Final = 0.5
"""Longest sleep; a wake-up that is set meanwhile for earlier is this late at most."""
GATHER_SECONDS: Final = 0.05
"""Pause after a claim: in a burst the next one finds enough for few, full messages."""
SPREAD: Final = 4
"""Messages among which a small number of wake-ups is spread, for as many threads of workers."""
BACKLOG: Final = 30
"""Messages that may wait for a worker; no more is claimed than fits, lest leases run out in the queue."""
BACKLOG_SECONDS: Final = 0.1
OVERDUE: Final = timedelta(seconds=60)
"""A claimed wake-up that is older than this is worth a warning, once a minute."""


def wakeup_batches(claimed: list[ClaimedWakeup]) -> Iterator[list[WakeupPayload]]:
    """The claimed wake-ups as the messages that carry them; a few go one by one, so that none waits for a slow one."""
    size = max(1, min(BATCH, -(-len(claimed) // SPREAD)))
    for start in range(0, len(claimed), size):
        yield [due.payload() for due in claimed[start : start + size]]


class Runner:
    """Claims and hands over until it is told to stop.

    It may be killed at any point: what it claimed and did not hand over comes up again when the lease is over.
    """

    def __init__(self) -> None:
        self._app: Any = fire_wakeups.app
        self._failing = False
        self._warned_at = 0.0
        self._beat_at = -math.inf

    def run(self) -> None:
        """Work for good; a database or a broker that is away is waited for."""
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        while True:
            try:
                pause = self.step()
                self._working()
            except Exception as failure:
                self._fails(failure)
                pause = IDLE_SECONDS
            time.sleep(pause)

    def step(self) -> float:
        """Claim once, and hand over what was claimed.

        Returns:
            Seconds until there may be more to do.
        """
        self._beat()
        room = BACKLOG - self._queued()
        if room <= 0:
            return BACKLOG_SECONDS
        claimed = wakeups_claim(limit=room * BATCH)
        if not claimed:
            return self._until_next()
        self._warn_if_overdue(claimed)
        self._hand_over(claimed)
        return GATHER_SECONDS

    def _beat(self) -> None:
        """Show that we are alive, before anything is claimed: what comes due after an outage must know of it."""
        if time.monotonic() - self._beat_at >= HEARTBEAT_EVERY.total_seconds():
            heartbeat_record()
            self._beat_at = time.monotonic()

    def _hand_over(self, claimed: list[ClaimedWakeup]) -> None:
        with self._app.producer_pool.acquire(block=True) as producer:
            for wakeups in wakeup_batches(claimed):
                fire_wakeups.apply_async((wakeups,), producer=producer, retry_policy={"max_retries": 1})

    def _queued(self) -> int:
        """How many messages wait for a worker."""
        with self._app.pool.acquire(block=True) as broker:
            return int(broker.default_channel.queue_declare(self._app.conf.task_default_queue).message_count)

    def _until_next(self) -> float:
        first = Wakeup.objects.aggregate(first=Min("run_after"))["first"]
        if first is None:
            return IDLE_SECONDS
        seconds: float = (first - timezone.now()).total_seconds()
        return min(IDLE_SECONDS, max(0.0, seconds))

    def _warn_if_overdue(self, claimed: list[ClaimedWakeup]) -> None:
        late_since = timezone.now() - OVERDUE
        if claimed[0].due_at >= late_since or time.monotonic() - self._warned_at <= 60:
            return
        # What belongs to a frozen tenant is meant to wait.
        frozen = set(get_tenant_model().objects.filter(is_frozen=True).values_list("schema_name", flat=True))
        late = (due for due in claimed if due.due_at < late_since and due.schema not in frozen)
        if oldest := next(late, None):
            self._warned_at = time.monotonic()
            seconds = round((timezone.now() - oldest.due_at).total_seconds())
            log.warning("timers.overdue", seconds=seconds, kind=oldest.kind, schema=oldest.schema)

    def _fails(self, failure: Exception) -> None:
        connection.close()
        if not self._failing:
            log.error("timers.interrupted", error=repr(failure))
        self._failing = True

    def _working(self) -> None:
        if self._failing:
            log.warning("timers.resumed")
        self._failing = False
