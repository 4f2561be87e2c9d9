"""The admin pages of queues, hours and skills: what is written there, and what is refused."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Role
from apps.core import events
from apps.core.errors import DomainError
from apps.queues.actions import hours_create, queue_create, skill_create
from apps.queues.events import QueueClosing
from apps.queues.models import HoursProfile, Queue, Skill, SkillGroup
from apps.queues.selectors import week_of
from tests.support.people import default_queue, make_agent

SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(acme: Any) -> SignIn:
    """A browser of a new user with a role, who serves the default queue."""

    def make(role: str) -> Client:
        client = Client(SERVER_NAME="acme.localhost")
        client.force_login(make_agent(role=Role.objects.get(code=role)).user)
        return client

    return make


def page(model: str, name: str, *args: Any) -> str:
    return reverse(f"admin:queues_{model}_{name}", args=args, urlconf="config.urls_tenant")


def table(prefix: str, *lines: dict[str, Any], stored: int = 0) -> dict[str, Any]:
    data = {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": stored}
    return data | {f"{prefix}-{n}-{name}": value for n, line in enumerate(lines) for name, value in line.items()}


def queue_data(**other: Any) -> dict[str, Any]:
    data = {
        "name": "Sales",
        "strategy": "round_robin",
        "priority": 2,
        "max_wait_seconds": 300,
        "preferred_seconds": 0,
        "service_level_seconds": 30,
        "service_level_percent": 90,
        "acw_mode": "off",
        "acw_seconds": "45",
    }
    return data | table("memberships") | table("group_memberships") | table("skills") | other


class TestQueues:
    def test_are_made_with_all_that_they_are(self, sign_in: SignIn) -> None:
        skill, hours = Skill.objects.get(), HoursProfile.objects.get()
        lines = table("skills", {"skill": skill.pk, "expires_after_seconds": 60})
        data = queue_data(hours=hours.pk, limits_transfers="on", transfer_to=[default_queue().pk]) | lines
        assert sign_in("administrator").post(page("queue", "add"), data).status_code == 302
        queue = Queue.objects.get(name="Sales")
        assert (queue.hours, queue.strategy, queue.priority, queue.max_wait_seconds) == (hours, "round_robin", 2, 300)
        assert list(queue.transfer_to.all()) == [default_queue()]
        assert list(queue.skills.values_list("skill", "expires_after_seconds")) == [(skill.pk, 60)]

    def test_are_changed(self, sign_in: SignIn) -> None:
        queue = queue_create(name="Sales", skills={Skill.objects.get().pk: None}, actor=None)
        stored = {"id": queue.skills.get().pk, "queue": queue.pk, "skill": Skill.objects.get().pk, "DELETE": "on"}
        data = queue_data(name="Sales 2") | table("skills", stored, stored=1)
        assert sign_in("owner").post(page("queue", "change", queue.pk), data).status_code == 302
        queue.refresh_from_db()
        assert (queue.name, queue.skills.count()) == ("Sales 2", 0)

    def test_out_of_range_is_said_beside_the_field(self, sign_in: SignIn) -> None:
        answer = sign_in("owner").post(page("queue", "add"), queue_data(max_wait_seconds=9))
        assert "It has to be 10 s to 30 days." in answer.content.decode()
        assert not Queue.objects.filter(name="Sales").exists()

    def test_are_closed_and_opened_again(self, sign_in: SignIn) -> None:
        browser, queue = sign_in("owner"), default_queue()
        shown = browser.get(page("queue", "change", queue.pk)).content.decode()
        assert "Close now" in shown
        assert "Deactivate" not in shown
        assert re.search(
            r">\s*Close now\s*</button>", browser.get(page("queue", "close_now", queue.pk)).content.decode()
        )
        browser.post(page("queue", "close_now", queue.pk), {"message": "Fire drill."})
        assert "Closed by hand since" in browser.get(page("queue", "change", queue.pk)).content.decode()
        queue.refresh_from_db()
        assert queue.closed_at is not None
        assert queue.closing_message == "Fire drill."
        browser.get(page("queue", "reopen", queue.pk))
        assert Queue.objects.get(pk=queue.pk).closed_at is not None
        browser.post(page("queue", "reopen", queue.pk), {"sent": "yes"})
        assert Queue.objects.get(pk=queue.pk).closed_at is None

    @pytest.mark.parametrize("waiting", ["drain", "nobody", "move"])
    def test_are_deactivated_and_activated(self, sign_in: SignIn, waiting: str) -> None:
        browser, queue = sign_in("owner"), queue_create(name="Sales", actor=None)
        choice = str(default_queue().pk) if waiting == "move" else waiting
        assert browser.post(page("queue", "deactivate", queue.pk), {"waiting": choice}).status_code == 302
        assert not Queue.objects.get(pk=queue.pk).is_active
        browser.post(page("queue", "activate", queue.pk), {"sent": "yes"})
        browser.post(page("queue", "make_default", queue.pk), {"sent": "yes"})
        assert default_queue() == queue

    def test_a_refusal_stands_on_the_page(self, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_event: QueueClosing) -> None:
            raise DomainError("queue_has_waiters", "Somebody waits in it.")

        monkeypatch.setitem(events._handlers, QueueClosing, [refuse])
        queue = queue_create(name="Sales", actor=None)
        answer = sign_in("owner").post(page("queue", "deactivate", queue.pk), {"waiting": "nobody"})
        assert "Somebody waits in it." in answer.content.decode()
        assert Queue.objects.get(pk=queue.pk).is_active

    def test_supervisors_change_their_own(self, sign_in: SignIn) -> None:
        browser, other = sign_in("supervisor"), queue_create(name="Sales", actor=None)
        assert browser.get(page("queue", "add")).status_code == 403
        assert browser.post(page("queue", "close_now", other.pk), {"message": ""}).status_code == 404
        assert browser.get(page("queue", "change", other.pk))["Location"] == "/admin/"
        assert browser.post(page("queue", "close_now", default_queue().pk), {"message": ""}).status_code == 302
        assert browser.post(page("queue", "make_default", default_queue().pk), {"sent": "1"}).status_code == 403

    def test_agents_see_nothing(self, sign_in: SignIn) -> None:
        assert sign_in("agent").get(page("queue", "changelist"), follow=True).status_code == 403


def hours_data(**other: Any) -> dict[str, Any]:
    return {"name": "Madrid", "time_zone": "Europe/Madrid", "day_0": "9:00-13:00, 14.00–24:00"} | other


class TestHours:
    def test_a_new_profile_is_offered_office_hours(self, sign_in: SignIn) -> None:
        shown = sign_in("owner").get(page("hoursprofile", "add")).content.decode()
        assert shown.count('value="09:00–18:00"') == 5

    def test_a_week_and_special_days_are_written(self, sign_in: SignIn) -> None:
        lines = table(
            "special_days", {"date": "2026-12-24", "name": "Eve", "ranges": "9:00-12:00"}, {"date": "2026-12-25"}
        )
        assert sign_in("owner").post(page("hoursprofile", "add"), hours_data() | lines).status_code == 302
        profile = HoursProfile.objects.get(name="Madrid")
        assert week_of(profile) == {0: ((540, 780), (840, 1440))}
        days = {str(day.date): [(r.opens, r.closes) for r in day.ranges.all()] for day in profile.special_days.all()}
        assert days == {"2026-12-24": [(540, 720)], "2026-12-25": []}

    def test_special_days_are_moved_changed_and_removed(self, sign_in: SignIn) -> None:
        browser = sign_in("owner")
        lines = table("special_days", *({"date": f"2026-12-0{day}", "ranges": "9:00-12:00"} for day in (1, 2, 3, 4)))
        browser.post(page("hoursprofile", "add"), hours_data() | lines)
        profile = HoursProfile.objects.get(name="Madrid")
        keys = [{"id": day.pk, "profile": profile.pk} for day in profile.special_days.all()]
        changed = table(
            "special_days",
            keys[0] | {"date": "2026-12-09", "ranges": "9:00-12:00"},
            keys[1] | {"date": "2026-12-02", "ranges": ""},
            keys[2] | {"date": "2026-12-03", "ranges": "9:00-12:00", "DELETE": "on"},
            keys[3] | {"date": "2026-12-04", "ranges": "09:00–12:00"},
            stored=4,
        )
        assert browser.post(page("hoursprofile", "change", profile.pk), hours_data() | changed).status_code == 302
        days = {str(day.date): [(r.opens, r.closes) for r in day.ranges.all()] for day in profile.special_days.all()}
        assert days == {"2026-12-02": [], "2026-12-04": [(540, 720)], "2026-12-09": [(540, 720)]}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("nine to five", "Write hours like"),
            ("09:00–24:01", "Write hours like"),
            ("09:60–10:00", "Write hours like"),
            ("18:00–09:00", "past midnight is two ranges"),
            ("09:00–12:00, 11:59–13:00", "Two of these ranges overlap"),
        ],
    )
    def test_what_makes_no_sense_is_said_beside_the_day(self, sign_in: SignIn, text: str, said: str) -> None:
        data = hours_data(day_0=text) | table("special_days")
        assert said in sign_in("owner").post(page("hoursprofile", "add"), data).content.decode()
        assert not HoursProfile.objects.filter(name="Madrid").exists()

    def test_a_profile_in_use_stays(self, sign_in: SignIn) -> None:
        profile = hours_create(name="Madrid", time_zone="Europe/Madrid", actor=None)
        queue_create(name="Sales", hours=profile, actor=None)
        answer = sign_in("owner").post(page("hoursprofile", "delete", profile.pk), {"post": "yes"}, follow=True)
        assert "Queues keep the hours" in answer.content.decode()
        assert HoursProfile.objects.filter(pk=profile.pk).exists()

    def test_public_holidays_are_imported(self, sign_in: SignIn) -> None:
        browser, profile = sign_in("owner"), HoursProfile.objects.get()
        address = page("hoursprofile", "import_holidays", profile.pk)
        assert "Subdivision" not in browser.get(address).content.decode()
        assert "Bayern" in browser.get(address, {"chosen": "DE"}).content.decode()
        year = browser.get(address, {"chosen": "DE"}).context["form"].fields["years"].choices[0][0]
        answer = browser.post(f"{address}?chosen=DE", {"subdivision": "BY", "years": [year]}, follow=True)
        assert "special days were added" in answer.content.decode()
        assert profile.special_days.filter(date=f"{year}-01-06").exists()
        assert browser.post(address, {"subdivision": "", "years": [year]}).status_code == 200
        assert browser.post(f"{address}?chosen=DE", {"subdivision": "XX", "years": [year]}).status_code == 200


class TestSkills:
    def test_are_made_changed_and_deleted(self, sign_in: SignIn) -> None:
        browser = sign_in("owner")
        browser.post(page("skillgroup", "add"), {"name": "Languages", "colour": "#112233"})
        group = SkillGroup.objects.get(name="Languages")
        browser.post(page("skill", "add"), {"group": group.pk, "name": "French", "language": "fr"})
        skill = Skill.objects.get(name="French")
        browser.post(page("skill", "change", skill.pk), {"group": group.pk, "name": "Français", "language": "fr"})
        assert Skill.objects.get(pk=skill.pk).name == "Français"
        refused = browser.post(page("skillgroup", "delete", group.pk), {"post": "yes"}, follow=True)
        assert "still has skills" in refused.content.decode()
        browser.post(page("skill", "delete", skill.pk), {"post": "yes"})
        browser.post(page("skillgroup", "delete", group.pk), {"post": "yes"})
        assert not SkillGroup.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize("model", ["queue", "hoursprofile", "skill", "skillgroup"])
def test_lists_take_the_same_number_of_queries_however_long_they_are(
    sign_in: SignIn, model: str, django_assert_max_num_queries: Any
) -> None:
    browser, group = sign_in("owner"), SkillGroup.objects.get()
    for number in range(5):
        profile = hours_create(name=f"Hours {number}", time_zone="UTC", actor=None)
        queue_create(name=f"Queue {number}", hours=profile, actor=None)
        skill_create(group=group, name=f"Skill {number}")
    with django_assert_max_num_queries(16):
        assert browser.get(page(model, "changelist")).status_code == 200
