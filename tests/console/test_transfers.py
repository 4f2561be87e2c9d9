"""The skills bar, the transfer dialog and what rings from a colleague, page by page (XFR-1 to XFR-5, AGT-6)."""

from typing import Any

import pytest

from apps.agents.actions import agent_status_choose
from apps.agents.models import Agent
from apps.conversations.actions import conversation_end
from apps.conversations.models import Conversation
from apps.queues.models import HoursProfile, QueueSkill
from apps.routing.actions import offer_accept
from apps.routing.models import ChannelRules, Offer
from apps.transfers.actions import transfer_cancel, transfer_to_agent, transfer_to_queue
from apps.transfers.models import Transfer
from tests.support.browser import Browser
from tests.support.pages import HTMX, browser_of, card_ids, elements
from tests.support.people import arrive, default_queue, make_agent, talk
from tests.support.transfers import asked_for, asks, colleague, pair, queue, rings, settings, skill

pytestmark = pytest.mark.django_db(transaction=True)


def address(conversation: Conversation, part: str = "transfer/") -> str:
    return f"/console/c/{conversation.pk}/{part}"


def choices(answer: Any) -> list[str | None]:
    """The destinations that a dialog lists, in order."""
    return [each["value"] for each in elements(answer, "input", type="radio", name="to")]


def ask(conversation: Conversation, sender: Agent, receiver: Agent) -> Offer:
    transfer_to_agent(conversation_id=conversation.pk, agent_id=receiver.pk, actor=sender.user, note="VIP")
    return rings(conversation)


# --- The dialog


def test_it_lists_what_is_possible_now_recent_ones_first(acme: Any) -> None:
    """XFR-2 to XFR-4."""
    sender, receiver, mine = pair(first_name="Zoe")
    other = colleague(first_name="Ada")
    colleague(available=False)
    sales = queue()
    queue("Closed", hours=HoursProfile.objects.create(name="Never"))
    ask(mine, sender, receiver)
    transfer_cancel(conversation_id=mine.pk, actor=sender.user)
    browser = browser_of(sender.user)
    answer = browser.get(address(mine), headers=HTMX)
    assert choices(answer) == [f"agent:{receiver.pk}", f"queue:{sales.pk}", f"agent:{other.pk}"]
    assert elements(answer, "dialog", id="transfer-dialog")
    found = browser.get(f"{address(mine)}?q=ada", headers=HTMX | {"HX-Target": "transfer-list"})
    assert choices(found) == [f"agent:{other.pk}"]
    assert not elements(found, "dialog")
    nothing = browser.get(f"{address(mine)}?q=nobody", headers=HTMX | {"HX-Target": "transfer-list"})
    assert choices(nothing) == []
    assert "can take this conversation now" in nothing.content.decode()


@pytest.mark.parametrize(("kinds", "expected"), [("queues", ["queue"]), ("agents", ["agent"])])
def test_destinations_of_one_kind_only(acme: Any, kinds: str, expected: list[str]) -> None:
    """XFR-2."""
    settings(destinations=kinds)
    sender, _receiver, mine = pair()
    queue()
    answer = browser_of(sender.user).get(address(mine), headers=HTMX)
    assert [str(value).split(":")[0] for value in choices(answer)] == expected


def test_a_list_that_is_read_again_keeps_what_was_chosen_and_says_that_it_is_not_possible_any_more(acme: Any) -> None:
    """XFR-3, XFR-4: by itself while the dialog is open; a search leaves out what it does not find."""
    sender, receiver, mine = pair(first_name="Zoe")
    browser = browser_of(sender.user)
    chosen = f"agent:{receiver.pk}"
    again = {"HX-Target": "transfer-list", "HX-Trigger": "transfer-list"}
    page = browser.get(f"{address(mine)}?to={chosen}", headers=HTMX | again)
    assert "not possible any more" not in page.content.decode()
    agent_status_choose(agent_id=receiver.pk, code="away")
    page = browser.get(f"{address(mine)}?to={chosen}", headers=HTMX | again)
    assert choices(page) == [chosen]
    assert "checked" in elements(page, "input", value=chosen)[0]
    assert "not possible any more" in page.content.decode()
    search = browser.get(f"{address(mine)}?q=ada&to={chosen}", headers=HTMX | again | {"HX-Trigger": "transfer-search"})
    assert choices(search) == []
    for nobody in ("agent:1", f"queue:{mine.pk}", "x"):
        assert choices(browser.get(f"{address(mine)}?to={nobody}", headers=HTMX | again)) == []


