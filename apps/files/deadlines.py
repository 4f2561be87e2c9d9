"""Deadlines of files."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.files.actions import file_unsent_expire
from apps.files.models import StoredFile
from apps.files.steps import UNSENT_DEADLINE
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def unsent_due(*, object_id: UUID, due_at: datetime) -> None:
    """A file was uploaded a day ago, and went with nothing."""
    file_unsent_expire(file_id=object_id, due_at=due_at)


DEADLINES.register(UNSENT_DEADLINE, unsent_due)


@deadline_columns(UNSENT_DEADLINE)
def files_unsent() -> Iterable[tuple[UUID, datetime]]:
    """Every upload that has not been sent."""
    rows = StoredFile.objects.exclude(unsent_until=None).values_list("pk", "unsent_until")
    return [(pk, until) for pk, until in rows if until is not None]
