"""Every change of hours (RTE-3)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.audit.actions import audited_action, audited_creation
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.queues.choices import Refusal, Weekday
from apps.queues.events import Actor, HoursChanged
from apps.queues.models import HoursProfile, HoursRange, SpecialDay, SpecialRange
from apps.queues.schedule import Range, has_overlap
from apps.queues.steps import entity_lock, entity_write

HOURS_FIELDS = frozenset({"name", "time_zone"})

Week = Mapping[int, Iterable[Range]]
"""Ranges by weekday, 0 is Monday, in minutes of the local day; a day that is missing is closed."""

OFFICE_HOURS: Week = {day: [(9 * 60, 18 * 60)] for day in range(Weekday.MONDAY, Weekday.SATURDAY)}
"""Mon to Fri 09:00 to 18:00: what a new profile begins with."""


@transaction.atomic
@audited_creation
def hours_create(*, name: str, time_zone: str, week: Week = OFFICE_HOURS, actor: Actor) -> HoursProfile:
    """Make a profile (RTE-3).

    Args:
        name: unique.
        time_zone: by whose clock, such as ``Europe/Madrid``.
        week: when it is open.
        actor: who makes it.

    Raises:
        DomainError: ``hours_overlap``.
        ValidationError: a value is not acceptable.
    """
    profile = entity_write(HoursProfile(), {"name": name, "time_zone": time_zone}, HOURS_FIELDS)
    _write_week(profile, week)
    announce(HoursChanged(profile, actor))
    return profile


@transaction.atomic
@audited_action("profile")
def hours_update(
    *, profile: HoursProfile, fields: Mapping[str, Any] | None = None, week: Week | None = None, actor: Actor
) -> HoursProfile:
    """Change a profile (RTE-3).

    Args:
        profile: the one to change.
        fields: new values, by names of `HOURS_FIELDS`.
        week: the whole week from now on; None leaves it.
        actor: who changes it.

    Raises:
        DomainError: ``gone``, ``hours_overlap``.
        ValidationError: a value is not acceptable.
    """
    profile = entity_write(entity_lock(profile), fields or {}, HOURS_FIELDS)
    if week is not None:
        _write_week(profile, week)
    announce(HoursChanged(profile, actor))
    return profile


@transaction.atomic
@audited_action("profile")
def hours_delete(*, profile: HoursProfile, actor: Actor) -> None:
    """Delete a profile that nothing refers to.

    Raises:
        DomainError: ``gone``, ``hours_in_use``.
    """
    profile = entity_lock(profile)
    announce(HoursChanged(profile, actor))
    try:
        profile.delete()
    except ProtectedError as error:
        message = _("Queues keep the hours “%(profile)s”: give them others first.") % {"profile": profile}
        raise DomainError(Refusal.HOURS_IN_USE, message) from error


@transaction.atomic
@audited_action("profile")
def special_day_set(
    *, profile: HoursProfile, day: date, name: str = "", ranges: Iterable[Range] = (), actor: Actor
) -> SpecialDay:
    """Give a date hours of its own, in place of its weekday's and of what it had before (RTE-3).

    Args:
        profile: whose hours.
        day: the date, in the profile's time zone.
        name: such as "Christmas".
        ranges: when it is open, in minutes of the local day; none is closed all day.
        actor: who sets it.

    Raises:
        DomainError: ``gone``, ``hours_overlap``.
        ValidationError: a value is not acceptable.
    """
    profile, ranges = entity_lock(profile), list(ranges)
    _refuse_overlap(str(day), ranges)
    special = SpecialDay.objects.filter(profile=profile, date=day).first() or SpecialDay(profile=profile, date=day)
    entity_write(special, {"name": name}, {"name"})
    special.ranges.all().delete()
    for opens, closes in ranges:
        entity_write(SpecialRange(special_day=special), {"opens": opens, "closes": closes}, {"opens", "closes"})
    announce(HoursChanged(profile, actor))
    return special


@transaction.atomic
@audited_action("profile")
def special_day_remove(*, profile: HoursProfile, day: date, actor: Actor) -> None:
    """Let a date have its weekday's hours again. A date that is not special stays as it is.

    Raises:
        DomainError: ``gone``.
    """
    profile = entity_lock(profile)
    SpecialDay.objects.filter(profile=profile, date=day).delete()
    announce(HoursChanged(profile, actor))


def _write_week(profile: HoursProfile, week: Week) -> None:
    wanted = {day: list(ranges) for day, ranges in week.items()}
    for day, ranges in wanted.items():
        _refuse_overlap(str(Weekday(day).label), ranges)
    profile.ranges.all().delete()
    for day, ranges in wanted.items():
        for opens, closes in ranges:
            values = {"weekday": day, "opens": opens, "closes": closes}
            entity_write(HoursRange(profile=profile), values, values)


def _refuse_overlap(day: str, ranges: list[Range]) -> None:
    if has_overlap(tuple(ranges)):
        raise DomainError(Refusal.HOURS_OVERLAP, _("%(day)s: two of the ranges overlap.") % {"day": day})
