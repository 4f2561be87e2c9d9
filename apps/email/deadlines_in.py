"""Deadlines of received mail."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.email.actions.filing import sweep
from apps.email.selectors_in import channels_unfiled
from apps.email.sweep import SWEEP_DEADLINE, SWEEP_ID
from apps.timers.deadlines import DEADLINES
from apps.timers.reconciliation import deadline_columns, recurring_columns


def sweep_due(*, object_id: UUID, due_at: datetime) -> None:
    """Time to look for what was left behind."""
    del object_id, due_at
    sweep()


@deadline_columns(SWEEP_DEADLINE)
def sweeps() -> Iterable[tuple[UUID, datetime]]:
    """The sweep, while something is not filed."""
    return recurring_columns(SWEEP_DEADLINE, SWEEP_ID, needed=bool(channels_unfiled()))


DEADLINES.register(SWEEP_DEADLINE, sweep_due)
