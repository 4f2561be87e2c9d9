"""Profiles as people keep them: made, changed, read and refused (RTE-3)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from apps.core.errors import DomainError
from apps.queues import selectors
from apps.queues.actions import (
    hours_create,
    hours_delete,
    hours_import_holidays,
    hours_update,
    queue_create,
    special_day_remove,
    special_day_set,
)
from apps.queues.models import HoursProfile, HoursRange, SpecialDay, SpecialRange

NINE_TO_SIX = ((540, 1080),)


@pytest.fixture
def madrid(acme: Any) -> HoursProfile:
    return hours_create(name="Madrid", time_zone="Europe/Madrid", actor=None)


def special_days(profile: HoursProfile) -> dict[str, tuple[str, list[tuple[int, int]]]]:
    return {
        str(day.date): (day.name, [(each.opens, each.closes) for each in day.ranges.all()])
        for day in SpecialDay.objects.filter(profile=profile)
    }


def test_a_new_profile_has_office_hours(madrid: HoursProfile) -> None:
    assert selectors.week_of(madrid) == dict.fromkeys(range(5), NINE_TO_SIX)


def test_a_new_tenant_has_business_hours_and_a_queue_that_is_always_open(acme: Any) -> None:
    profile = HoursProfile.objects.get()
    assert (profile.name, profile.time_zone) == ("Business hours", "UTC")
    assert selectors.week_of(profile) == dict.fromkeys(range(5), NINE_TO_SIX)
    assert not profile.queues.exists()


def test_an_update_replaces_the_week_only_when_one_is_given(madrid: HoursProfile) -> None:
    hours_update(profile=madrid, fields={"name": "Spain"}, actor=None)
    assert HoursProfile.objects.get(pk=madrid.pk).name == "Spain"
    assert selectors.week_of(madrid) == dict.fromkeys(range(5), NINE_TO_SIX)
    hours_update(profile=madrid, week={6: [(600, 660), (0, 1)], 0: []}, actor=None)
    assert selectors.week_of(HoursProfile.objects.get(pk=madrid.pk)) == {6: ((0, 1), (600, 660))}


def test_names_zones_and_ranges_that_make_no_sense(madrid: HoursProfile) -> None:
    with pytest.raises(ValidationError):
        hours_create(name="Madrid", time_zone="UTC", actor=None)
    with pytest.raises(ValidationError):
        hours_create(name="Mars", time_zone="Mars/Olympus", actor=None)
    for week in ({0: [(600, 600)]}, {0: [(600, 1441)]}, {0: [(-1, 600)]}):
        with pytest.raises(ValidationError):
            hours_update(profile=madrid, week=week, actor=None)
    assert selectors.week_of(HoursProfile.objects.get(pk=madrid.pk)) == dict.fromkeys(range(5), NINE_TO_SIX)


def test_overlapping_ranges_are_refused_with_their_day(madrid: HoursProfile) -> None:
    with pytest.raises(DomainError) as refused:
        hours_update(profile=madrid, week={2: [(540, 601), (600, 700)]}, actor=None)
    assert (refused.value.code, refused.value.message) == ("hours_overlap", "Wednesday: two of the ranges overlap.")
    with pytest.raises(DomainError, match="hours_overlap"):
        special_day_set(profile=madrid, day=date(2026, 1, 6), ranges=[(0, 10), (5, 20)], actor=None)
    assert special_days(madrid) == {}


def test_special_days_are_set_set_again_and_removed(madrid: HoursProfile) -> None:
    noon = datetime(2026, 1, 6, 11, tzinfo=UTC)
    special_day_set(profile=madrid, day=date(2026, 1, 6), name="Epiphany", actor=None)
    assert special_days(madrid) == {"2026-01-06": ("Epiphany", [])}
    assert not selectors.is_open(HoursProfile.objects.get(pk=madrid.pk), noon)
    special_day_set(profile=madrid, day=date(2026, 1, 6), name="Kings", ranges=[(700, 721), (600, 660)], actor=None)
    assert special_days(madrid) == {"2026-01-06": ("Kings", [(600, 660), (700, 721)])}
    profile = HoursProfile.objects.get(pk=madrid.pk)
    assert selectors.is_open(profile, noon)
    assert selectors.next_change(profile, noon) == datetime(2026, 1, 6, 11, 1, tzinfo=UTC)
    assert selectors.next_opening(profile, noon) == datetime(2026, 1, 7, 8, tzinfo=UTC)
    special_day_remove(profile=madrid, day=date(2026, 1, 6), actor=None)
    special_day_remove(profile=madrid, day=date(2026, 1, 6), actor=None)
    assert special_days(madrid) == {}


def test_no_profile_is_always_open(acme: Any) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert selectors.is_open(None, now)
    assert selectors.next_change(None, now) is None
    assert selectors.next_opening(None, now) is None


def test_reading_hours_takes_three_queries_however_many_there_are(madrid: HoursProfile) -> None:
    for day in range(1, 15):
        special_day_set(profile=madrid, day=date(2026, 1, day), ranges=[(0, 60), (120, 180)], actor=None)
    profile = HoursProfile.objects.get(pk=madrid.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        selectors.next_opening(profile, datetime(2026, 1, 1, tzinfo=UTC))
        selectors.is_open(profile, datetime(2026, 1, 1, tzinfo=UTC))
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        for each in HoursProfile.objects.prefetch_related(*selectors.HOURS):
            selectors.next_change(each, datetime(2026, 1, 1, tzinfo=UTC))
    assert len(queries) == 4


def test_a_profile_that_a_queue_keeps_is_not_deleted(madrid: HoursProfile) -> None:
    queue_create(name="Sales", hours=madrid, actor=None)
    with pytest.raises(DomainError) as refused:
        hours_delete(profile=madrid, actor=None)
    assert refused.value.code == "hours_in_use"
    assert "Madrid" in str(refused.value.message)
    hours_delete(profile=HoursProfile.objects.get(name="Business hours"), actor=None)
    with pytest.raises(DomainError, match="gone"):
        hours_delete(profile=HoursProfile(name="Business hours"), actor=None)


def refuse(row: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_database_refuses_what_no_action_would_write(madrid: HoursProfile) -> None:
    for opens, closes in ((600, 600), (700, 600), (600, 1441)):
        refuse(HoursRange(profile=madrid, weekday=6, opens=opens, closes=closes))
    refuse(HoursRange(profile=madrid, weekday=7, opens=0, closes=1))
    refuse(HoursRange(profile=madrid, weekday=0, opens=0, closes=541))
    HoursRange.objects.create(profile=madrid, weekday=0, opens=0, closes=540)
    HoursRange.objects.create(profile=madrid, weekday=0, opens=1080, closes=1440)
    HoursRange.objects.create(profile=madrid, weekday=6, opens=540, closes=1080)
    day = SpecialDay.objects.create(profile=madrid, date=date(2026, 1, 6))
    refuse(SpecialDay(profile=madrid, date=date(2026, 1, 6)))
    SpecialRange.objects.create(special_day=day, opens=600, closes=700)
    refuse(SpecialRange(special_day=day, opens=699, closes=800))
    other = SpecialDay.objects.create(profile=madrid, date=date(2026, 1, 7))
    SpecialRange.objects.create(special_day=other, opens=699, closes=800)


BAVARIA_2026 = {
    "2026-01-01": "New Year's Day",
    "2026-01-06": "Epiphany",
    "2026-04-03": "Good Friday",
    "2026-04-06": "Easter Monday",
    "2026-05-01": "Labor Day",
    "2026-05-14": "Ascension Day",
    "2026-05-25": "Pentecost Monday",
    "2026-06-04": "Corpus Christi",
    "2026-10-03": "German Unity Day",
    "2026-11-01": "All Saints' Day",
    "2026-12-25": "Christmas Day",
    "2026-12-26": "Second Day of Christmas",
}


class TestHolidays:
    def test_of_a_subdivision(self, madrid: HoursProfile) -> None:
        added = hours_import_holidays(profile=madrid, country="DE", subdivision="BY", years=[2026], actor=None)
        assert {str(day.date): day.name for day in added} == BAVARIA_2026
        assert special_days(madrid) == {day: (name, []) for day, name in BAVARIA_2026.items()}

    def test_of_the_whole_country(self, madrid: HoursProfile) -> None:
        hours_import_holidays(profile=madrid, country="DE", years=[2026], actor=None)
        assert set(BAVARIA_2026) - set(special_days(madrid)) == {"2026-01-06", "2026-06-04", "2026-11-01"}

    def test_twice_changes_nothing_and_keeps_what_people_wrote(self, madrid: HoursProfile) -> None:
        hours_import_holidays(profile=madrid, country="DE", subdivision="BY", years=[2026], actor=None)
        special_day_set(profile=madrid, day=date(2026, 1, 6), name="Short", ranges=[(600, 720)], actor=None)
        before = special_days(madrid)
        assert hours_import_holidays(profile=madrid, country="DE", subdivision="BY", years=[2026], actor=None) == []
        assert special_days(madrid) == before
        assert len(hours_import_holidays(profile=madrid, country="DE", years=[2026, 2027], actor=None)) == 9

    def test_of_nowhere(self, madrid: HoursProfile) -> None:
        with pytest.raises(DomainError, match="country_unknown"):
            hours_import_holidays(profile=madrid, country="XX", years=[2026], actor=None)
        with pytest.raises(DomainError) as refused:
            hours_import_holidays(profile=madrid, country="DE", subdivision="XX", years=[2026], actor=None)
        assert "BB, BE, BW, BY" in str(refused.value.message)


def test_one_tenant_s_hours_are_not_the_other_s(madrid: HoursProfile, globex: Any) -> None:
    special_day_set(profile=madrid, day=date(2026, 1, 6), actor=None)
    with tenant_context(globex):
        assert list(HoursProfile.objects.values_list("name", flat=True)) == ["Business hours"]
        assert not SpecialDay.objects.exists()
        with pytest.raises(DomainError, match="gone"):
            special_day_set(profile=madrid, day=date(2026, 1, 7), actor=None)
        hours_create(name="Madrid", time_zone="America/New_York", actor=None)
    assert HoursProfile.objects.get(name="Madrid").time_zone == "Europe/Madrid"
