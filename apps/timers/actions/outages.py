"""The heartbeat of the timers: a gap in it is an outage."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.timers.models import Beat, Outage

HEARTBEAT_EVERY = timedelta(seconds=5)
"""How often a runner of timers beats; and once when it starts, before it looks at what is due."""

SILENCE = timedelta(seconds=20)
"""No heartbeat of any runner for longer means that the installation was down."""


@transaction.atomic
def heartbeat_record() -> Outage | None:
    """A runner of timers is alive. The first beat after a silence writes down the outage.

    Returns:
        The outage that is over with this beat, if there was one.
    """
    now = timezone.now()
    # Two runners that start at once: the second finds the first one's beat, and no silence.
    last = Beat.objects.select_for_update().filter(pk=Beat.ONLY).first()
    if last is None:
        Beat.objects.bulk_create([Beat(pk=Beat.ONLY, at=now)], ignore_conflicts=True)
        return None
    silent_since = last.at
    if now > silent_since:
        last.at = now
        last.save(update_fields=["at"])
    if now - silent_since <= SILENCE:
        return None
    return Outage.objects.create(started_at=silent_since, ended_at=now)
