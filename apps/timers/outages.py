"""When this installation was down: a gap between the timers' heartbeats."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, QuerySet
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


def freeze_outage_record(*, schema: str, since: datetime) -> None:
    """A tenant was frozen until now: for its clocks that is an outage of its own (EDG-4)."""
    now = timezone.now()
    if now > since:
        Outage.objects.create(schema=schema, started_at=since, ended_at=now)


def downtime_between(since: datetime, until: datetime) -> timedelta:
    """How long the current tenant was down within a span of time, with this installation or alone (EDG-4).

    Args:
        since: start of the span.
        until: its end; an outage that was still going on then counts up to here.
    """
    down, counted = timedelta(), since
    for started, ended in _touching(since, until).order_by("started_at").values_list("started_at", "ended_at"):
        begins, ends = max(started, counted), min(ended, until)
        if ends > begins:
            down, counted = down + (ends - begins), ends
    return down


def last_outage_end(since: datetime, until: datetime) -> datetime | None:
    """When the last outage within a span of time was over; nothing if there was none.

    For a grace in which somebody has to come back: they could not while we were down, and have all of it anew.
    """
    last: datetime | None = _touching(since, until).aggregate(last=Max("ended_at"))["last"]
    return min(last, until) if last else None


def _touching(since: datetime, until: datetime) -> QuerySet[Outage]:
    ours = ["", connection.schema_name]  # type: ignore[attr-defined]
    return Outage.objects.filter(schema__in=ours, ended_at__gt=since, started_at__lt=until)
