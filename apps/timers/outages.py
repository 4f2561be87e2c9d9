"""When this installation was down: a gap between the timers' heartbeats."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.timers.models import Beat, Outage

BEAT_EVERY = timedelta(seconds=5)
"""How often a runner of timers beats; and once when it starts, before it looks at what is due."""

SILENCE = timedelta(seconds=20)
"""No heartbeat of any runner for longer means that the installation was down."""


@transaction.atomic
def beat() -> Outage | None:
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


def downtime(since: datetime, until: datetime) -> timedelta:
    """How long this installation was down within a span of time (EDG-4).

    Args:
        since: start of the span.
        until: its end; an outage that was still going on then counts up to here.
    """
    touching = Outage.objects.filter(ended_at__gt=since, started_at__lt=until)
    spans = (
        min(ended, until) - max(started, since) for started, ended in touching.values_list("started_at", "ended_at")
    )
    return sum(spans, timedelta())
