"""The sweep: has filed what was stored and not filed, after a crash or while the broker was away (EML-2)."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone

from apps.core.commit import after_commit
from apps.email.selectors import channels_unfiled
from apps.email.tasks import mails_file_soon
from apps.timers.actions import wakeup_ensure, wakeup_set

SWEEP_DEADLINE = "email.sweep"
SWEEP_EVERY = timedelta(seconds=15)
SWEEP_ID = UUID(int=0)
"""One sweep a tenant."""

log = structlog.get_logger(__name__)


def sweep_schedule() -> None:
    """See to it that a sweep comes while there is something to file; one that is scheduled already stays as it is."""
    # A sweep that finds nothing ends itself: it must not do so while what it can't see yet counts on it.
    _lock("pg_advisory_xact_lock_shared")
    wakeup_ensure(kind=SWEEP_DEADLINE, object_id=SWEEP_ID, due_at=timezone.now() + SWEEP_EVERY)


@transaction.atomic
def sweep() -> int:
    """Have filed what waits, and come again as long as something does.

    Returns:
        How many channels had something.
    """
    _lock("pg_advisory_xact_lock")
    found = channels_unfiled()
    for channel_id in found:
        after_commit(mails_file_soon, channel_id=channel_id)
    if found:
        wakeup_set(kind=SWEEP_DEADLINE, object_id=SWEEP_ID, due_at=timezone.now() + SWEEP_EVERY)
    return len(found)


def _lock(function: str) -> None:
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext(%s))", [f"{SWEEP_DEADLINE}/{schema}"])
