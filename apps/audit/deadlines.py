"""The deadline of the log: each day its head is signed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.audit.actions import audit_night
from apps.audit.models import AuditSettings
from apps.audit.steps import SEAL_DEADLINE, SEAL_ID
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def seal_due(*, object_id: UUID, due_at: datetime) -> None:
    """A day is over."""
    del object_id
    audit_night(due_at=due_at)


DEADLINES.register(SEAL_DEADLINE, seal_due)


@deadline_columns(SEAL_DEADLINE)
def nights() -> Iterable[tuple[UUID, datetime]]:
    """The next night of this tenant."""
    planned = AuditSettings.objects.exclude(seal_due_at=None).values_list("seal_due_at", flat=True)
    return [(SEAL_ID, due_at) for due_at in planned if due_at is not None]
