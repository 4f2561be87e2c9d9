"""Imports whose worker has died, and those that nobody confirms."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.imports.actions import import_look_after
from apps.imports.models import ImportJob
from apps.imports.steps import LOOK_DEADLINE
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def look_due(*, object_id: UUID, due_at: datetime) -> None:
    """Somebody looks after an import."""
    import_look_after(job_id=object_id, due_at=due_at)


@deadline_columns(LOOK_DEADLINE)
def look_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """Every import that can still become something."""
    rows = ImportJob.objects.filter(look_after_at__isnull=False).values_list("pk", "look_after_at")
    return [(pk, at) for pk, at in rows if at is not None]


DEADLINES.register(LOOK_DEADLINE, look_due)