def test_a_list_that_looks_by_itself_is_not_refused_when_its_conversation_has_gone(acme: Any) -> None:
    """Nobody asked: a dialog that is still open when a colleague has taken over gets nothing, and no log a warning."""
    sender, receiver, mine = pair()
    again = {"HX-Target": "transfer-list", "HX-Trigger": "transfer-list"}
    offer_accept(offer_id=ask(mine, sender, receiver).pk, actor=receiver.user)
    browser = browser_of(sender.user)
    assert browser.get(address(mine), headers=HTMX | again).status_code == 204
    assert browser.get(address(mine), headers=HTMX).status_code == 404


def test_queues_say_who_could_take_it_there(acme: Any) -> None:
    """XFR-3: with "enforce skill match", who matches; and a warning where nobody does."""
    sender = make_agent()
    mine = talk(sender)
    sales, support = queue(), queue("Support")
    buyer = make_agent(queues=[sales, support])
    make_agent(queues=[sales])
    asks(sales, skill("Billing", holders=(buyer,)))
    asks(support, skill("Repairs"))
    browser = browser_of(sender.user)
    page = browser.get(address(mine), headers=HTMX).content.decode()
    assert ("2 available" in page, "1 available" in page, "match" in page) == (True, True, False)
    settings(enforces_skills=True)
    page = browser.get(address(mine), headers=HTMX).content.decode()
    assert ("1 of 2 available match" in page, "nobody available matches: it waits" in page) == (True, True)
    assert QueueSkill.objects.count() == 2


def test_the_dialog_costs_the_same_however_many_there_are(acme: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    settings(enforces_skills=True)
    sender, _receiver, mine = pair()
    counts = []
    for number in range(2):
        for step in range(2 + number * 4):
            made = queue(f"Queue {number} {step}", hours=HoursProfile.objects.create(name=f"{number} {step}"))
            made.hours.ranges.create(weekday=0, opens=0, closes=1440)
            open_now = queue(f"Open {number} {step}")
            asks(open_now, skill(f"Skill {number} {step}"))
            colleague()
        browser = browser_of(sender.user)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address(mine), headers=HTMX).status_code == 200
        counts.append(len([each for each in queries if "search_path" not in each["sql"]]))
    assert counts[0] == counts[1]


# --- Transferring


def test_to_an_agent_it_waits_there_and_can_be_taken_back(acme: Any) -> None:
    """XFR-4."""
    sender, receiver, mine = pair()
    browser = browser_of(sender.user)
    data = {"to": f"agent:{receiver.pk}", "note": "VIP", "step": "choose"}
    answer = browser.post(address(mine), data, headers=HTMX)
    assert answer["HX-Push-Url"] == address(mine, "")
    assert elements(answer, "div", id="transfer-wait")
    # In the head of the pane, and in its menu where the head has no room.
    for does, places in {"transfer": 2, "end": 1}.items():
        buttons = elements(answer, "button", data_action=does)
        assert ["disabled" in button and button["title"] != "" for button in buttons] == [True] * places
    assert elements(answer, "form", id="compose")
    assert rings(mine).note == "VIP"
    answer = browser.post(address(mine, "transfer/cancel/"), headers=HTMX)
    assert not elements(answer, "div", id="transfer-wait")
    assert Transfer.objects.get().state == "cancelled"


def test_the_receiver_sees_who_transfers_it_and_may_decline(acme: Any) -> None:
    """XFR-4, AGT-7."""
    sender, receiver, mine = pair()
    offer = ask(mine, sender, receiver)
    browser = browser_of(receiver.user)
    page = browser.get("/console/")
    text = page.content.decode()
    assert sender.user.public_name in text
    assert "VIP" in text
    assert "hidden" not in elements(page, "p", data_part="from")[0]
    assert browser.post(f"/console/offers/{offer.pk}/reject/", headers=HTMX).status_code == 200
    assert Transfer.objects.get().state == "declined"
    back = browser_of(sender.user).get(address(mine, ""))
    assert not elements(back, "div", id="transfer-wait")
    assert f"{sender.user.public_name} asked {receiver.user.public_name} to take over: “VIP”" in back.content.decode()
    assert f"{receiver.user.public_name} declined the transfer" in back.content.decode()


