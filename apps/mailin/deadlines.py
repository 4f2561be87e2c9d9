"""Deadlines of received mail."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.mailin.actions.filing import mails_sweep
from apps.mailin.selectors import channels_unfiled
from apps.mailin.steps.ledger import SWEEP_DEADLINE, SWEEP_ID
from apps.timers.reconciliation import deadline_columns, recurring_columns
from apps.timers.registry import DEADLINES


def sweep_due(*, object_id: UUID, due_at: datetime) -> None:
    """Time to look for what was left behind."""
    del object_id, due_at
    mails_sweep()


@deadline_columns(SWEEP_DEADLINE)
def sweep_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """The sweep, while something is not filed."""
    return recurring_columns(SWEEP_DEADLINE, SWEEP_ID, needed=bool(channels_unfiled()))


DEADLINES.register(SWEEP_DEADLINE, sweep_due)
