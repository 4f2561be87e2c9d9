"""The panel beside a conversation: what came before, and the summary at its head (CON-3, CON-5)."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.accounts.models import User
from apps.agents.models import Agent, Membership
from apps.console.thread.selectors.thread import thread_of
from apps.conversations.actions import message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.notes.models import Note
from apps.queues.models import Skill, SkillGroup
from apps.routing.actions import conversation_requeue, offer_accept
from apps.routing.models import Requirement
from apps.transfers.actions import transfer_to_agent
from tests.console.panel import at, close, note, text
from tests.support.browser import Browser, user_as
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import ContactFactory, default_queue, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)


# --- What came before


def test_earlier_conversations_by_pages_and_to_be_read(agent: Agent, mine: Conversation, browser: Browser) -> None:
    contact = mine.contact
    for number in range(22):
        Conversation.objects.create(
            contact=contact, queue=mine.queue, channel="chat", state="closed", ended_at=mine.first_arrived_at,
            last_line=f"Line {number}", closed_at=mine.first_arrived_at,
        )  # fmt: skip
    first = browser.get(at(mine, "earlier/"), headers=HTMX)
    assert elements(first, "dialog", id="earlier-dialog")
    links = [str(each["href"]) for each in elements(first, "a")]
    rest = browser.get(links.pop(), headers=HTMX)
    links += [str(each["href"]) for each in elements(rest, "a")]
    assert set(links) == {f"/console/past/{pk}/" for pk in contact.conversations.values_list("pk", flat=True)}
    assert browser.get(at(mine, "earlier/")).status_code == 200


def test_a_past_conversation_with_its_notes(agent: Agent, mine: Conversation, browser: Browser) -> None:
    note(mine, agent.user, "Was angry")
    for number in range(120):
        message_post(
            conversation_id=mine.pk, draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body=f"Line {number}")
        )
    close(agent, mine)
    later = talk(agent, contact=mine.contact)
    page = browser.get(f"/console/past/{mine.pk}/", headers=HTMX)
    assert elements(page, "dialog", id="past-dialog")
    assert "Resolved" in text(page)
    assert "Was angry" in text(page)
    assert not elements(page, "form", id="compose")
    more = next(str(each["hx-get"]) for each in elements(page, "a") if "before=" in str(each.get("hx-get")))
    assert "Where is my parcel?" in text(browser.get(more))
    assert browser.get(f"/console/past/{later.pk}/").status_code == 200


def test_who_may_read_the_past(agent: Agent, mine: Conversation) -> None:
    """Product's table: agents their own and those of own contacts, supervisors their own queues."""
    close(agent, mine)
    stranger = make_agent()
    boss = user_as("supervisor")
    path = f"/console/past/{mine.pk}/"
    assert browser_of(stranger.user).get(path).status_code == 409
    assert browser_of(boss).get(path).status_code == 409
    Membership.objects.create(agent_id=boss.pk, queue=default_queue())
    assert browser_of(boss).get(path).status_code == 200
    assert browser_of(user_as("administrator")).get(path).status_code == 200


# --- The summary


def test_the_summary_says_what_is_stored(agent: Agent, mine: Conversation, browser: Browser) -> None:
    """CON-3: agent, queue, wait, first words, mood."""
    page = text(browser.get(at(mine)))
    for word in (
        "Lena Vogt",
        mine.queue.name,
        "First words",
        "Where is my parcel?",
        "Neutral",
        'of <span data-part="scored">1</span> message',
    ):
        assert word in page
    assert "nobody took it" not in page


