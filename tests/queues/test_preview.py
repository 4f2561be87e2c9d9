"""What hours mean this week and on the special days ahead, told where they are set up (RTE-3)."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from apps.queues.actions import hours_create, special_day_set
from apps.queues.models import HoursProfile
from apps.queues.preview import hours_preview
from tests.support.browser import signed_in, user_as

THURSDAY = datetime(2026, 12, 3, 23, 30, tzinfo=UTC)
"""In Madrid it is Friday already."""


def made(**week: Any) -> HoursProfile:
    hours = hours_create(name="Office", time_zone="Europe/Madrid", week=week.get("week", {}), actor=None)
    for day, name, ranges in week.get("special", ()):
        special_day_set(profile=hours, day=day, name=name, ranges=ranges, actor=None)
    return hours


def test_the_week_is_that_of_their_zone(acme: Any) -> None:
    hours = made(week={4: [(540, 780), (840, 1080)]}, special=[(date(2026, 12, 1), "Stocktaking", [(600, 660)])])
    shown = hours_preview(hours, THURSDAY)
    assert [day.date.isoformat() for day in shown.week][::6] == ["2026-11-30", "2026-12-06"]
    assert [day.is_today for day in shown.week].index(True) == 4
    assert (shown.minute, shown.is_open) == (30, False)
    assert shown.changes_at is not None
    assert shown.changes_at.isoformat() == "2026-12-04T09:00:00+01:00"
    friday, tuesday = shown.week[4], shown.week[1]
    assert (friday.text, friday.bars) == ("09:00–13:00, 14:00–18:00", [(540, 240), (840, 240)])
    assert (tuesday.text, tuesday.name, tuesday.is_special) == ("10:00–11:00", "Stocktaking", True)
    assert shown.week[0].text == ""


def test_special_days_are_told_sixty_days_ahead_and_no_past_ones(acme: Any) -> None:
    days = [date(2026, 12, 3), date(2026, 12, 4), date(2027, 2, 1), date(2027, 2, 2)]
    shown = hours_preview(made(special=[(day, "", []) for day in days]), THURSDAY)
    assert [day.date for day in shown.special] == days[1:3]


def test_what_never_opens_never_changes(acme: Any) -> None:
    shown = hours_preview(made(), THURSDAY)
    assert (shown.is_open, shown.changes_at, shown.special) == (False, None, [])


def test_it_stands_on_the_page_of_the_hours_and_on_no_new_one(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    hours = made(week={0: [(540, 780)]})
    special_day_set(profile=hours, day=timezone.localdate(), name="<b>Fair", ranges=[], actor=None)
    page = browser.get(f"/admin/queues/hoursprofile/{hours.pk}/change/").content.decode()
    assert "This week" in page
    assert "closed" in page
    assert "&lt;b&gt;Fair" in page
    assert 'data-copy-to="day_1 day_2 day_3 day_4"' in page
    assert "This week" not in browser.get("/admin/queues/hoursprofile/add/").content.decode()
