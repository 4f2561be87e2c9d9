"""Hours on the clock of a zone, instant by instant (RTE-3)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.queues.schedule import Range, Schedule, has_overlap, is_open, next_change, next_opening

OFFICE = dict.fromkeys(range(5), ((540, 1080),))


def hours(zone: str, week: dict[int, tuple[Range, ...]], **special: tuple[Range, ...]) -> Schedule:
    """Special days by names such as d2026_12_25."""
    days = {date(*map(int, name[1:].split("_"))): ranges for name, ranges in special.items()}
    return Schedule(ZoneInfo(zone), week, days)


def daily(zone: str, *ranges: Range) -> Schedule:
    return hours(zone, dict.fromkeys(range(7), ranges))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def changes(schedule: Schedule, since: str, until: str) -> list[tuple[str, bool]]:
    """Every change in a span, and whether it is open from then on."""
    found, at = [], next_change(schedule, utc(since))
    while at is not None and at < utc(until):
        found.append((f"{at:%m-%d %H:%M}", is_open(schedule, at)))
        at = next_change(schedule, at)
    return found


class TestAnOrdinaryWeek:
    office = hours("Europe/Madrid", OFFICE)

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("2026-01-05 07:59:59", False),
            ("2026-01-05 08:00:00", True),
            ("2026-01-05 16:59:59.999999", True),
            ("2026-01-05 17:00:00", False),
            ("2026-01-10 10:00:00", False),
            ("2026-07-06 07:00:00", True),
            ("2026-07-06 16:00:00", False),
        ],
    )
    def test_opens_at_the_first_minute_and_closes_before_the_last(self, at: str, expected: bool) -> None:
        assert is_open(self.office, utc(at)) is expected

    def test_changes_twice_a_working_day(self) -> None:
        assert changes(self.office, "2026-01-09", "2026-01-13") == [
            ("01-09 08:00", True),
            ("01-09 17:00", False),
            ("01-12 08:00", True),
            ("01-12 17:00", False),
        ]

    def test_a_change_is_later_than_the_moment_asked_for(self) -> None:
        assert next_change(self.office, utc("2026-01-05 08:00")) == utc("2026-01-05 17:00")

    def test_next_opening_while_open_is_that_of_the_next_day(self) -> None:
        assert next_opening(self.office, utc("2026-01-05 12:00")) == utc("2026-01-06 08:00")
        assert next_opening(self.office, utc("2026-01-09 17:00")) == utc("2026-01-12 08:00")

    def test_any_zone_may_ask(self) -> None:
        assert next_change(self.office, datetime(2026, 1, 5, 3, tzinfo=ZoneInfo("America/New_York"))) == utc(
            "2026-01-05 17:00"
        )


class TestSpecialDays:
    def test_without_ranges_closed_all_day(self) -> None:
        office = hours("UTC", OFFICE, d2026_01_06=())
        assert changes(office, "2026-01-05 18:00", "2026-01-08") == [("01-07 09:00", True), ("01-07 18:00", False)]

    def test_own_ranges_in_place_of_the_weekday_s(self) -> None:
        office = hours("UTC", OFFICE, d2026_01_10=((600, 660), (720, 780)))
        assert changes(office, "2026-01-09 18:00", "2026-01-12") == [
            ("01-10 10:00", True),
            ("01-10 11:00", False),
            ("01-10 12:00", True),
            ("01-10 13:00", False),
        ]

    def test_far_away_is_still_found(self) -> None:
        assert next_change(hours("UTC", {}, d2031_01_06=((0, 1),)), utc("2026-01-01")) == utc("2031-01-06")

    def test_nothing_changes_any_more_after_the_last(self) -> None:
        once = hours("UTC", {}, d2026_01_06=((0, 1440),))
        assert next_change(once, utc("2026-01-06")) == utc("2026-01-07")
        assert next_change(once, utc("2026-01-07")) is None
        assert next_opening(once, utc("2026-01-06")) is None


class TestMidnight:
    def test_a_night_shift_over_midnight_is_one_stretch(self) -> None:
        nights = daily("UTC", (0, 360), (1320, 1440))
        assert changes(nights, "2026-01-05 12:00", "2026-01-06 12:00") == [
            ("01-05 22:00", True),
            ("01-06 06:00", False),
        ]

    def test_touching_ranges_are_one_stretch(self) -> None:
        assert changes(daily("UTC", (540, 600), (600, 660)), "2026-01-05", "2026-01-06") == [
            ("01-05 09:00", True),
            ("01-05 11:00", False),
        ]

    def test_round_the_clock_never_changes(self) -> None:
        always = daily("Europe/Madrid", (0, 1440))
        assert is_open(always, utc("2026-03-29 01:00"))
        assert next_change(always, utc("2026-03-01")) is None
        assert next_opening(always, utc("2026-03-01")) is None

    def test_no_ranges_never_change(self) -> None:
        assert next_change(hours("Europe/Madrid", {}), utc("2026-03-01")) is None


class TestTheSkippedHour:
    """Europe/Madrid puts the clock from 02:00 to 03:00 on 29 March 2026, at 01:00 UTC."""

    def test_the_morning_opens_an_hour_earlier_from_then_on(self) -> None:
        assert changes(daily("Europe/Madrid", (540, 1080)), "2026-03-28", "2026-03-30") == [
            ("03-28 08:00", True),
            ("03-28 17:00", False),
            ("03-29 07:00", True),
            ("03-29 16:00", False),
        ]

    def test_what_begins_within_it_opens_when_the_clock_has_jumped(self) -> None:
        assert changes(daily("Europe/Madrid", (150, 600)), "2026-03-28 12:00", "2026-03-29 12:00") == [
            ("03-29 01:00", True),
            ("03-29 08:00", False),
        ]

    def test_what_ends_within_it_closes_when_the_clock_jumps(self) -> None:
        assert changes(daily("Europe/Madrid", (60, 150)), "2026-03-28 12:00", "2026-03-29 12:00") == [
            ("03-29 00:00", True),
            ("03-29 01:00", False),
        ]

    def test_what_lies_within_it_does_not_open(self) -> None:
        assert changes(daily("Europe/Madrid", (120, 180)), "2026-03-28 12:00", "2026-03-29 12:00") == []
        sundays = hours("Europe/Madrid", {6: ((120, 180),)})
        assert next_change(sundays, utc("2026-03-23")) == utc("2026-04-05 00:00")

    def test_new_york(self) -> None:
        assert changes(daily("America/New_York", (150, 240)), "2026-03-07 12:00", "2026-03-08 12:00") == [
            ("03-08 07:00", True),
            ("03-08 08:00", False),
        ]


class TestTheDoubledHour:
    """Europe/Madrid puts the clock from 03:00 back to 02:00 on 25 October 2026, at 01:00 UTC."""

    def test_open_through_it_is_one_longer_stretch(self) -> None:
        assert changes(daily("Europe/Madrid", (60, 240)), "2026-10-24 12:00", "2026-10-25 12:00") == [
            ("10-24 23:00", True),
            ("10-25 03:00", False),
        ]

    def test_all_of_it_is_two_hours(self) -> None:
        assert changes(daily("Europe/Madrid", (120, 180)), "2026-10-24 12:00", "2026-10-25 12:00") == [
            ("10-25 00:00", True),
            ("10-25 02:00", False),
        ]

    def test_what_begins_within_it_follows_the_clock_both_times(self) -> None:
        assert changes(daily("Europe/Madrid", (150, 600)), "2026-10-24 12:00", "2026-10-25 12:00") == [
            ("10-25 00:30", True),
            ("10-25 01:00", False),
            ("10-25 01:30", True),
            ("10-25 09:00", False),
        ]

    def test_new_york(self) -> None:
        assert changes(daily("America/New_York", (60, 120)), "2026-11-01 00:00", "2026-11-01 12:00") == [
            ("11-01 05:00", True),
            ("11-01 07:00", False),
        ]


class TestUnusualZones:
    def test_lord_howe_skips_half_an_hour(self) -> None:
        """02:00 becomes 02:30 on 4 October 2026, at 15:30 UTC the day before."""
        assert changes(daily("Australia/Lord_Howe", (135, 180)), "2026-10-03 12:00", "2026-10-04 12:00") == [
            ("10-03 15:30", True),
            ("10-03 16:00", False),
        ]

    def test_lord_howe_doubles_half_an_hour(self) -> None:
        """02:00 becomes 01:30 on 5 April 2026, at 15:00 UTC the day before."""
        assert changes(daily("Australia/Lord_Howe", (90, 120)), "2026-04-04 06:00", "2026-04-05 06:00") == [
            ("04-04 14:30", True),
            ("04-04 15:30", False),
        ]

    def test_apia_is_thirteen_hours_ahead(self) -> None:
        assert changes(daily("Pacific/Apia", (540, 1080)), "2026-01-04 18:00", "2026-01-05 18:00") == [
            ("01-04 20:00", True),
            ("01-05 05:00", False),
        ]

    def test_apia_skipped_a_day_at_the_date_line(self) -> None:
        """29 December 2011 was followed by 31 December, at 10:00 UTC of the 30th."""
        friday_only = hours("Pacific/Apia", {4: ((0, 1440),)})
        assert next_change(friday_only, utc("2011-12-24 12:00")) == utc("2012-01-05 10:00")
        assert changes(daily("Pacific/Apia", (540, 1080)), "2011-12-29 12:00", "2011-12-31 12:00") == [
            ("12-29 19:00", True),
            ("12-30 04:00", False),
            ("12-30 19:00", True),
            ("12-31 04:00", False),
        ]

    def test_kathmandu_is_five_hours_and_three_quarters_ahead(self) -> None:
        assert changes(daily("Asia/Kathmandu", (540, 1080)), "2026-01-05", "2026-01-06") == [
            ("01-05 03:15", True),
            ("01-05 12:15", False),
        ]


def test_overlaps() -> None:
    assert not has_overlap(())
    assert not has_overlap(((600, 660), (540, 600)))
    assert has_overlap(((600, 661), (660, 720)))
    assert has_overlap(((0, 1440), (0, 1440)))


ZONES = ["UTC", "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
NEAR_JUMPS = [utc("2026-03-29"), utc("2026-10-25"), utc("2026-10-03"), utc("2026-04-04"), utc("2011-12-30")]


@st.composite
def day_ranges(draw: st.DrawFn) -> tuple[Range, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 96).map(lambda n: n * 15), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Schedule, datetime]:
    at = draw(st.sampled_from(NEAR_JUMPS)) + timedelta(minutes=draw(st.integers(-3000, 3000)))
    near = st.integers(-3, 20).map(lambda days: at.date() + timedelta(days=days))
    week = draw(st.dictionaries(st.integers(0, 6), day_ranges()))
    special = draw(st.dictionaries(near, day_ranges(), max_size=3))
    return Schedule(ZoneInfo(draw(st.sampled_from(ZONES))), week, special), at


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(schedules())
@example((daily("Europe/Madrid", (135, 165)), utc("2026-03-28 23:00")))
def test_nothing_changes_before_the_next_change(case: tuple[Schedule, datetime]) -> None:
    schedule, at = case
    before, change = is_open(schedule, at), next_change(schedule, at)
    if change is not None:
        assert change > at
        assert is_open(schedule, change) is not before
        assert is_open(schedule, change - timedelta(microseconds=1)) is before
    until = min(change or at + timedelta(days=30), at + timedelta(days=30))
    probe = at
    while probe < until:
        assert is_open(schedule, probe) is before, probe
        probe += timedelta(minutes=15)


@settings(max_examples=100, deadline=None)
@given(schedules())
def test_next_opening_opens(case: tuple[Schedule, datetime]) -> None:
    schedule, at = case
    opening = next_opening(schedule, at)
    if opening is not None:
        assert opening > at
        assert is_open(schedule, opening)
        assert not is_open(schedule, opening - timedelta(microseconds=1))