def test_each_stay_before_is_a_stage(acme: Any) -> None:
    """XFR-6: also the stay of whoever gave it back."""
    first = make_agent(first_name="Bo", last_name="Chen")
    mine = talk(first)
    boss = user_as("administrator")
    Agent.objects.filter(pk=first.pk).update(base="away")
    conversation_requeue(conversation_id=mine.pk, actor=boss)
    second = make_agent(first_name="Kim", last_name="Berg")
    offer = ringing(mine)
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=offer.agent)
    found = thread_of(second, mine.pk)
    assert found is not None
    (before,), now = found.panel.summary.before, found.panel.summary.now
    assert before.agent is not None
    assert (before.agent.full_name, before.queue, before.hop) == ("Bo Chen", mine.queue, None)
    assert now is not None
    assert (now.agent, now.length) == (second.user, None)
    assert before.length is not None


def test_what_a_transfer_says_stands_in_the_summary(agent: Agent, mine: Conversation) -> None:
    """CON-3, XFR-6: where it went, the sender's note, the skills, and how much was said."""
    helper = make_agent(queues=[], first_name="Kim", last_name="Berg")
    asks_for(mine, "Billing")
    transfer_to_agent(conversation_id=mine.pk, agent_id=helper.pk, note="Wants a <refund>", actor=agent.user)
    offer = ringing(mine)
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=offer.agent)
    page = text(browser_of(helper.user).get(at(mine)))
    assert "Wants a &lt;refund&gt;" in page
    (stages,) = re.findall(r'<ol class="stages">(.*?)</ol>', page)
    words = " ".join(re.sub(r"<[^>]+>", " ", stages).split())
    assert "Lena Vogt" in words
    assert "→ transferred to Kim" in words
    assert "Billing" in words
    assert "1 from the customer, 0 from agents" in words


def asks_for(conversation: Conversation, name: str) -> None:
    skill = Skill.objects.create(group=SkillGroup.objects.create(name="Topics"), name=name)
    Requirement.objects.create(conversation=conversation, skill=skill, source="agent")


def test_a_mood_on_the_card(agent: Agent, browser: Browser) -> None:
    angry = talk(agent, body="This is terrible, I am furious!")
    talk(agent, contact=ContactFactory(language="de"), body="Guten Tag")
    page = browser.get("/console/tray/", headers=HTMX)
    assert [each["data-mood"] for each in elements(page, "span") if "data-mood" in each] == ["bad"]
    assert "Mood: Negative" in text(page)
    assert Conversation.objects.get(pk=angry.pk).mood == "bad"


def test_the_tray_brings_the_mood_of_the_conversation_that_is_open(agent: Agent, browser: Browser) -> None:
    """CON-3: the summary follows what the customer writes."""
    mine = talk(agent, body="Hello there")
    message_post(
        conversation_id=mine.pk,
        draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body="This is terrible, I hate it!"),
    )
    tray = browser.get(f"/console/tray/?open={mine.pk}", headers=HTMX)
    (brought,) = elements(tray, "div", id="open-mood")
    assert brought["data-conversation"] == str(mine.pk)
    assert 'of <span data-part="scored">2</span> messages' in text(tray)
    (shown,) = elements(browser.get(at(mine)), "dd", id="summary-mood")
    assert shown["data-conversation"] == str(mine.pk)
    assert not elements(browser.get("/console/tray/", headers=HTMX), "div", id="open-mood")


def test_nothing_of_it_for_others(mine: Conversation) -> None:
    """A colleague without this conversation sees none of it, whatever they send."""
    made = note(mine, User.objects.get(pk=mine.agent_id), "Secret")
    other = browser_of(make_agent().user)
    for path in ("contact/", "contact/merge/", "earlier/", "notes/", f"notes/{made.pk}/", f"notes/{made.pk}/delete/"):
        for answer in (other.get(at(mine, path)), other.post(at(mine, path), {"body": "x", "name": "x"})):
            assert answer.status_code in {405, 409}
            assert b"Secret" not in answer.content
    assert other.get(f"/console/mentions/{made.pk}/").status_code == 409
    assert other.get(f"/console/mentions/{UUID(int=0)}/").status_code == 409
    assert Note.objects.filter(deleted_at=None, body="Secret").exists()
