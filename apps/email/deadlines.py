"""Deadlines of mail."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.email.selectors import channels_unfiled
from apps.email.sweep import SWEEP_DEADLINE, SWEEP_ID, sweep
from apps.timers.deadlines import DEADLINES
from apps.timers.reconcile import reconciles, recurring


def sweep_due(*, object_id: UUID, due_at: datetime) -> None:
    """Time to look for what was left behind."""
    del object_id, due_at
    sweep()


@reconciles(SWEEP_DEADLINE)
def sweeps() -> Iterable[tuple[UUID, datetime]]:
    """The sweep, while something is not filed."""
    return recurring(SWEEP_DEADLINE, SWEEP_ID, needed=bool(channels_unfiled()))


DEADLINES.register(SWEEP_DEADLINE, sweep_due)
