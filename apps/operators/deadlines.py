"""Deadlines of passes."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.operators.actions import DEADLINE, pass_expire
from apps.operators.models import OperatorPass
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def pass_due(*, object_id: UUID, due_at: datetime) -> None:
    """Its time is over."""
    pass_expire(pass_id=object_id, due_at=due_at)


@deadline_columns(DEADLINE)
def pass_columns() -> Iterable[tuple[UUID, datetime]]:
    """Every pass that has not ended."""
    return list(OperatorPass.objects.filter(ended_at=None).values_list("pk", "expires_at"))


DEADLINES.register(DEADLINE, pass_due)
