"""Wake-ups that are set and cleared in the transaction of whoever holds the lock of their owner."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from apps.core.rows import rows_delete
from apps.timers.models import Outage, Wakeup

# Written out: nearly every action sets a wake-up, and Django would compile each of them anew.
ENSURE: Final = """
INSERT INTO timers_wakeup (schema, kind, object_id, due_at, run_after, attempts, error)
VALUES (%s, %s, %s, %s, %s, 0, '')
ON CONFLICT (schema, kind, object_id) DO NOTHING
"""
MOVE: Final = ENSURE.replace(
    "NOTHING", "UPDATE SET due_at = excluded.due_at, run_after = excluded.run_after, attempts = 0, error = ''"
)
MOVE_AND_ENSURE: Final = f"WITH ensured AS ({ENSURE}) {MOVE}"


def wakeup_set(
    *, kind: str, object_id: UUID, due_at: datetime, ensures: tuple[str, UUID, datetime] | None = None
) -> None:
    """Have the deadline action of this kind called when it is due; moves the wake-up if there is one.

    Belongs into the transaction that writes the deadline column of the owner, after the owner was locked.

    Args:
        kind: a kind registered in `DEADLINES`.
        object_id: the owner, in the current tenant.
        due_at: the value of the deadline column, to the microsecond.
        ensures: kind, owner and time of another one, which is seen to by the same statement; see `wakeup_ensure`.

    Raises:
        RuntimeError: called outside a transaction or outside a tenant.
    """
    values: list[Any] = [_schema(), kind, object_id, due_at, due_at]
    if ensures is not None:
        other_kind, other_id, other_due_at = ensures
        values = [values[0], other_kind, other_id, other_due_at, other_due_at, *values]
    with connection.cursor() as cursor:
        cursor.execute(MOVE if ensures is None else MOVE_AND_ENSURE, values)


def new_wakeup(*, kind: str, object_id: UUID, due_at: datetime) -> Wakeup:
    """The wake-up of an owner that is just being added, to be written with it; see `wakeup_set`.

    Raises:
        RuntimeError: called outside a transaction or outside a tenant.
    """
    return Wakeup(schema=_schema(), kind=kind, object_id=object_id, due_at=due_at, run_after=due_at)


def wakeup_ensure(*, kind: str, object_id: UUID, due_at: datetime) -> None:
    """Have the deadline action of this kind called; a wake-up that is there already keeps its time.

    Args:
        kind: a kind registered in `DEADLINES`.
        object_id: the owner, in the current tenant.
        due_at: when, unless a wake-up is there.

    Raises:
        RuntimeError: called outside a transaction or outside a tenant.
    """
    with connection.cursor() as cursor:
        cursor.execute(ENSURE, [_schema(), kind, object_id, due_at, due_at])


def wakeup_clear(*, kind: str, object_id: UUID, due_at: datetime | None = None) -> None:
    """Forget a wake-up; nothing happens if there is none.

    Args:
        kind: a kind registered in `DEADLINES`.
        object_id: the owner, in the current tenant.
        due_at: forget it only if it is set for this moment.

    Raises:
        RuntimeError: called outside a transaction or outside a tenant.
    """
    when = {} if due_at is None else {"due_at": due_at}
    rows_delete(Wakeup, schema=_schema(), kind=kind, object_id=object_id, **when)


def wakeups_thaw(*, schema: str) -> None:
    """A tenant is no longer frozen: what came due meanwhile comes up now."""
    Wakeup.objects.filter(schema=schema, attempts__gt=0).update(run_after=F("due_at"), attempts=0)


def _schema() -> str:
    if not connection.in_atomic_block:
        raise RuntimeError("a wake-up belongs into the transaction that writes the deadline")
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    if schema == "public":
        raise RuntimeError("a wake-up belongs to a tenant")
    return schema


def freeze_outage_record(*, schema: str, since: datetime) -> None:
    """A tenant was frozen until now: for its clocks that is an outage of its own (EDG-4)."""
    now = timezone.now()
    if now > since:
        Outage.objects.create(schema=schema, started_at=since, ended_at=now)
