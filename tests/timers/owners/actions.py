"""Objects with a deadline: a table in each tenant, and the actions of a well-behaved app."""

import os
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from apps.timers.registry import DEADLINES, LatePolicy
from apps.timers.steps import wakeup_clear, wakeup_set

TABLE = """
CREATE TABLE owner (
    id uuid PRIMARY KEY,
    deadline timestamptz,
    fired integer NOT NULL DEFAULT 0,
    fired_at timestamptz
)
"""


def _run(statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def owner_create(object_id: UUID, deadline: datetime, kind: str = "owner.due") -> None:
    """Make an owner with a deadline."""
    with transaction.atomic():
        _run("INSERT INTO owner (id, deadline) VALUES (%s, %s)", object_id, deadline)
        wakeup_set(kind=kind, object_id=object_id, due_at=deadline)


def owner_move(object_id: UUID, deadline: datetime) -> bool:
    """Move the deadline of an owner that has not fired yet."""
    with transaction.atomic():
        [(fired,)] = _run("SELECT fired FROM owner WHERE id = %s FOR UPDATE", object_id)
        if fired:
            return False
        _run("UPDATE owner SET deadline = %s WHERE id = %s", deadline, object_id)
        wakeup_set(kind="owner.due", object_id=object_id, due_at=deadline)
        return True


def owner_cancel(object_id: UUID) -> None:
    """Take the deadline of an owner away."""
    with transaction.atomic():
        _run("UPDATE owner SET deadline = NULL WHERE id = %s", object_id)
        wakeup_clear(kind="owner.due", object_id=object_id)


def owner_fired(object_id: UUID) -> int:
    """How often its deadline had an effect."""
    [(fired,)] = _run("SELECT fired FROM owner WHERE id = %s", object_id)
    return int(str(fired))


def owners_create(count: int, start: datetime, seconds: float) -> None:
    """Make many owners in the current tenant, due evenly over some seconds."""
    schema = connection.schema_name  # type: ignore[attr-defined]
    with transaction.atomic():
        _run(
            "INSERT INTO owner (id, deadline)"
            " SELECT gen_random_uuid(), %s + n * interval '1 second' * %s / %s FROM generate_series(1, %s) AS n",
            *(start, seconds, count, count),
        )
        _run(
            "INSERT INTO timers_wakeup (schema, kind, object_id, due_at, run_after, attempts, error)"
            " SELECT %s, 'owner.due', id, deadline, deadline, 0, '' FROM owner",
            schema,
        )


def owners_fired() -> dict[int, int]:
    """How many owners of the current tenant have fired how often."""
    return {int(str(fired)): int(str(count)) for fired, count in _run("SELECT fired, count(*) FROM owner GROUP BY 1")}


def owner_due(*, object_id: UUID, due_at: datetime) -> None:
    """The deadline has come: lock, check again, act."""
    [(deadline,)] = _run("SELECT deadline FROM owner WHERE id = %s FOR UPDATE", object_id)
    if deadline == due_at:
        # Counts up: an effect that came twice shows.
        _run(
            "UPDATE owner SET fired = fired + 1, deadline = NULL, fired_at = clock_timestamp() WHERE id = %s", object_id
        )


def owner_dies(*, object_id: UUID, due_at: datetime) -> None:
    """Kills the worker in the middle of its work, the first time."""
    owner_due(object_id=object_id, due_at=due_at)
    marker = Path(os.environ["OWNERS_MARKER"])
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(60)


def owner_fails(*, object_id: UUID, due_at: datetime) -> None:
    """Does half its work and raises."""
    owner_due(object_id=object_id, due_at=due_at)
    raise LookupError("the dog ate it")


def register() -> None:
    """Make the deadlines known."""
    DEADLINES.register("owner.due", owner_due)
    DEADLINES.register("owner.dies", owner_dies)
    DEADLINES.register("owner.fails", owner_fails)
    DEADLINES.register("owner.reminds", owner_due, late=LatePolicy.skip_after(timedelta(minutes=10)))


def owner_deadlines() -> list[tuple[UUID, datetime]]:
    """What the wake-ups of the current tenant should be."""
    return _run("SELECT id, deadline FROM owner WHERE deadline IS NOT NULL")  # type: ignore[return-value]
