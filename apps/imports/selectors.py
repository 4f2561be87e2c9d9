"""Reads of imports."""

from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection

from apps.imports.choices import LIVE, JobState, RowState
from apps.imports.kinds import CsvKind
from apps.imports.models import ImportJob, ImportRow

PAGE_ROWS = 100
"""Rows of a file that a page shows."""
PROGRESS_SECONDS = 3600


def may_import(user: Any, kind: CsvKind | None = None) -> bool:
    """Whether a user may bring files of rows: who sets things up, everywhere, and may see such rows (TEN-5).

    Args:
        user: who.
        kind: of which rows; None asks whether of any at all.
    """
    if getattr(user, "reach", None) != "all" or not user.may("setup"):
        return False
    return kind is None or bool(user.may(kind.permission))


def may_export(user: Any, kind: CsvKind | None = None) -> bool:
    """Whether a user may take rows away as a file; which of them, their list says."""
    may = getattr(user, "may", lambda _permission: False)
    return bool(may("correct") and (kind is None or may(kind.permission)))


def job_by_id(job_id: UUID) -> ImportJob | None:
    """An import, if there is one."""
    return ImportJob.objects.select_related("started_by").filter(pk=job_id).first()


def live_job(kind: str) -> ImportJob | None:
    """The import of this kind that is under way."""
    return ImportJob.objects.select_related("started_by").filter(kind=kind, state__in=LIVE).first()


def rows_page(job: ImportJob, *, state: str, after: int) -> list[ImportRow]:
    """Some rows of a file, in its order.

    Args:
        job: whose.
        state: of `RowState`; empty for all that is not unchanged.
        after: the line that stood last on the page before; 0 for the first page.

    Returns:
        One more than `PAGE_ROWS` where there are more.
    """
    rows = ImportRow.objects.filter(job=job, line__gt=after)
    rows = rows.filter(state=state) if state in RowState.values else rows.exclude(state=RowState.SAME)
    return list(rows.order_by("line")[: PAGE_ROWS + 1])


def progress_note(job: ImportJob, done: int) -> None:
    """Note how many rows are through: what the transaction that is open has written nobody else sees."""
    cache.set(f"imports:{job.pk}", done, PROGRESS_SECONDS)


def progress_of(job: ImportJob) -> int:
    """How many rows are through."""
    if job.begun_at is None or job.state not in {JobState.CHECKING, JobState.APPLYING}:
        return 0
    return int(cache.get(f"imports:{job.pk}") or 0)


def is_being_worked_on(job: ImportJob) -> bool:
    """Whether a worker has an import in its hands at this moment. It has a lock that goes when it dies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::bigint = %s AND objid::bigint = %s)",
            divmod(lock_key(job) % 2**64, 2**32),
        )
        return bool(cursor.fetchone()[0])


def lock_key(job: ImportJob) -> int:
    """The number of an import's lock: the random part of its id, as a signed number of 64 bits."""
    return int.from_bytes(job.pk.bytes[8:], "big", signed=True)
