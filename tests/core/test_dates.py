"""Dates and times are written as the reader's browser writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.utils import timezone, translation

from apps.core.dates import browser_dates, date_text
from apps.core.middleware import DatesMiddleware

NOW = datetime(2026, 11, 29, 18, 4, tzinfo=UTC)
YESTERDAY = datetime(2026, 11, 28, 9, 5, tzinfo=UTC)
LAST_YEAR = datetime(2025, 3, 2, 9, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def test_each_shape_says_as_little_as_it_can():
    with browser_dates("en-GB,en;q=0.8"):
        said = {
            shape: [date_text(at, shape) for at in (NOW, YESTERDAY, LAST_YEAR)]
            for shape in ("short", "brief", "moment")
        }
        assert said == {
            "short": ["18:04", "28 Nov, 09:05", "2 Mar 2025, 09:05"],
            "brief": ["18:04", "28 Nov", "2 Mar 2025"],
            "moment": ["29 Nov, 18:04", "28 Nov, 09:05", "2 Mar 2025, 09:05"],
        }
        assert date_text(NOW, "time") == "18:04"
        assert date_text(NOW, "date") == "29 November 2026"
        assert date_text(NOW, "full") == "Sun, 29 Nov 2026, 18:04"
        assert date_text(date(2026, 11, 28), "day") == "28 Nov"
        assert date_text(date(2025, 11, 28), "weekday") == "Fri, 28 Nov 2025"


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("en-US,en;q=0.9", "Nov 28, 9:05 AM"),
        ("de-CH", "28. Nov., 09:05"),
        ("fi", "28.11. 9.05"),
        ("ja", "11月28日 9:05"),
        ("ar", "28 نوفمبر، 9:05 ص"),
        ("tlh, de;q=0.5", "28. Nov., 09:05"),
        ("en-XX", "Nov 28, 9:05 AM"),
        ("", "28 Nov, 09:05"),
        ("*;q=1, \x00", "28 Nov, 09:05"),
        ("a" * 9000, "28 Nov, 09:05"),
    ],
)
def test_the_browsers_first_known_language_says_how(header, moment):
    with browser_dates(header):
        assert date_text(YESTERDAY, "moment") == moment


def test_a_moment_is_the_readers_own():
    """Today in Auckland is tomorrow in London."""
    with browser_dates("en-GB"), timezone.override(ZoneInfo("Pacific/Auckland")):
        assert date_text(NOW, "short") == "07:04"
        assert date_text(YESTERDAY, "short") == "28 Nov, 22:05"


def test_a_text_in_a_language_of_its_own_has_its_dates():
    """Whoever's click it is that a letter to a customer comes from."""
    with translation.override("en"), browser_dates("en-US"):
        with translation.override("de"):
            assert date_text(YESTERDAY, "moment") == "28. Nov., 09:05"
        assert date_text(YESTERDAY, "moment") == "Nov 28, 9:05 AM"


def test_a_page_is_written_for_who_asks():
    def page(_request):
        return HttpResponse(
            Template("{% load dates %}{{ at|when:'short' }}|{{ none|when:'short' }}").render(Context({"at": NOW}))
        )

    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = "en-US"
    assert DatesMiddleware(page)(request).content.decode() == "6:04 PM|"