def test_accepting_opens_it_and_takes_it_out_of_the_senders_tray(acme: Any) -> None:
    sender, receiver, mine = pair()
    offer = ask(mine, sender, receiver)
    answer = browser_of(receiver.user).post(f"/console/offers/{offer.pk}/accept/", headers=HTMX)
    assert elements(answer, "main", id="pane", data_state="active")
    assert card_ids(answer) == [str(mine.pk)]
    browser = browser_of(sender.user)
    assert card_ids(browser.get("/console/tray/")) == []
    assert browser.get(address(mine, "")).status_code == 404


def test_to_a_queue_it_leaves(acme: Any) -> None:
    """XFR-3."""
    sender, sales = make_agent(), queue()
    mine = talk(sender)
    answer = browser_of(sender.user).post(address(mine), {"to": f"queue:{sales.pk}"}, headers=HTMX)
    assert answer["HX-Push-Url"] == "/console/"
    assert card_ids(answer) == []
    mine.refresh_from_db()
    assert (mine.state, mine.queue_id) == ("waiting", sales.pk)


def test_the_skills_step(acme: Any) -> None:
    """XFR-3: Next leads to it before Transfer; what is ticked there is what is asked for."""
    settings(skills_on_transfer=True, enforces_skills=True)
    sender, sales = make_agent(), queue()
    mine = talk(sender)
    billing, refunds = skill("Billing"), skill("Refunds")
    asks(sales, billing)
    browser = browser_of(sender.user)
    first = browser.get(address(mine), headers=HTMX)
    assert elements(first, "button", data_next="Next")
    step = browser.post(address(mine), {"to": f"queue:{sales.pk}", "note": "n", "step": "choose"}, headers=HTMX)
    assert (step.status_code, step["HX-Retarget"]) == (200, "#transfer-dialog")
    ticks = elements(step, "input", type="checkbox", name="skills")
    found = {each["value"]: "checked" in each for each in ticks}
    assert (found[str(billing.pk)], found[str(refunds.pk)], next(iter(found))) == (True, False, str(billing.pk))
    assert elements(step, "input", name="note", value="n")
    assert "No available agent holds all of them" in step.content.decode()
    query = {"to": f"queue:{sales.pk}", "skills": [str(refunds.pk)], "skill": "nothing"}
    part = browser.get(address(mine), query_params=query, headers=HTMX | {"HX-Target": "transfer-skills"})
    ticks = elements(part, "input", type="checkbox")
    assert [(each["value"], "checked" in each) for each in ticks] == [(str(billing.pk), False), (str(refunds.pk), True)]
    data = {"to": f"queue:{sales.pk}", "step": "skills", "skills": [str(refunds.pk)], "note": "n"}
    back = browser.post(address(mine), data | {"step": "back"}, headers=HTMX)
    assert "checked" in elements(back, "input", type="radio", value=f"queue:{sales.pk}")[0]
    assert browser.post(address(mine), data, headers=HTMX)["HX-Push-Url"] == "/console/"
    assert asked_for(mine) == ["Refunds"]
    assert Transfer.objects.get().note == "n"


