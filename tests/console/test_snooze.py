"""Snooze and timed wrap-up on the console's pages (SNZ-1 to SNZ-4, WRP-3, CON-1)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from apps.agents.actions import agent_status_choose
from apps.console.dates import day_and_time
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.dispositions.models import Choice, CodeSet, Outcome
from apps.queues.models import Queue
from apps.timers.actions import wakeup_fire
from tests.support.pages import HTMX, browser_of, card_ids, elements
from tests.support.people import make_agent, talk
from tests.support.snoozes import answered, say, snooze_of, snoozed, state, switch_on

pytestmark = pytest.mark.django_db(transaction=True)


def pane(agent: Any, conversation: Conversation, query: str = "") -> Any:
    return browser_of(agent.user).get(f"/console/c/{conversation.pk}/{query}")


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# --- The button


def test_no_button_where_snooze_is_off(acme: Any) -> None:
    """SNZ-1."""
    agent = make_agent()
    page = pane(agent, answered(agent), "?ask=snooze")
    assert not elements(page, data_opens="snooze-dialog")
    assert not elements(page, "dialog", id="snooze-dialog")


def test_the_button_says_why_not(acme: Any) -> None:
    """SNZ-2: to those who see and to those who listen."""
    switch_on()
    agent = make_agent()
    conversation = talk(agent)
    page = pane(agent, conversation, "?ask=snooze")
    # In the head of the pane, and in its menu where the head has no room.
    button, item = elements(page, "button", data_opens="snooze-dialog")
    assert item["aria-disabled"] == "true"
    why = "The customer waits for your answer: reply before you snooze."
    assert (button["aria-disabled"], button["title"], button["aria-describedby"]) == ("true", why, "snooze-why")
    assert f'<span id="snooze-why" class="visually-hidden">{why}</span>' in text_of(page)
    (dialog,) = elements(page, "dialog", id="snooze-dialog")
    assert "open" not in dialog
    say(conversation, agent)
    page = pane(agent, conversation, "?ask=snooze")
    buttons = elements(page, "button", data_opens="snooze-dialog")
    assert ["aria-disabled" in each for each in buttons] == [False, False]
    (dialog,) = elements(page, "dialog", id="snooze-dialog")
    assert "open" in dialog


def test_the_dialog_offers_the_tenants_lengths(acme: Any) -> None:
    """SNZ-1."""
    switch_on(minutes=[5, 120])
    agent = make_agent()
    conversation = answered(agent)
    page = pane(agent, conversation)
    keys = [each["value"] for each in elements(page, "button", name="option")]
    assert keys == ["5", "120", "tomorrow"]
    assert not elements(page, "input", type="datetime-local")
    switch_on(allows_custom=True)
    (until,) = elements(pane(agent, conversation), "input", type="datetime-local")
    assert until["max"] is not None
    furthest = datetime.fromisoformat(until["max"]).replace(tzinfo=ZoneInfo("UTC")) - timezone.now()
    assert timedelta(days=29, hours=23) < furthest <= timedelta(days=30)


# --- Snoozing


def test_snoozing_shows_the_banner_and_puts_the_card_at_the_foot(acme: Any) -> None:
    """SNZ-3, CON-1."""
    switch_on()
    agent = make_agent()
    conversation = answered(agent)
    browser = browser_of(agent.user)
    answer = browser.post(f"/console/c/{conversation.pk}/snooze/", {"option": "60"}, headers=HTMX)
    assert state(conversation) == "snoozed"
    assert elements(answer, "section", id="snoozed")
    until = day_and_time(snooze_of(conversation).until)
    assert f"Snoozed until {until}." in text_of(answer)
    assert f"{agent.user.public_name} snoozed it until {until}" in text_of(answer)
    assert elements(answer, "form", id="compose")
    assert not elements(answer, data_opens="end-dialog")
    assert elements(answer, "details", id="snoozed-cards")
    assert "Snoozed (1)" in text_of(answer)
    assert card_ids(answer) == [str(conversation.pk)]
    assert f"Snoozed for 1 hour until {until}, 1 time so far" in text_of(answer).replace("\xa0", " ")


def test_snoozing_without_scripts_comes_back_to_the_conversation(acme: Any) -> None:
    switch_on()
    agent = make_agent()
    conversation = answered(agent)
    answer = browser_of(agent.user).post(f"/console/c/{conversation.pk}/snooze/", {"option": "15"})
    assert (answer.status_code, answer["Location"]) == (302, f"/console/c/{conversation.pk}/")


def test_an_end_is_read_in_the_agents_zone(acme: Any) -> None:
    """SNZ-1."""
    switch_on(allows_custom=True)
    agent = make_agent(time_zone="Asia/Tokyo")
    conversation = answered(agent)
    there = (timezone.now().astimezone(ZoneInfo("Asia/Tokyo")) + timedelta(days=3)).replace(second=0, microsecond=0)
    data = {"option": "custom", "until": there.strftime("%Y-%m-%dT%H:%M")}
    browser_of(agent.user).post(f"/console/c/{conversation.pk}/snooze/", data)
    assert snooze_of(conversation).until == there


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "This length is not offered any more. Choose another one."),
        ({"option": "custom", "until": "soon"}, "Choose a date and time that is still to come."),
        ({"option": "custom", "until": "2020-01-01T09:00"}, "Choose a date and time that is still to come."),
    ],
)
def test_a_refusal_is_said_near_the_click(acme: Any, data: dict[str, str], said: str) -> None:
    switch_on(allows_custom=True)
    agent = make_agent()
    conversation = answered(agent)
    answer = browser_of(agent.user).post(f"/console/c/{conversation.pk}/snooze/", data, headers=HTMX)
    assert answer.status_code == 409
    assert said in text_of(answer)
    assert state(conversation) == "active"


# --- Asleep and awake


def test_waking_by_hand(acme: Any) -> None:
    """SNZ-4."""
    switch_on()
    agent = make_agent(chat=1)
    conversation = snoozed(agent)
    browser = browser_of(agent.user)
    answer = browser.post(f"/console/c/{conversation.pk}/wake/", headers=HTMX)
    assert state(conversation) == "active"
    assert not elements(answer, "section", id="snoozed")
    assert f"{agent.user.public_name} woke it" in text_of(answer)
    assert browser.post(f"/console/c/{conversation.pk}/wake/", headers=HTMX).status_code == 200


def test_waking_without_a_slot_is_refused_with_the_reason(acme: Any) -> None:
    """SNZ-4."""
    switch_on()
    agent = make_agent(chat=1)
    conversation = snoozed(agent)
    talk(agent)
    answer = browser_of(agent.user).post(f"/console/c/{conversation.pk}/wake/", headers=HTMX)
    assert answer.status_code == 409
    assert "All your chat slots are taken: end or snooze another conversation first." in text_of(answer)


def test_the_banner_of_one_that_wakes_up(acme: Any) -> None:
    """SNZ-4, EDG-7."""
    switch_on()
    agent = make_agent()
    conversation = snoozed(agent)
    agent_status_choose(agent_id=agent.pk, code="away")
    say(conversation)
    page = pane(agent, conversation)
    until = day_and_time(snooze_of(conversation).due_at)  # type: ignore[arg-type]
    assert "Waking up." in text_of(page)
    assert f"It wakes up, and waits for a free slot until {until}" in text_of(page)
    assert f"Waking up: waits for a free slot until {until}" in text_of(page)


def test_unread_while_the_customers_words_do_not_wake_it(acme: Any) -> None:
    """SNZ-4: marked as unread."""
    switch_on(wakes_on_message=False)
    agent = make_agent()
    conversation = snoozed(agent)
    tray = browser_of(agent.user).get("/console/tray/", headers=HTMX)
    (before,) = [each["data-unread"] for each in elements(tray, "li") if "data-unread" in each]
    say(conversation)
    tray = browser_of(agent.user).get("/console/tray/", headers=HTMX)
    (card,) = [each for each in elements(tray, "li") if "data-unread" in each]
    assert (card["data-state"], int(card["data-unread"] or 0)) == ("snoozed", int(before or 0) + 1)


def test_the_handle_clock_stands_still_and_goes_on_without_the_snooze(acme: Any) -> None:
    """SNZ-3."""
    switch_on()
    agent = make_agent()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        conversation = snoozed(agent)
    conversation.segments.filter(kind="agent").update(started_at=now - timedelta(seconds=90))
    browser = browser_of(agent.user)
    with time_machine.travel(now + timedelta(minutes=10), tick=False):
        page = browser.get(f"/console/c/{conversation.pk}/")
        assert '<span class="clock">1:30</span>' in text_of(page)
        browser.post(f"/console/c/{conversation.pk}/wake/")
        page = browser.get(f"/console/c/{conversation.pk}/")
        since = (now - timedelta(seconds=90) + timedelta(minutes=10)).isoformat()
        assert elements(page, "time", data_since=since)


# --- Timed wrap-up


@pytest.fixture
def wrapping_up(acme: Any) -> tuple[Any, Conversation]:
    Queue.objects.update(acw_mode="timed", acw_seconds=45)
    agent = make_agent()
    conversation = talk(agent)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    conversation.refresh_from_db()
    return agent, conversation


def test_a_timed_wrap_up_counts_down(wrapping_up: Any) -> None:
    """WRP-3."""
    agent, conversation = wrapping_up
    page = pane(agent, conversation)
    (form,) = elements(page, "form", id="wrap-up")
    assert form["data-until"] == conversation.wrap_up_due_at.isoformat()
    assert form["data-from"] == conversation.ended_at.isoformat()
    assert elements(page, "div", role="timer")


def test_an_untimed_one_counts_up(acme: Any) -> None:
    """WRP-2."""
    agent = make_agent()
    conversation = talk(agent)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    page = pane(agent, conversation)
    (form,) = elements(page, "form", id="wrap-up")
    assert "data-until" not in form
    assert not elements(page, "div", role="timer")


def test_what_was_begun_is_there_after_a_reload(wrapping_up: Any) -> None:
    """WRP-3, WRP-6."""
    agent, conversation = wrapping_up
    code_set = CodeSet.objects.get(name="Resolution")
    code = code_set.codes.get(name="Pending")
    browser = browser_of(agent.user)
    data = {f"set_{code_set.pk.hex}": str(code.pk), "description": "Calls", "set_": "x", "next": str(uuid4())}
    assert browser.post(f"/console/c/{conversation.pk}/draft/", data).status_code == 204
    page = browser.get(f"/console/c/{conversation.pk}/")
    assert [each["value"] for each in elements(page, "input", type="radio") if "checked" in each] == [str(code.pk)]
    assert ">Calls</textarea>" in page.content.decode().replace("\n", "")
    wakeup_fire(
        schema="acme",
        kind="conversations.wrap_up",
        object_id=conversation.pk,
        due_at=conversation.wrap_up_due_at,
    )
    page = browser.get(f"/console/c/{conversation.pk}/")
    assert elements(page, "main", data_state="closed")
    assert "Closed by itself: the time to wrap up was over" in text_of(page)
    assert Choice.objects.get().code == code
    assert Outcome.objects.get().description == "Calls"
    assert browser.post(f"/console/c/{conversation.pk}/draft/", data).status_code == 409


# --- Words


def test_moments_as_people_say_them(acme: Any) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("UTC")), tick=False):
        now = timezone.now()
        assert day_and_time(now + timedelta(hours=5)) == "15:00"
        assert day_and_time(now + timedelta(hours=23)) == "tomorrow, 09:00"
        assert day_and_time(now + timedelta(days=5)) == "27 Nov, 10:00"


def test_a_reply_wakes_it_over_the_same_door_as_every_reply(acme: Any) -> None:
    switch_on()
    agent = make_agent()
    conversation = snoozed(agent)
    message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body="Hello again", author=agent.user),
    )
    assert "It woke up: the agent replied" in text_of(pane(agent, conversation))
