"""Choosing a status, leaving live conversations, which is asked about first, and signing out (AGT-1, AGT-5, AGT-8)."""

from typing import Any

import pytest

from apps.agents.models import Agent, Capacity, Status
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)


def state(agent: Agent) -> tuple[str, bool]:
    agent.refresh_from_db()
    return agent.status.code, agent.is_draining


def offered(answer: Any) -> list[str | None]:
    """The statuses that the question leads to."""
    return [each["value"] for each in elements(answer, "input", name="code")]


@pytest.fixture
def lunch(acme: Any) -> Status:
    return Status.objects.create(code="lunch", label="Lunch", base="away")


@pytest.mark.parametrize("code", ["away", "lunch"])
def test_a_dialog_asks_first(lunch: Status, code: str) -> None:
    agent = make_agent()
    talk(agent)
    browser = browser_of(agent.user)
    answer = browser.post("/console/status/", {"code": code, "next": "/console/"}, headers=HTMX)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#dialog-slot", "innerHTML")
    assert elements(answer, "dialog", id="away-dialog")
    assert offered(answer) == [code, "away_after_these"]
    assert state(agent) == ("available", False)
    browser.post("/console/status/", {"code": code, "sure": "1"}, headers=HTMX)
    assert state(agent) == (code, False)


def test_a_page_asks_without_scripts(lunch: Status) -> None:
    agent = make_agent()
    talk(agent)
    browser = browser_of(agent.user)
    page = browser.post("/console/status/", {"code": "lunch", "next": "/console/?x=1"})
    assert elements(page, "html")
    assert offered(page) == ["lunch", "away_after_these"]
    assert elements(page, "a", href="/console/")
    assert state(agent) == ("available", False)
    answer = browser.post("/console/status/", {"code": "lunch", "sure": "1", "next": "/console/?x=1"})
    assert answer["Location"] == "/console/?x=1"
    assert state(agent) == ("lunch", False)


def test_away_after_these_and_the_way_back(acme: Any) -> None:
    agent = make_agent()
    talk(agent)
    browser = browser_of(agent.user)
    answer = browser.post("/console/status/", {"code": "away_after_these"}, headers=HTMX)
    assert state(agent) == ("available", True)
    assert elements(answer, "summary", data_base="away")
    assert elements(answer, "div", id="status-note")
    assert b"Back to Available" in answer.content
    answer = browser.post("/console/status/", {"code": "available"}, headers=HTMX)
    assert state(agent) == ("available", False)
    assert not elements(answer, "div", id="status-note")


def test_who_is_full_may_leave_after_these_too(acme: Any) -> None:
    agent = make_agent(chat=1)
    Capacity.objects.filter(agent=agent).exclude(family="chat").update(limit=0)
    talk(agent)
    assert state(agent) == ("system_busy", False)
    assert "away_after_these" in offered(browser_of(agent.user).get("/console/tray/"))


def test_who_is_away_already_is_offered_no_after_these(lunch: Status) -> None:
    agent = make_agent()
    talk(agent)
    browser = browser_of(agent.user)
    browser.post("/console/status/", {"code": "away", "sure": "1"})
    assert offered(browser.post("/console/status/", {"code": "lunch"})) == ["lunch"]


def test_nobody_is_asked_with_nothing_live_or_for_another_status(acme: Any) -> None:
    agent = make_agent()
    mine = talk(agent)
    browser = browser_of(agent.user)
    browser.post("/console/status/", {"code": "busy"})
    assert state(agent) == ("busy", False)
    conversation_end(conversation_id=mine.pk, by=Side.AGENT, actor=agent.user)
    browser.post("/console/status/", {"code": "away"})
    assert state(agent) == ("away", False)


def test_choosing_a_status_without_scripts_comes_back_to_the_page(acme: Any) -> None:
    agent = make_agent(available=False)
    answer = browser_of(agent.user).post("/console/status/", {"code": "available", "next": "/console/?x=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/console/?x=1")
    agent.refresh_from_db()
    assert agent.base == "available"


def test_a_status_leads_to_no_other_site(acme: Any) -> None:
    agent = make_agent(available=False)
    answer = browser_of(agent.user).post("/console/status/", {"code": "busy", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/console/"


def test_choosing_a_status_with_htmx_brings_the_tray(acme: Any) -> None:
    agent = make_agent(available=False)
    answer = browser_of(agent.user).post("/console/status/", {"code": "available"}, headers=HTMX)
    assert elements(answer, "aside", id="tray")
    assert elements(answer, "summary", data_base="available")


def test_a_status_that_nobody_can_choose_is_refused_near_the_click(acme: Any) -> None:
    agent = make_agent()
    browser = browser_of(agent.user)
    toast = browser.post("/console/status/", {"code": "system_away"}, headers=HTMX)
    assert (toast.status_code, toast["HX-Retarget"], toast["HX-Reswap"]) == (409, "#toasts", "beforeend")
    assert "console:stale" in toast["HX-Trigger"]
    assert b"There is no such status." in toast.content
    page = browser.post("/console/status/", {"code": "system_away"})
    assert page.status_code == 409
    assert b"There is no such status." in page.content
    assert elements(page, "a", href="/console/")


def test_away_after_these(acme: Any) -> None:
    """AGT-5."""
    agent = make_agent()
    talk(agent)
    answer = browser_of(agent.user).post("/console/status/", {"code": "away_after_these"}, headers=HTMX)
    agent.refresh_from_db()
    assert (agent.base, agent.is_draining) == ("available", True)
    assert b"Away after these" in answer.content


def test_signing_out_with_work_left_is_refused_and_said_in_the_console(acme: Any) -> None:
    """AGT-8."""
    agent = make_agent()
    talk(agent)
    browser = browser_of(agent.user)
    assert browser.post("/signout/")["Location"] == "/console/"
    page = browser.get("/console/")
    assert page.status_code == 200
    assert elements(page, "div", role="alert")


def test_signing_out_with_nothing_left(acme: Any) -> None:
    agent = make_agent()
    browser = browser_of(agent.user)
    browser.post("/signout/")
    agent.refresh_from_db()
    assert agent.base == "offline"
    assert browser.get("/console/").status_code == 302
