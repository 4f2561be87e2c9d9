"""Opening hours as plain data, and the arithmetic of clocks. Nothing here knows the database (RTE-3).

One rule decides everything: it is open exactly while a clock on the wall of that zone shows a time within a range of
the date that it shows. So an hour that daylight saving skips is never open, whatever begins in it opens when the clock
has jumped past it, and an hour that comes twice counts both times.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTES_OF_A_DAY = 24 * 60
_DAY = timedelta(days=1)
_BEYOND = timedelta(days=16)
"""How far past the last special day a change can still come: the week repeats, and one skipped hour may hide one."""

Range = tuple[int, int]
"""When it opens and when it closes, in minutes on the clock of one day, 0 to 1440; the second is no longer open."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Schedule:
    """When it is open, by the clock of one zone.

    Attributes:
        zone: where the clock hangs.
        week: ranges by weekday, Monday is 0; a day that is missing is closed.
        special: ranges of single dates, in place of their weekday's; no range is closed.
    """

    zone: ZoneInfo
    week: Mapping[int, tuple[Range, ...]]
    special: Mapping[date, tuple[Range, ...]]

    def ranges(self, day: date) -> tuple[Range, ...]:
        """The ranges of a date, in no order."""
        return self.special[day] if day in self.special else self.week.get(day.weekday(), ())


def is_open(schedule: Schedule, at: datetime) -> bool:
    """Whether it is open at an instant.

    Args:
        schedule: the hours.
        at: an aware time, in any zone.
    """
    shown = at.astimezone(schedule.zone)
    minute = shown.hour * 60 + shown.minute
    return any(opens <= minute < closes for opens, closes in schedule.ranges(shown.date()))


def next_change(schedule: Schedule, at: datetime) -> datetime | None:
    """The first instant after `at` at which it opens, if it is closed then, or closes, if it is open.

    Args:
        schedule: the hours.
        at: an aware time, in any zone.

    Returns:
        A time in UTC; nothing when it stays as it is for good.
    """
    open_now, edge = is_open(schedule, at), at.astimezone(UTC)
    end = _horizon(schedule, edge)
    for opens, closes in _open_spans(schedule, edge, end):
        if not open_now:
            return opens
        if opens > edge:
            return edge
        edge = closes
    return edge if open_now and edge < end else None


def next_opening(schedule: Schedule, at: datetime) -> datetime | None:
    """The first instant after `at` at which it opens, having been closed.

    Args:
        schedule: the hours.
        at: an aware time, in any zone.

    Returns:
        A time in UTC; nothing when it never opens again, or never closes.
    """
    changes = next_change(schedule, at)
    if changes is None or is_open(schedule, changes):
        return changes
    return next_change(schedule, changes)


def has_overlap(ranges: tuple[Range, ...]) -> bool:
    """Whether any two ranges of one day have a minute in common."""
    ordered = sorted(ranges)
    return any(later[0] < earlier[1] for earlier, later in pairwise(ordered))


def _horizon(schedule: Schedule, start: datetime) -> datetime:
    last = max(schedule.special, default=date.min)
    latest = datetime(last.year, last.month, last.day, tzinfo=UTC) if last > start.date() else start
    return latest + _BEYOND


def _open_spans(schedule: Schedule, start: datetime, end: datetime) -> Iterator[Span]:
    """Stretches of open time, one after the other; two of them may touch."""
    for since, until, offset in _steady(schedule.zone, start, end):
        day = (since + offset).date()
        while day <= (until + offset).date():
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - offset
            for first, last in sorted(schedule.ranges(day)):
                opens = max(midnight + timedelta(minutes=first), since)
                closes = min(midnight + timedelta(minutes=last), until)
                if opens < closes:
                    yield opens, closes
            day += _DAY


def _steady(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The time from start to end in pieces of a day at most, the clock running evenly through each."""
    while start < end:
        until, offset = min(start + _DAY, end), _offset(zone, start)
        if _offset(zone, until) != offset:
            until = _jump(zone, start, until)
        yield start, until, offset
        start = until


def _jump(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The instant between two at which the clock is put forward or back; they fall on whole seconds."""
    offset = _offset(zone, before)
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
