"""Hours as they are shown: this week day by day, and the special days ahead (RTE-3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.queues.forms import ranges_to_text
from apps.queues.models import HoursProfile
from apps.queues.schedule import Range
from apps.queues.selectors import is_open, next_change, schedule_of

DAYS_AHEAD = 60
"""How far special days are told, today included."""


@dataclass(frozen=True)
class PreviewDay:
    """A date with its hours.

    Attributes:
        date: it, in the zone of the hours.
        ranges: when it is open, in minutes on the clock.
        name: what a special day is called.
        is_special: whether its hours are its own, in place of its weekday's.
        is_today: whether it is this day there.
    """

    date: date
    ranges: tuple[Range, ...]
    name: str = ""
    is_special: bool = False
    is_today: bool = False

    @property
    def text(self) -> str:
        """When it is open, in words; nothing when it is closed."""
        return ranges_to_text(self.ranges)

    @property
    def bars(self) -> list[tuple[int, int]]:
        """Where each range begins, and how long it is, both in minutes."""
        return [(opens, closes - opens) for opens, closes in sorted(self.ranges)]


@dataclass(frozen=True)
class HoursPreview:
    """What hours mean at a moment.

    Attributes:
        week: Monday to Sunday of that week.
        special: the special days from that day on, for `DAYS_AHEAD` days.
        minute: the clock there, in minutes.
        is_open: whether it is open.
        changes_at: when it opens or closes next, in the zone of the hours; None is never.
    """

    week: list[PreviewDay]
    special: list[PreviewDay]
    minute: int
    is_open: bool
    changes_at: datetime | None


def hours_preview(profile: HoursProfile, at: datetime) -> HoursPreview:
    """What hours mean in the week of a moment, and in the weeks after it.

    Args:
        profile: the hours, stored.
        at: the moment, an aware time in any zone.
    """
    schedule = schedule_of(profile)
    names = {day.date: day.name for day in profile.special_days.all()}
    there = at.astimezone(schedule.zone)
    today = there.date()

    def shown(day: date) -> PreviewDay:
        return PreviewDay(day, schedule.ranges(day), names.get(day, ""), day in names, day == today)

    monday = today - timedelta(days=today.weekday())
    ahead = sorted(day for day in names if today <= day < today + timedelta(days=DAYS_AHEAD))
    change = next_change(profile, at)
    return HoursPreview(
        week=[shown(monday + timedelta(days=number)) for number in range(7)],
        special=[shown(day) for day in ahead],
        minute=there.hour * 60 + there.minute,
        is_open=is_open(profile, at),
        changes_at=change.astimezone(schedule.zone) if change else None,
    )
