"""Durations in the admin are written and read as people write them, on every page and in every column."""

import re
from typing import Any

import pytest
from django import forms
from django.test import RequestFactory

from apps.accounts.models import Role
from apps.agents.models import AgentSettings
from apps.core.durations import SECONDS, duration_read, duration_text
from apps.queues.models import Queue, QueueSkill, Skill
from apps.snooze.models import SnoozeSettings
from apps.tenants.admin_base import ReadOnlyAdmin
from apps.tenants.admin_fields import DurationField, DurationListField, duration_unit
from apps.tenants.admin_sites import operator_site, tenant_site
from tests.support.admin_pages import errors, fields
from tests.support.browser import signed_in, user_as
from tests.support.people import default_queue, make_agent


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (0, "seconds", "0 s"),
        (0, "days", "0 days"),
        (45, "seconds", "45 s"),
        (600, "seconds", "10 min"),
        (5400, "seconds", "1 h 30 min"),
        (259_200, "seconds", "3 days"),
        (72, "hours", "3 days"),
        (90_061, "seconds", "1 day 1 h 1 min 1 s"),
        (7, "days", "7 days"),
    ],
)
def test_a_duration_is_shown_in_words_and_read_back_as_it_was(amount: int, unit: str, text: str) -> None:
    assert duration_text(amount, unit) == text
    assert duration_read(text, unit) == amount


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        (" 72 h ", 259_200),
        ("1h30", None),
        ("1h 30m", 5400),
        ("1 hour and 30 minutes", 5400),
        ("1.5 h", 5400),
        ("1,5 h", 5400),
        ("2 Weeks", 1_209_600),
        ("1 h, 5 sec.", 3605),
        ("0.5 s", None),
        ("-5 s", None),
        ("ten", None),
        ("10 min ?", None),
        ("10 parsecs", None),
        ("9" * 70, None),
    ],
)
def test_what_people_write_is_read_and_what_is_no_duration_is_refused(text: str, seconds: int | None) -> None:
    if seconds is None:
        with pytest.raises(ValueError, match=f"^{re.escape(text.strip().lower()[:10])}"):
            duration_read(text)
    else:
        assert duration_read(text) == seconds


def test_a_number_alone_counts_in_the_columns_unit_and_parts_of_a_unit_are_refused() -> None:
    assert duration_read("3", "days") == 3
    assert duration_read("90 min", "minutes") == 90
    with pytest.raises(ValueError, match="90 min"):
        duration_read("90 min", "hours")


def test_bounds_are_told_in_the_same_words() -> None:
    field = DurationField(unit="seconds", least=10, most=604_800)
    assert field.clean("1 h") == 3600
    with pytest.raises(forms.ValidationError, match="10 s to 7 days"):
        field.clean("8 days")
    with pytest.raises(forms.ValidationError, match="like 45 s, 10 min"):
        field.clean("soon")
    assert not field.has_changed(600, "10 min")
    assert field.has_changed(600, "11 min")


def test_of_several_the_one_that_is_wrong_is_named() -> None:
    field = DurationListField(unit="minutes", least=1, most=43_200, size=3)
    assert field.clean("15 min, 1 h,4 h") == [15, 60, 240]
    assert field.prepare_value([15, 60, 240]) == "15 min, 1 h, 4 h"
    for text, said in [("15 min, soon", "“soon”"), ("15 min, 31 days", "“31 days”"), ("1,2,3,4", "3 at most")]:
        with pytest.raises(forms.ValidationError, match=said):
            field.clean(text)


@pytest.mark.django_db
def test_every_column_that_holds_a_duration_is_one_on_its_admin_page(acme: Any) -> None:
    request = RequestFactory().get("/admin/")
    request.user = user_as("owner")
    seen = set()
    for site in (tenant_site, operator_site):
        for model, page in site._registry.items():
            if isinstance(page, ReadOnlyAdmin):
                continue
            for column in model._meta.fields:
                if unit := duration_unit(column):
                    field = page.formfield_for_dbfield(column, request)
                    assert isinstance(field, DurationField), column
                    assert field.unit == unit
                    assert unit in SECONDS
                    assert "without a unit" in str(field.help_text)
                    assert not re.search(r"second|hour|minute|day", str(field.label)), column
                    seen.add(f"{model._meta.label_lower}.{column.name}")
    assert len(seen) >= 18  # That of a queue's skill stands in a table.
    assert {"queues.queue.max_wait_seconds", "snooze.snoozesettings.minutes", "email.mailchannel.reopen_days"} <= seen


@pytest.mark.django_db
def test_a_queues_wait_is_shown_and_saved_as_a_duration(acme: Any) -> None:
    browser, page = signed_in(user_as("administrator")), f"/admin/queues/queue/{default_queue().pk}/change/"
    form = fields(browser.get(page))
    assert form["max_wait_seconds"] == "10 min"
    answer = browser.post(page, form | {"max_wait_seconds": "1 h 30 min"})
    assert answer.status_code == 302, errors(answer)
    assert Queue.objects.get().max_wait_seconds == 5400
    refused = browser.post(page, form | {"max_wait_seconds": "31 days"})
    assert "10 s to 30 days" in errors(refused)
    assert 'value="31 days"' in refused.content.decode()
    assert Queue.objects.get().max_wait_seconds == 5400


@pytest.mark.django_db
def test_lengths_of_snooze_are_durations_each(acme: Any) -> None:
    SnoozeSettings.load()
    browser, page = signed_in(user_as("administrator")), "/admin/snooze/snoozesettings/1/change/"
    form = fields(browser.get(page))
    assert form["minutes"] == "15 min, 1 h, 4 h"
    answer = browser.post(page, form | {"minutes": "5 min, 2 h"})
    assert answer.status_code == 302, errors(answer)
    assert SnoozeSettings.load().minutes == [5, 120]
    assert "“x” is no duration" in errors(browser.post(page, form | {"minutes": "5 min, x"}))


@pytest.mark.django_db
def test_what_may_be_and_what_is_the_default_stand_below_the_field(acme: Any) -> None:
    AgentSettings.load()
    page = signed_in(user_as("administrator")).get("/admin/agents/agentsettings/1/change/").content.decode()
    assert "5 s to 1 h, 30 s by default; without a unit: seconds." in page


@pytest.mark.django_db
def test_a_duration_that_is_only_read_is_in_words_in_lists_and_on_pages(acme: Any) -> None:
    Queue.objects.update(max_wait_seconds=5400)
    QueueSkill.objects.create(queue=default_queue(), skill=Skill.objects.first(), expires_after_seconds=150)
    supervisor = make_agent(available=False, role=Role.objects.get(code="supervisor")).user
    page = signed_in(supervisor).get(f"/admin/queues/queue/{default_queue().pk}/change/").content.decode()
    assert "1 h 30 min" in page
    assert "2 min 30 s" in page
    assert "5400" not in page
    rules = signed_in(user_as("administrator")).get("/admin/settings/replies/").content.decode()
    assert "3 days" in rules
    assert "259200" not in rules
