"""Wake-ups that are claimed, fired and put right."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import CharField, DateTimeField, Exists, OuterRef, QuerySet, UUIDField
from django.utils import timezone
from django_tenants.utils import get_tenant_model, schema_context

from apps.core.rows import rows_delete
from apps.core.statements import Parameter, Statement
from apps.timers.models import Wakeup
from apps.timers.registry import DEADLINES

log = structlog.get_logger(__name__)

ERROR_LENGTH = 2000

WakeupPayload = tuple[str, str, str, str]
"""Schema, kind, object and due time of a wake-up, as JSON carries them."""

FROZEN: Final = get_tenant_model().objects.filter(schema_name=OuterRef("schema"), is_frozen=True)


class FiringResult(StrEnum):
    """What became of a wake-up."""

    DONE = "done"
    GONE = "gone"
    FROZEN = "frozen"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


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


# One statement: what another runner is claiming is skipped, and the lease of a row doubles with every attempt,
# 2, 4, 8 ... 300 seconds, so that what fails again and again is tried less and less often, and holds up nobody.
CLAIM: Final = """
WITH due AS MATERIALIZED (
    SELECT id FROM timers_wakeup WHERE run_after <= %(now)s ORDER BY run_after LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE timers_wakeup AS wakeup
SET attempts = wakeup.attempts + 1,
    run_after = %(now)s + least(2 ^ (least(wakeup.attempts, 20) + 1), 300) * interval '1 second'
FROM due WHERE wakeup.id = due.id
RETURNING wakeup.schema, wakeup.kind, wakeup.object_id, wakeup.due_at
"""


@dataclass(frozen=True)
class ClaimedWakeup:
    """A claimed wake-up."""

    schema: str
    kind: str
    object_id: UUID
    due_at: datetime

    def payload(self) -> WakeupPayload:
        """As the workers get it."""
        return self.schema, self.kind, str(self.object_id), self.due_at.isoformat()


def wakeups_claim(*, limit: int, now: datetime | None = None) -> list[ClaimedWakeup]:
    """Take due wake-ups, those due first first; until their lease is over nobody else gets them.

    Args:
        limit: how many at most.
        now: the present, if it is another than the clock's.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now or timezone.now(), "limit": limit})
        return sorted((ClaimedWakeup(*row) for row in cursor.fetchall()), key=lambda due: due.due_at)


@transaction.atomic
def wakeup_repair(schema: str, kind: str, object_id: UUID, *, seen: datetime | None, wanted: datetime | None) -> None:
    """Put one wake-up right, unless somebody has changed it since; one too many does no harm, it finds nothing.

    Args:
        schema: the tenant's schema.
        kind: the kind of deadline.
        object_id: the owner.
        seen: when the wake-up was due as it was read; None: there was none.
        wanted: what the owner's column says; None: nothing.
    """
    key: dict[str, Any] = {"schema": schema, "kind": kind, "object_id": object_id}
    rows = Wakeup.objects.filter(**key)
    if seen is None and wanted is not None:
        Wakeup.objects.bulk_create([Wakeup(**key, due_at=wanted, run_after=wanted)], ignore_conflicts=True)
    elif seen is not None and wanted is not None:
        rows.filter(due_at=seen).update(due_at=wanted, run_after=wanted, attempts=0, error="")
    elif seen is not None:
        rows.filter(due_at=seen).delete()
