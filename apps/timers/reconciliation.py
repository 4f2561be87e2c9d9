"""Compares wake-ups with the deadline columns they stand for; there is nothing to find unless something is broken."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import get_tenant_model, schema_context

from apps.timers.actions.wakeups import wakeup_repair
from apps.timers.models import Wakeup

log = structlog.get_logger(__name__)

Columns = Callable[[], Iterable[tuple[UUID, datetime]]]
"""Reads object and deadline of everything in the current tenant that has a deadline of one kind."""

_columns: dict[str, Columns] = {}


@dataclass(frozen=True)
class Difference:
    """A wake-up that does not fit its column.

    Attributes:
        schema: the tenant's schema.
        kind: the kind of deadline.
        object_id: the owner.
        due_at: when the wake-up is due; None: there is none.
        wanted: what the owner's column says; None: nothing.
    """

    schema: str
    kind: str
    object_id: UUID
    due_at: datetime | None
    wanted: datetime | None


def deadline_columns(kind: str) -> Callable[[Columns], Columns]:
    """Register the function that reads the columns of one kind of deadline; used as a decorator in `deadlines.py`.

    Args:
        kind: as registered in `DEADLINES`.

    Raises:
        ValueError: the kind has one already.
    """

    def register(columns: Columns) -> Columns:
        if kind in _columns:
            raise ValueError(f"the deadline {kind!r} has its columns already")
        _columns[kind] = columns
        return columns

    return register


def recurring_columns(kind: str, object_id: UUID, *, needed: bool) -> list[tuple[UUID, datetime]]:
    """The columns of something that recurs by itself: its wake-up may have any time, and must be there if needed.

    Args:
        kind: the kind of deadline.
        object_id: the one object that it has.
        needed: whether a wake-up must be there.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    set_for = Wakeup.objects.filter(schema=schema, kind=kind, object_id=object_id).values_list("due_at", flat=True)
    due_at = set_for.first() or (timezone.now() if needed else None)
    return [(object_id, due_at)] if due_at else []


def tenant_wakeups_reconcile(*, schema: str, repair: bool) -> list[Difference]:
    """Compare and, if wanted, repair the wake-ups of one tenant.

    Args:
        schema: the tenant's schema.
        repair: put right what differs.

    Returns:
        What differed.
    """
    with schema_context(schema):
        found = [difference for kind, columns in sorted(_columns.items()) for difference in _compare(kind, columns)]
        for difference in found:
            log.error(
                "timers.difference", repaired=repair, **{key: str(value) for key, value in asdict(difference).items()}
            )
            if repair:
                key = difference.schema, difference.kind, difference.object_id
                wakeup_repair(*key, seen=difference.due_at, wanted=difference.wanted)
    return found


def all_wakeups_reconcile(*, repair: bool) -> list[Difference]:
    """Compare and, if wanted, repair the wake-ups of all tenants."""
    schemas = get_tenant_model().objects.exclude(schema_name="public").values_list("schema_name", flat=True)
    return [difference for schema in schemas for difference in tenant_wakeups_reconcile(schema=schema, repair=repair)]


def _compare(kind: str, columns: Columns) -> list[Difference]:
    """What differs in one snapshot: column and wake-up are always written by one transaction."""
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        wanted = dict(columns())
        rows = dict(Wakeup.objects.filter(schema=schema, kind=kind).values_list("object_id", "due_at"))
    return [
        Difference(schema, kind, object_id, rows.get(object_id), wanted.get(object_id))
        for object_id in sorted(wanted.keys() | rows.keys())
        if rows.get(object_id) != wanted.get(object_id)
    ]
