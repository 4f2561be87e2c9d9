"""Login preparation and what follows sign-in (AGT-4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.agents.actions import agent_console_open, agent_login_prep_expire, agent_sign_out
from apps.agents.models import Agent, AgentSettings
from tests.support.browser import Browser
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)


def preparing(seconds: int = 30) -> tuple[Agent, Browser]:
    """An agent who has just come, and their browser before its first page."""
    settings: AgentSettings = AgentSettings.load()
    settings.login_prep, settings.login_prep_seconds = True, seconds
    settings.login_prep_name, settings.login_prep_message = "Get set", "Read the <b>news</b>."
    settings.save()
    agent = make_agent(available=False)
    agent_sign_out(agent_id=agent.pk)
    return agent, browser_of(agent.user)


def opens(agent: Agent) -> Agent:
    """The agent's console says hello."""
    agent_console_open(agent_id=agent.pk, console_id=agent.pk)
    agent.refresh_from_db()
    return agent


def dialogs(browser: Browser, path: str = "/console/tray/") -> list[str | None]:
    kept = {"help", "lightbox", "palette", "refused-dialog", "elsewhere-dialog"}
    return [each["id"] for each in elements(browser.get(path), "dialog") if each["id"] not in kept]


def test_the_preparation_is_shown_and_counted_until_its_end(acme: Any) -> None:
    agent, browser = preparing()
    assert dialogs(browser, "/console/") == []
    opens(agent)
    answer = browser.get("/console/tray/", headers=HTMX)
    (dialog,) = elements(answer, "dialog", id="login-prep-dialog")
    assert "data-modeless" in dialog
    assert b"Get set" in answer.content
    assert b"Read the &lt;b&gt;news&lt;/b&gt;." in answer.content
    assert agent.login_prep_until is not None
    assert elements(answer, "time", data_until=agent.login_prep_until.isoformat())


def test_a_reload_counts_on_and_repeats_nothing(acme: Any) -> None:
    agent, browser = preparing()
    until = opens(agent).login_prep_until
    assert until is not None
    for _ in range(2):
        page = browser.get("/console/")
        assert elements(page, "time", data_until=until.isoformat())
    agent_console_open(agent_id=agent.pk, console_id=agent.pk)
    agent.refresh_from_db()
    assert agent.login_prep_until == until


def test_when_it_is_over_the_question_comes_once(acme: Any) -> None:
    agent, browser = preparing()
    until = opens(agent).login_prep_until
    assert until is not None
    assert dialogs(browser, "/console/") == ["login-prep-dialog"]
    agent_login_prep_expire(agent_id=agent.pk, due_at=until)
    assert dialogs(browser) == ["status-dialog"]
    assert dialogs(browser, "/console/") == []


def test_the_open_question_stays_where_it_is_while_the_tray_is_fetched(acme: Any) -> None:
    browser = browser_of(make_agent(available=False).user)
    kinds = [
        each["data-keep"]
        for path in ("/console/", "/console/tray/")
        for each in elements(browser.get(path), "div", id="login-dialog")
    ]
    assert kinds == ["asking", "asking"]


@pytest.mark.parametrize("code", ["available", "busy", "away"])
def test_a_choice_cuts_it_short_and_nothing_is_asked(acme: Any, code: str) -> None:
    agent, browser = preparing()
    opens(agent)
    page = browser.get("/console/")
    assert elements(page, "input", name="code", value=code)
    browser.post("/console/status/", {"code": code}, headers=HTMX)
    agent.refresh_from_db()
    assert (agent.base, agent.login_prep_until) == (code, None)
    assert dialogs(browser, "/console/") == []


def test_keeping_it_says_that_they_are_away_until_they_change_it(acme: Any) -> None:
    agent = make_agent()
    talk(agent)
    browser = browser_of(agent.user)
    assert not elements(browser.get("/console/tray/"), id="status-note")
    browser.post("/console/status/", {"code": "away", "sure": "1"})
    answer = browser.get("/console/tray/")
    assert b"You are <strong>Away</strong> until you change it." in answer.content
    assert elements(answer, "div", id="status-note")


def test_a_preparation_that_nobody_ended_in_time_shows_no_time_left(acme: Any) -> None:
    agent, browser = preparing()
    opens(agent)
    Agent.objects.filter(pk=agent.pk).update(login_prep_until=timezone.now() - timedelta(seconds=5))
    assert b">0:00</time>" in browser.get("/console/tray/").content


def test_every_button_of_a_status_sends_its_code_whatever_was_clicked(acme: Any) -> None:
    """A form that htmx sends on has its code itself: the button that was clicked may not be known any more."""
    agent, browser = preparing()
    pages = [browser.get("/console/")]
    opens(agent)
    pages.append(browser.get("/console/"))
    assert agent.login_prep_until is not None
    agent_login_prep_expire(agent_id=agent.pk, due_at=agent.login_prep_until)
    pages.append(browser.get("/console/"))
    talk_agent = make_agent()
    talk(talk_agent)
    busy = browser_of(talk_agent.user)
    busy.post("/console/status/", {"code": "away", "sure": "1"})
    pages.append(busy.get("/console/"))
    for page in pages:
        forms = elements(page, "form", action="/console/status/")
        codes = elements(page, "input", type="hidden", name="code")
        assert len(forms) == len(codes) > 3
        # The palette's alone is filled in when it is used.
        assert [code["value"] for code in codes].count("") == 1
        assert not elements(page, "button", name="code")
