"""What the console's buttons do, with htmx and without, and what is refused (AGT-1, AGT-5 to AGT-8, WRP-1 to WRP-6)."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.agents.models import Agent
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.dispositions.models import Choice, Code, CodeSet, SetEntry
from apps.queues.choices import AcwMode
from apps.routing.choices import AnswerMode, OfferState
from apps.routing.models import ChannelRules, Offer
from tests.support.browser import Browser
from tests.support.dispositions import outcome
from tests.support.pages import HTMX, browser_of, card_ids, elements
from tests.support.people import arrive, default_queue, make_agent, ringing, talk

NOBODY = UUID(int=7)

pytestmark = pytest.mark.django_db(transaction=True)


def ended(agent: Agent) -> Conversation:
    conversation = talk(agent)
    conversation_end(conversation_id=conversation.pk, by=Side.AGENT, actor=agent.user)
    conversation.refresh_from_db()
    return conversation


# --- Everybody else


@pytest.mark.parametrize(
    "path",
    [
        "/console/status/",
        f"/console/offers/{NOBODY}/accept/",
        f"/console/offers/{NOBODY}/reject/",
        f"/console/pick/{NOBODY}/",
        f"/console/c/{NOBODY}/end/",
        f"/console/c/{NOBODY}/close/",
    ],
)
def test_nobody_presses_a_button(acme: Any, path: str) -> None:
    assert Browser("acme.localhost").post(path)["Location"] == "/signin/?next=/console/"
    agent = make_agent()
    assert browser_of(agent.user).get(path).status_code == 405
    assert browser_of(agent.user, enforce_csrf_checks=False).post(path).status_code in {404, 409}


def test_a_button_needs_its_token(acme: Any) -> None:
    agent = make_agent(available=False)
    browser = browser_of(agent.user)
    browser.client.handler.enforce_csrf_checks = True
    assert browser.post("/console/status/", {"code": "available"}).status_code == 403
    agent.refresh_from_db()
    assert agent.base == "away"


def test_another_agents_offer_and_conversation_are_refused(acme: Any) -> None:
    mine = make_agent(chat=2)
    live, over, offer = talk(mine), ended(mine), ringing(arrive())
    assert offer is not None
    browser = browser_of(make_agent(available=False).user)
    for path in (
        f"/console/offers/{offer.pk}/accept/",
        f"/console/c/{live.pk}/end/",
        f"/console/c/{over.pk}/close/",
    ):
        assert browser.post(path, outcome()).status_code == 409
    states = Conversation.objects.in_bulk([live.pk, over.pk, offer.conversation_id])
    assert [states[pk].state for pk in (live.pk, over.pk, offer.conversation_id)] == ["active", "wrap_up", "offered"]


# --- Status


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


# --- Offers


def test_accepting_opens_the_conversation(acme: Any) -> None:
    """CON-2."""
    agent = make_agent()
    offer = ringing(arrive())
    assert offer is not None
    answer = browser_of(agent.user).post(f"/console/offers/{offer.pk}/accept/", headers=HTMX)
    address = f"/console/c/{offer.conversation_id}/"
    assert answer["HX-Push-Url"] == address
    assert elements(answer, "main", id="pane", data_state="active")
    assert card_ids(answer) == [str(offer.conversation_id)]
    assert not elements(answer, "li", data_offer=str(offer.pk))


def test_accepting_without_scripts_goes_to_the_conversation(acme: Any) -> None:
    agent = make_agent()
    offer = ringing(arrive())
    assert offer is not None
    answer = browser_of(agent.user).post(f"/console/offers/{offer.pk}/accept/")
    assert (answer.status_code, answer["Location"]) == (302, f"/console/c/{offer.conversation_id}/")


def test_an_offer_that_is_gone_says_so(acme: Any) -> None:
    agent = make_agent()
    offer = ringing(arrive())
    assert offer is not None
    conversation_end(conversation_id=offer.conversation_id, by=Side.CUSTOMER, actor=None)
    answer = browser_of(agent.user).post(f"/console/offers/{offer.pk}/accept/", headers=HTMX)
    assert answer.status_code == 409
    assert b"This offer is gone" in answer.content


@pytest.mark.parametrize("allowed", [False, True])
def test_rejecting_where_it_is_allowed(acme: Any, allowed: bool) -> None:
    """AGT-7."""
    ChannelRules.objects.filter(family="chat").update(may_reject=allowed)
    agent = make_agent()
    offer = ringing(arrive())
    assert offer is not None
    answer = browser_of(agent.user).post(f"/console/offers/{offer.pk}/reject/", headers=HTMX)
    assert answer.status_code == (200 if allowed else 409)
    expected = OfferState.REJECTED if allowed else OfferState.RINGING
    assert Offer.objects.get(pk=offer.pk).state == expected


# --- End and wrap-up


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


# --- Signing out


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