def test_what_has_just_gone_is_said_in_the_dialog_with_what_is_left(acme: Any) -> None:
    sender, receiver, mine = pair()
    other = colleague()
    from apps.agents.actions import agent_status_choose

    browser = browser_of(sender.user)
    assert len(choices(browser.get(address(mine), headers=HTMX))) == 2
    agent_status_choose(agent_id=receiver.pk, code="away")
    answer = browser.post(address(mine), {"to": f"agent:{receiver.pk}", "note": "kept"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (422, "#transfer-dialog", "morph")
    assert "is not available any more" in answer.content.decode()
    assert choices(answer) == [f"agent:{other.pk}"]
    assert "kept" in answer.content.decode()
    nothing = browser.post(address(mine), {"to": "agent:x"}, headers=HTMX)
    assert (nothing.status_code, "Choose where it goes first." in nothing.content.decode()) == (422, True)
    conversation_end(conversation_id=mine.pk, by="customer", actor=None)
    gone = browser.post(address(mine), {"to": f"agent:{other.pk}"}, headers=HTMX)
    assert (gone.status_code, "This conversation has ended." in gone.content.decode()) == (422, True)


def test_without_scripts_it_is_a_page_of_its_own(acme: Any) -> None:
    settings(skills_on_transfer=True)
    sender, receiver, mine = pair()
    sales = queue()
    browser = browser_of(sender.user)
    page = browser.get(address(mine))
    assert elements(page, "h1")
    assert not elements(page, "dialog", id="transfer-dialog")
    step = browser.post(address(mine), {"to": f"queue:{sales.pk}", "step": "choose"})
    assert elements(step, "button", name="step", value="skills")
    done = browser.post(address(mine), {"to": f"agent:{receiver.pk}", "step": "choose"})
    assert done["Location"] == address(mine, "")


def test_nothing_is_transferred_before_the_first_message_in_auto_mode(acme: Any) -> None:
    """AGT-6: not on the page, and refused."""
    ChannelRules.objects.filter(family="chat").update(answer_mode="auto")
    sender, receiver = make_agent(), colleague()
    mine = arrive()
    browser = browser_of(sender.user)
    assert not elements(browser.get(address(mine, "")), data_action="transfer")
    answer = browser.post(address(mine), {"to": f"agent:{receiver.pk}"}, headers=HTMX)
    assert (answer.status_code, "Send a first message before" in answer.content.decode()) == (422, True)


# --- Skills


def test_the_skills_bar(acme: Any) -> None:
    """XFR-1: there to be read; changed where that is allowed."""
    agent = make_agent()
    spanish, french = skill("Spanish", holders=(agent,)), skill("French")
    asks(default_queue(), spanish)
    mine = talk(agent)
    browser = browser_of(agent.user)
    page = browser.get(address(mine, ""))
    assert elements(page, "li", id=f"skill-{spanish.pk}")
    assert not elements(page, "details", id="skills-add")
    assert not elements(page, "button", **{"class": "skill-remove"})
    refused = browser.post(address(mine, "skills/add/"), {"skill": str(french.pk)}, headers=HTMX)
    assert refused.status_code == 409
    settings(skills_live=True)
    page = browser.get(address(mine, ""))
    assert elements(page, "details", id="skills-add")
    found = browser.get(f"{address(mine, 'skills/')}?q=fren", headers=HTMX)
    assert [each["value"] for each in elements(found, "button", name="skill")] == [str(french.pk)]
    added = browser.post(address(mine, "skills/add/"), {"skill": str(french.pk)}, headers=HTMX)
    assert elements(added, "li", id=f"skill-{french.pk}")
    browser.post(address(mine, "skills/remove/"), {"skill": str(spanish.pk)})
    assert asked_for(mine) == ["French"]
    assert browser.post(address(mine, "skills/add/"), {"skill": "x"}, headers=HTMX).status_code == 409
    assert elements(browser.get(address(mine, "skills/")), "h1")


@pytest.mark.parametrize("part", ["transfer/cancel/", "skills/add/", "skills/remove/"])
def test_nobody_else_presses_these(acme: Any, part: str) -> None:
    sender, receiver, mine = pair()
    settings(skills_live=True)
    offer = ask(mine, sender, receiver)
    spanish = skill("Spanish")
    assert Browser("acme.localhost").post(address(mine, part))["Location"] == "/signin/?next=/console/"
    browser = browser_of(receiver.user)
    assert browser.get(address(mine, part)).status_code == 405
    assert browser.post(address(mine, part), {"skill": str(spanish.pk)}).status_code == 409
    assert browser.get(address(mine)).status_code == 404
    assert browser.get(address(mine, "skills/")).status_code == 404
    offer.refresh_from_db()
    assert offer.state == "ringing"
    offer_accept(offer_id=offer.pk, actor=receiver.user)


def test_a_transfer_into_a_queue_is_said_once_with_its_queue(acme: Any) -> None:
    """XFR-3: the customer's line is kept, for the numbers of the thread, and not shown beside the agents' own."""
    sender, sales = make_agent(), queue()
    mine = talk(sender)
    transfer_to_queue(conversation_id=mine.pk, queue_id=sales.pk, actor=sender.user)
    buyer = make_agent(queues=[sales])
    offer_accept(offer_id=rings(mine).pk, actor=buyer.user)
    page = browser_of(buyer.user).get(address(mine, ""))
    (line,) = elements(page, "li", data_kind="passed_on")
    assert "hidden" in line
    assert f"{sender.user.public_name} transferred it to “Sales”" in page.content.decode()
    # The one line of it stands in its thread, and in what a pane brings for a thread that is there already.
    assert len({each["data-event"] for each in elements(page, "li", data_side="system") if "data-event" in each}) == 1
    past = browser_of(buyer.user).get(f"/console/past/{mine.pk}/")
    (line,) = elements(past, "li", data_kind="passed_on")
    assert "hidden" not in line
