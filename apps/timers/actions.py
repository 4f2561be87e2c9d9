"""Set, clear and fire wake-ups."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, QuerySet, UUIDField
from django.utils import timezone
from django_tenants.utils import get_tenant_model, schema_context

from apps.core.rows import rows_delete
from apps.core.statements import Parameter, Statement
from apps.timers.deadlines import DEADLINES
from apps.timers.models import Wakeup

log = structlog.get_logger(__name__)

ERROR_LENGTH = 2000

FROZEN: Final = get_tenant_model().objects.filter(schema_name=OuterRef("schema"), is_frozen=True)

# Written out: nearly every action sets a wake-up, and Django would compile each of them anew.
ENSURE: Final = """
INSERT INTO timers_wakeup (schema, kind, object_id, due_at, run_after, attempts, error)
VALUES (%s, %s, %s, %s, %s, 0, '')
ON CONFLICT (schema, kind, object_id) DO NOTHING
"""
MOVE: Final = ENSURE.replace(
    "NOTHING", "UPDATE SET due_at = excluded.due_at, run_after = excluded.run_after, attempts = 0, error = ''"
)


class FiringResult(StrEnum):
    """What became of a wake-up."""

    DONE = "done"
    GONE = "gone"
    FROZEN = "frozen"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


def wakeup_set(*, kind: str, object_id: UUID, due_at: datetime) -> None:
    """Have the deadline action of this kind called when it is due; moves the wake-up if there is one.

    Belongs into the transaction that writes the deadline column of the owner, after the owner was locked.

    Args:
        kind: a kind registered in `DEADLINES`.
        object_id: the owner, in the current tenant.
        due_at: the value of the deadline column, to the microsecond.

    Raises:
        RuntimeError: called outside a transaction or outside a tenant.
    """
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [_schema(), kind, object_id, due_at, due_at])


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


def wakeup_fire(*, schema: str, kind: str, object_id: UUID, due_at: datetime) -> FiringResult:
    """Call the deadline action of a due wake-up, in its tenant, and delete the wake-up with the same commit.

    May be called any number of times for one deadline: the row, the owner's lock and the action's own check let it act
    once. An action that raises leaves the row, with the error; the runner's lease brings it up again. In a frozen
    tenant nothing is called, and nothing forgotten.

    Args:
        schema: the tenant's schema.
        kind: the kind of deadline.
        object_id: the owner.
        due_at: the deadline that came due; if the row holds another one by now, nothing is done.
    """
    with schema_context(schema):
        row = {"schema": schema, "kind": kind, "object_id": object_id, "due_at": due_at}
        is_frozen = _IS_FROZEN.first(**row)
        if is_frozen is None:
            return FiringResult.GONE
        if is_frozen:
            return (
                FiringResult.FROZEN
            )  # It stays, and comes up again by its lease, or at once when the tenant is thawed.
        deadline = DEADLINES.get(kind)
        if deadline is None:
            log.error("timers.unknown_kind", kind=kind, schema=schema, object_id=str(object_id))
            return FiringResult.UNKNOWN
        if deadline.late.skips(timezone.now() - due_at):
            log.warning("timers.too_late", kind=kind, schema=schema, object_id=str(object_id), due_at=str(due_at))
            rows_delete(Wakeup, **row)
            return FiringResult.SKIPPED
        try:
            # The action locks its owner first; the wake-up is written last, here as in every other action.
            with transaction.atomic():
                deadline.action(object_id=object_id, due_at=due_at)
                rows_delete(Wakeup, **row)
        except Exception as failure:
            log.exception("timers.failed", kind=kind, schema=schema, object_id=str(object_id))
            if not get_tenant_model().objects.filter(schema_name=schema).exists():
                rows_delete(Wakeup, **row)  # The tenant has been erased since.
                return FiringResult.GONE
            Wakeup.objects.filter(**row).update(error=repr(failure)[:ERROR_LENGTH])
            return FiringResult.FAILED
    return FiringResult.DONE


def _frozen() -> QuerySet[Any, bool]:
    row = {
        "schema": Parameter("schema", CharField()),
        "kind": Parameter("kind", CharField()),
        "object_id": Parameter("object_id", UUIDField()),
        "due_at": Parameter("due_at", DateTimeField()),
    }
    return Wakeup.objects.filter(**row).values_list(Exists(FROZEN), flat=True)


_IS_FROZEN: Statement[bool] = Statement(_frozen)
"""Whether the tenant of a wake-up is frozen; no row when there is no such wake-up any more."""


def _schema() -> str:
    if not connection.in_atomic_block:
        raise RuntimeError("a wake-up belongs into the transaction that writes the deadline")
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    if schema == "public":
        raise RuntimeError("a wake-up belongs to a tenant")
    return schema
