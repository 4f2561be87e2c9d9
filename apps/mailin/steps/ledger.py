"""All that was received is filed: it is counted at both ends, and a sweep makes up for crashes (EML-2)."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from celery import current_app
from django.db import connection
from django.utils import timezone

from apps.email.choices import RawState
from apps.email.models import RawMail
from apps.timers.steps import wakeup_ensure

SWEEP_DEADLINE = "email.sweep"
FILE_TASK = "email.file"
SWEEP_EVERY = timedelta(seconds=15)
SWEEP_ID = UUID(int=0)
"""One sweep a tenant."""


def sweep_schedule() -> None:
    """See to it that a sweep comes while there is something to file; one that is scheduled already stays as it is."""
    # A sweep that finds nothing ends itself: it must not do so while what it can't see yet counts on it.
    sweep_lock(shared=True)
    wakeup_ensure(kind=SWEEP_DEADLINE, object_id=SWEEP_ID, due_at=timezone.now() + SWEEP_EVERY)


def sweep_lock(*, shared: bool = False) -> None:
    """Keep sweeps that end themselves, and mail that counts on one to come, apart until the transaction ends.

    Args:
        shared: of those who have stored something; a sweep is alone.
    """
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext(%s))", [f"{SWEEP_DEADLINE}/{schema}"])


def mails_file_soon(*, channel_id: UUID) -> None:
    """Have a worker file what a channel has received; a broker that is away is made up for by the sweep."""
    current_app.tasks[FILE_TASK].apply_async((str(channel_id),), retry=False)


COUNT: Final = """
INSERT INTO email_mailday AS day (channel_id, day, received, matched, "new", quarantined)
VALUES (%s, %s, greatest(%s, 0), 0, 0, 0)
ON CONFLICT (channel_id, day) DO UPDATE
SET received = day.received + %s, matched = day.matched + %s, "new" = day."new" + %s,
    quarantined = day.quarantined + %s
"""


def mails_count(raw: RawMail, *, received: int = 0, state: RawState | None = None, was: RawState | None = None) -> None:
    """Count what became of a mail, on the day it was received, as the last thing that a transaction does.

    Args:
        raw: the mail.
        received: 1 when it has just come.
        state: as what it was filed.
        was: as what it had been filed before.
    """
    steps = {each: int(each == state) - int(each == was) for each in RawState}
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            [
                raw.channel_id,
                raw.received_at.astimezone(timezone.get_default_timezone()).date(),
                received,
                received,
                steps[RawState.MATCHED],
                steps[RawState.NEW],
                steps[RawState.QUARANTINED],
            ],
        )
