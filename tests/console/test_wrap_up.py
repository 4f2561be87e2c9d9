"""End, wrap-up and closing, with htmx and without (WRP-1, WRP-2, WRP-4, WRP-6, AGT-6)."""

from typing import Any
from uuid import uuid4

import pytest

from apps.conversations.actions import message_post
from apps.conversations.choices import Side, State
from apps.conversations.steps import MessageDraft
from apps.dispositions.models import Choice, Code, CodeSet, SetEntry
from apps.queues.choices import AcwMode
from apps.routing.choices import AnswerMode
from apps.routing.models import ChannelRules
from tests.support.dispositions import ended, outcome
from tests.support.pages import HTMX, browser_of, card_ids, elements
from tests.support.people import arrive, default_queue, make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)


def test_end_is_asked_for_without_scripts_too(acme: Any) -> None:
    """WRP-1."""
    agent = make_agent()
    mine = talk(agent)
    browser = browser_of(agent.user)
    (closed,) = elements(browser.get(f"/console/c/{mine.pk}/"), "dialog", id="end-dialog")
    (opened,) = elements(browser.get(f"/console/c/{mine.pk}/?ask=end"), "dialog", id="end-dialog")
    assert ("open" in closed, "open" in opened) == (False, True)


def test_end_brings_the_wrap_up_with_nothing_chosen(acme: Any) -> None:
    """WRP-1, WRP-6."""
    agent = make_agent()
    mine = talk(agent)
    answer = browser_of(agent.user).post(f"/console/c/{mine.pk}/end/", headers=HTMX)
    assert elements(answer, "main", id="pane", data_state="wrap_up")
    codes = elements(answer, "input", type="radio")
    assert len(codes) == 3
    assert not [each for each in codes if "checked" in each]
    assert not elements(answer, "form", id="compose")


def test_end_leaves_nothing_where_the_queue_has_no_wrap_up(acme: Any) -> None:
    """WRP-4."""
    queue = default_queue()
    queue.acw_mode = AcwMode.OFF
    queue.save(update_fields=["acw_mode"])
    agent = make_agent()
    mine = talk(agent)
    answer = browser_of(agent.user).post(f"/console/c/{mine.pk}/end/", headers=HTMX)
    assert answer["HX-Push-Url"] == "/console/"
    assert card_ids(answer) == []


def test_no_end_before_the_first_word_in_auto_mode(acme: Any) -> None:
    """AGT-6."""
    ChannelRules.objects.filter(family="chat").update(answer_mode=AnswerMode.AUTO)
    agent = make_agent()
    mine = arrive()
    mine.refresh_from_db()
    assert mine.state == State.ACTIVE
    browser = browser_of(agent.user)
    assert not elements(browser.get(f"/console/c/{mine.pk}/"), data_opens="end-dialog")
    assert (
        b"You can transfer or end it once you have sent a first message."
        in browser.get(f"/console/c/{mine.pk}/").content
    )
    refused = browser.post(f"/console/c/{mine.pk}/end/", headers=HTMX)
    assert refused.status_code == 409
    assert b"Send a first message before you end this conversation." in refused.content
    message_post(
        conversation_id=mine.pk,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body="Hello!", author=agent.user),
    )
    assert elements(browser.get(f"/console/c/{mine.pk}/"), data_opens="end-dialog")
    assert browser.post(f"/console/c/{mine.pk}/end/", headers=HTMX).status_code == 200


def test_closing_without_a_required_code_is_refused_at_its_set(acme: Any) -> None:
    """WRP-2."""
    agent = make_agent()
    mine = ended(agent)
    answer = browser_of(agent.user).post(f"/console/c/{mine.pk}/close/", {"description": "so"}, headers=HTMX)
    assert answer.status_code == 422
    assert b"Choose one first." in answer.content
    assert b">so</textarea>" in answer.content.replace(b"\n", b"")
    mine.refresh_from_db()
    assert mine.state == State.WRAP_UP


def test_closing_records_the_outcome(acme: Any) -> None:
    """WRP-2, WRP-6."""
    agent = make_agent()
    mine = ended(agent)
    data = outcome("Pending") | {"description": "Calls back on Monday"}
    answer = browser_of(agent.user).post(f"/console/c/{mine.pk}/close/", data, headers=HTMX)
    assert answer["HX-Push-Url"] == "/console/"
    assert card_ids(answer) == []
    mine.refresh_from_db()
    choice = Choice.objects.get(conversation=mine)
    assert (mine.state, choice.code_name, choice.description) == ("closed", "Pending", "Calls back on Monday")


def test_a_set_shown_as_a_list_and_one_that_is_optional(acme: Any) -> None:
    """WRP-6."""
    code = Code.objects.create(name="Delivery")
    reason = CodeSet.objects.create(name="Reason", display="list", is_required=False, position=5)
    SetEntry.objects.create(code_set=reason, code=code)
    agent = make_agent()
    mine = ended(agent)
    browser = browser_of(agent.user)
    page = browser.get(f"/console/c/{mine.pk}/")
    assert elements(page, "select", name=f"set_{reason.pk.hex}")
    assert [each["value"] for each in elements(page, "option", selected="")] in ([], [""])
    browser.post(f"/console/c/{mine.pk}/close/", outcome())
    mine.refresh_from_db()
    assert mine.state == State.CLOSED
    assert Choice.objects.get(conversation=mine).set_name == "Resolution"


def test_a_code_that_is_no_longer_offered_is_refused(acme: Any) -> None:
    agent = make_agent()
    mine = ended(agent)
    chosen = outcome()
    Code.objects.filter(name="Resolved").update(is_enabled=False)
    answer = browser_of(agent.user).post(f"/console/c/{mine.pk}/close/", chosen, headers=HTMX)
    assert answer.status_code == 422
    assert b"This is no longer offered." in answer.content
