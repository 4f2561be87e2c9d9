"""When this installation, or the tenant alone, was down; which deadlines are late."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, QuerySet

from apps.timers.models import Outage, Wakeup


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


def overdue_deadlines(*, before: datetime) -> int:
    """How many deadlines of the current tenant should have fired before a time, and have not.

    Args:
        before: an aware time; those that were due later are not counted.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return Wakeup.objects.filter(schema=schema, due_at__lt=before).count()
