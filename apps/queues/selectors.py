"""Reads of queues and hours."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, prefetch_related_objects

from apps.queues import schedule
from apps.queues.models import HoursProfile, Queue, Skill
from apps.queues.schedule import Range, Schedule

HOURS = ("ranges", "special_days__ranges")
"""What `prefetch_related` of profiles takes, so that asking many of them costs three queries in all."""


def skills_of_language(tag: str) -> QuerySet[Skill]:
    """The skill that is a language, whatever its region or script: es for es-MX, as routing asks for it (RTE-1).

    Args:
        tag: a language tag, or empty.
    """
    base = tag.split("-")[0]
    return Skill.objects.filter(language__iexact=base) if base else Skill.objects.none()


def is_open(profile: HoursProfile | None, at: datetime) -> bool:
    """Whether it is open at an instant by these hours (RTE-3).

    Args:
        profile: the hours; none is always open.
        at: an aware time, in any zone.
    """
    return profile is None or schedule.is_open(schedule_of(profile), at)


def next_change(profile: HoursProfile | None, at: datetime) -> datetime | None:
    """The first instant after `at` at which it opens or closes by these hours (RTE-3).

    Args:
        profile: the hours; none is always open.
        at: an aware time, in any zone.

    Returns:
        A time in UTC; nothing when it stays as it is for good.
    """
    return None if profile is None else schedule.next_change(schedule_of(profile), at)


def next_opening(profile: HoursProfile | None, at: datetime) -> datetime | None:
    """The first instant after `at` at which it opens by these hours, having been closed (RTE-3).

    Args:
        profile: the hours; none is always open.
        at: an aware time, in any zone.

    Returns:
        A time in UTC; nothing when it never opens again, or never closes.
    """
    return None if profile is None else schedule.next_opening(schedule_of(profile), at)


def is_accepting(queue: Queue, at: datetime) -> bool:
    """Whether a conversation that arrives at a queue may wait there: active, not closed by hand, within its hours.

    Args:
        queue: the queue.
        at: when it arrives, an aware time.
    """
    return queue.is_active and queue.closed_at is None and is_open(queue.hours, at)


def schedule_of(profile: HoursProfile) -> Schedule:
    """A profile's hours as plain data: three queries, or none if `HOURS` was prefetched with the profile."""
    prefetch_related_objects([profile], *HOURS)
    special: dict[date, tuple[Range, ...]] = {
        day.date: tuple((each.opens, each.closes) for each in day.ranges.all()) for day in profile.special_days.all()
    }
    return Schedule(zone=ZoneInfo(profile.time_zone), week=week_of(profile), special=special)


def week_of(profile: HoursProfile) -> dict[int, tuple[Range, ...]]:
    """A profile's ranges by weekday, 0 is Monday; closed days are missing."""
    week: dict[int, tuple[Range, ...]] = {}
    for each in profile.ranges.all():
        week[each.weekday] = (*week.get(each.weekday, ()), (each.opens, each.closes))
    return week


def serving_queue(queue: Queue) -> Queue:
    """A queue that takes conversations: this one, unless it was deactivated; then the default one."""
    return queue if queue.is_active else Queue.objects.get(is_default=True)


def skill_labels() -> dict[str, Skill]:
    """Every skill by group and name, such as ``Languages/Spanish``: how files name it."""
    return {f"{skill.group.name}/{skill.name}": skill for skill in Skill.objects.select_related("group")}
