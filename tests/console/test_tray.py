"""What of the tray is shown, and in which order (CON-1)."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.agents.models import Agent
from apps.clocks.models import ReplyClock
from apps.console.choices import Show
from apps.console.models import Preferences
from apps.console.selectors.own import agent_of
from apps.console.templatetags.console import TINTS, contact_tint
from apps.console.tray.selectors.tray import digest_for
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Mark, Segment
from apps.conversations.steps import MessageDraft
from apps.core.ids import uuid7
from apps.queues.models import Skill, SkillGroup
from apps.routing.choices import AnswerMode
from apps.routing.models import ChannelRules, Requirement
from tests.support.pages import HTMX, browser_of, card_ids, elements
from tests.support.people import ContactFactory, arrive, make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)


def say(conversation: Conversation, agent: Agent) -> None:
    """The agent answers what they have read."""
    message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body="One moment", author=agent.user),
    )
    read(conversation)


def read(conversation: Conversation) -> None:
    Mark.objects.update_or_create(conversation=conversation, side=Side.AGENT, defaults={"read": 99, "delivered": 99})


def clock_at(conversation: Conversation, stage: str) -> None:
    waits_for = Side.AGENT if stage == "overdue" else Side.CUSTOMER
    ReplyClock.objects.filter(conversation=conversation).update(stage=stage, waits_for=waits_for)


def filters(answer: Any) -> dict[str, int]:
    """How many each filter says that there are."""
    text = answer.content.decode()
    found = {}
    for name in Show:
        after = text.split(f"?show={name}&", 1)[1]
        found[name] = int(after.split('class="count">', 1)[1].split("<", 1)[0])
    return found


def tray(browser: Any, **asked: str) -> Any:
    return browser.get(f"/console/tray/?{urlencode(asked)}", headers=HTMX)


def full(agent: Agent) -> dict[str, str]:
    """One of each kind, all answered; the ids by kind."""
    made = {kind: talk(agent) for kind in ("ongoing", "overdue", "idle", "wrap_up")}
    for each in made.values():
        say(each, agent)
    clock_at(made["overdue"], "overdue")
    clock_at(made["idle"], "idle")
    conversation_end(conversation_id=made["wrap_up"].pk, by=Side.CUSTOMER, actor=None)
    return {kind: str(each.pk) for kind, each in made.items()}


def test_every_filter_shows_its_own_and_says_how_many(acme: Any) -> None:
    agent = make_agent(chat=5)
    made = full(agent)
    browser = browser_of(agent.user)
    everything = tray(browser)
    assert filters(everything) == {"all": 4, "ongoing": 3, "overdue": 1, "idle": 1, "snoozed": 0, "wrap_up": 1}
    assert set(card_ids(everything)) == set(made.values())
    assert set(card_ids(tray(browser, show="ongoing"))) == {made["ongoing"], made["overdue"], made["idle"]}
    for kind in ("overdue", "idle", "wrap_up"):
        assert card_ids(tray(browser, show=kind)) == [made[kind]]
    nothing = tray(browser, show="snoozed")
    assert card_ids(nothing) == []
    assert "Nothing is snoozed." in nothing.content.decode()


def test_what_is_accepted_under_a_filter_shows_until_the_first_message(acme: Any) -> None:
    agent = make_agent()
    talk(agent)
    browser = browser_of(agent.user)
    chosen = tray(browser, show="overdue")
    assert card_ids(chosen) == []
    said = {"Parley-Tray": str(elements(chosen, "aside", id="tray")[0]["data-view"])} | HTMX
    fresh = talk(agent)
    assert card_ids(browser.get("/console/tray/", headers=said)) == [str(fresh.pk)]
    say(fresh, agent)
    assert card_ids(browser.get("/console/tray/", headers=said)) == []
    for odd in ("show=overdue&since=then", "show=overdue&since=2026-01-01", "show=nothing&since=", "show=all&q=%00"):
        assert browser.get("/console/tray/", headers=HTMX | {"Parley-Tray": odd}).status_code == 200


def test_the_search_finds_by_name_email_and_phone_in_ones_own_tray_alone(acme: Any) -> None:
    agent = make_agent()
    jose = talk(agent, contact=ContactFactory(name="José Álvarez", email="jose@one.test", phone=""))
    mei = talk(agent, contact=ContactFactory(name="Mei Tanaka", email="mei@two.test", phone="+81 3-1234 5678"))
    other = make_agent(queues=[])
    Contact.objects.create(name="Jose Elsewhere")
    browser = browser_of(agent.user)
    for q, wanted in {
        "jose": [jose],
        "alvarez  JOS": [jose],
        "two.test": [mei],
        "3 1234": [mei],
        "+81 (3) 1234": [mei],
        "nobody": [],
        ".test": [jose, mei],
    }.items():
        assert card_ids(tray(browser, q=q)) == [str(each.pk) for each in wanted], q
    assert "matches “nobody”" in tray(browser, q="nobody").content.decode()
    assert card_ids(tray(browser_of(other.user), q="jose")) == []


def test_what_a_page_looks_at_holds_for_every_answer_that_brings_the_tray(acme: Any) -> None:
    agent = make_agent(chat=5)
    made = full(agent)
    browser = browser_of(agent.user)
    said = HTMX | {"Parley-Tray": "show=idle&q="}
    assert card_ids(browser.get("/console/tray/", headers=said)) == [made["idle"]]
    assert card_ids(browser.post("/console/status/", {"code": "available"}, headers=said)) == [made["idle"]]
    # A filter that is clicked counts for more than the one that the page still has.
    assert card_ids(browser.get("/console/tray/?show=wrap_up", headers=said)) == [made["wrap_up"]]


def test_the_digest_does_not_depend_on_what_is_looked_at(acme: Any) -> None:
    agent = make_agent(chat=5)
    full(agent)
    browser = browser_of(agent.user)
    digests = {
        elements(tray(browser, show=show), "aside", id="tray")[0]["data-digest"] for show in ("all", "idle", "snoozed")
    }
    assert len(digests) == 1


def test_a_long_tray_comes_in_parts(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """CON-1: the first cards, the one that is open, and the rest as one scrolls; the digest stands for them all."""
    for module in ("filters", "selectors.tray"):
        monkeypatch.setattr(f"apps.console.tray.{module}.CARDS", 2)
    agent = make_agent(chat=5)
    ids = [str(talk(agent).pk) for _ in range(5)]
    browser = browser_of(agent.user)
    page = tray(browser, open=ids[4])
    (aside,) = elements(page, "aside", id="tray")
    assert card_ids(page) == [ids[0], ids[1], ids[4]]
    rest = [card.split(":")[:7] for card in aside["data-rest"].split()]
    assert rest == [[pk, "2", "0", "1", "active", "chat", "calm"] for pk in ids[2:4]]
    assert "cards=4" in elements(page, "a", id="more-cards-4")[0]["hx-get"]
    assert aside["data-digest"] == digest_for(agent_of(agent.pk))
    more = tray(browser, open=ids[4], cards="4")
    assert card_ids(more) == ids
    assert elements(more, "a", id="more-cards-4") == []
    # What was scrolled to comes again with whatever brings the tray.
    (aside,) = elements(more, "aside", id="tray")
    assert aside["data-view"] == "cards=4"
    assert card_ids(browser.get("/console/tray/", headers={"Parley-Tray": "cards=4"})) == ids[:4]
    for odd in ("-1", "x", "1" * 9, ""):
        assert len(card_ids(tray(browser, cards=odd))) == 2


def test_four_orders_and_the_choice_is_kept_with_the_agent(acme: Any) -> None:
    agent = make_agent()
    first, second, third = (talk(agent) for _ in range(3))
    say(first, agent)
    Conversation.objects.filter(pk=third.pk).update(unanswered_since=timezone.now() - timedelta(minutes=5))
    Segment.objects.filter(conversation=third, ended_at=None).update(started_at=timezone.now() - timedelta(minutes=4))
    Segment.objects.filter(conversation=first, ended_at=None).update(started_at=timezone.now() - timedelta(minutes=9))
    browser = browser_of(agent.user)
    wanted = {
        "need": [third, second, first],
        "latest": [second, third, first],
        "waiting": [third, second, first],
        "oldest": [first, third, second],
    }
    assert card_ids(tray(browser)) == [str(each.pk) for each in wanted["need"]]
    for order, cards in wanted.items():
        answer = browser.post("/console/tray/order/", {"order": order}, headers=HTMX)
        assert card_ids(answer) == [str(each.pk) for each in cards], order
    assert Preferences.objects.get(user=agent.user).order == "oldest"
    assert card_ids(browser_of(agent.user).get("/console/")) == [str(each.pk) for each in wanted["oldest"]]


def test_an_order_that_is_not_there_is_refused(acme: Any) -> None:
    agent = make_agent()
    assert browser_of(agent.user).post("/console/tray/order/", {"order": "random()"}).status_code == 409
    assert not Preferences.objects.filter(user=agent.user).exists()


def test_by_need_overdue_then_due_by_age_then_unread_then_the_newest(acme: Any) -> None:
    """CON-1: who needs the agent first."""
    agent = make_agent(chat=9)
    names = ("old", "read", "unread", "due_new", "due_old", "late_new", "late_old", "new")
    made = {name: talk(agent) for name in names}
    now = timezone.now()
    for minutes, name in enumerate(("late_new", "late_old", "due_new", "due_old", "unread", "read"), 1):
        since = now - timedelta(minutes=minutes)
        Segment.objects.filter(conversation=made[name], ended_at=None).update(started_at=since)
        Conversation.objects.filter(pk=made[name].pk).update(unanswered_since=since)
    for name, stage in {"late_new": "overdue", "late_old": "overdue", "due_new": "due", "due_old": "due"}.items():
        ReplyClock.objects.filter(conversation=made[name]).update(stage=stage)
    for name in ("old", "new"):
        say(made[name], agent)
    # Reading alone answers nobody: it does not sink under the hands of who opened it.
    read(made["read"])
    wanted = ("late_old", "late_new", "due_old", "due_new", "read", "unread", "new", "old")
    assert card_ids(tray(browser_of(agent.user))) == [str(made[name].pk) for name in wanted]


def test_what_is_open_is_shown_whatever_the_filter_and_the_search(acme: Any) -> None:
    agent = make_agent(chat=5)
    made = full(agent)
    browser = browser_of(agent.user)
    shown = tray(browser, show="overdue", open=made["ongoing"])
    assert set(card_ids(shown)) == {made["overdue"], made["ongoing"]}
    assert filters(shown)["overdue"] == 1
    assert 'data-found="1 conversation found"' in shown.content.decode()
    nobody = tray(browser, q="nobody", open=made["ongoing"])
    assert card_ids(nobody) == [made["ongoing"]]
    assert "matches “nobody”" in nobody.content.decode()
    # Also in the answers that open it, such as an accepted offer's.
    other = talk(agent)
    said = HTMX | {"Parley-Tray": "show=idle"}
    answer = browser.post(f"/console/c/{other.pk}/end/", headers=said)
    assert set(card_ids(answer)) == {made["idle"], str(other.pk)}
    assert card_ids(tray(browser, show="idle", open="nonsense")) == [made["idle"]]


def test_a_card_names_one_skill_counts_the_rest_and_tells_all_on_hover(acme: Any) -> None:
    agent = make_agent()
    mine = talk(agent)
    group = SkillGroup.objects.create(name="Topics", colour="#aa3355")
    for name, language in {"Billing": "", "Cards": "", "Delivery": "", "Gone": "", "A-English": "en"}.items():
        expires_at = timezone.now() - timedelta(seconds=1) if name == "Gone" else None
        Skill.objects.filter(language=language).exclude(language="").delete()
        skill = Skill.objects.create(group=group, name=name, language=language)
        Requirement.objects.create(conversation=mine, skill=skill, source="queue", expires_at=expires_at)
    page = tray(browser_of(agent.user))
    text = page.content.decode()
    assert [each["fill"] for each in elements(page, "circle") if each.get("fill")] == ["#aa3355"]
    assert [f">{name}<" in text for name in ("Billing", "Cards", "A-English")] == [True, False, False]
    assert ">+2<" in text
    (card,) = elements(page, "li", id=f"card-{mine.pk}")
    assert "Skills: A-English, Billing, Cards, Delivery" in (card["title"] or "").splitlines()
    assert "Gone" not in text


def test_new_mail_has_a_mark_of_its_own(acme: Any) -> None:
    """CON-1: not the dot alone, and not the count that a chat has."""
    agent = make_agent(chat=2)
    chat, mail = talk(agent), talk(agent)
    Conversation.objects.filter(pk=mail.pk).update(channel="email")
    text = tray(browser_of(agent.user)).content.decode()
    marks = {pk: text.split(f'id="card-{pk}"')[1].split("</li>")[0] for pk in (chat.pk, mail.pk)}
    assert {pk: "data-new-mail" in marks[pk] for pk in marks} == {chat.pk: False, mail.pk: True}
    assert "new by mail" in marks[mail.pk]
    read(mail)
    assert "data-new-mail" not in tray(browser_of(agent.user)).content.decode()


def test_initials_have_a_colour_by_contact_that_can_be_read_in_both_themes() -> None:
    """WCAG 2.2 AA: 4.5 to 1."""
    tokens = Path("static/css/tokens.css").read_text()
    for number in range(1, TINTS + 1):
        inks = re.findall(rf"--tint-{number}-ink: light-dark\((#\w+), (#\w+)\)", tokens)[0]
        grounds = re.findall(rf"--tint-{number}: light-dark\((#\w+), (#\w+)\)", tokens)[0]
        for ink, ground in zip(inks, grounds, strict=True):
            assert contrast(ink, ground) >= 4.5, (number, ink, ground)
    ids = [uuid7() for _ in range(200)]
    assert {contact_tint(each) for each in ids} == set(range(1, TINTS + 1))


def contrast(one: str, other: str) -> float:
    """Of two colours such as #2a55cf, as WCAG 2.2 counts it."""

    def light(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_agt_6_the_tray_names_what_opened_by_itself_whatever_it_shows(acme: Any) -> None:
    """The frame that says so may be lost; the newest, until its agent has said something."""
    ChannelRules.objects.filter(family="chat").update(answer_mode=AnswerMode.AUTO)
    agent = make_agent()
    browser = browser_of(agent.user)
    assert elements(tray(browser), id="tray")[0]["data-answered"] == ""
    for _ in range(2):
        newest = arrive()
    assert elements(tray(browser, q="nobody"), id="tray")[0]["data-answered"] == str(newest.pk)
    for each in Conversation.objects.filter(agent=agent.user):
        say(each, agent)
    assert elements(tray(browser), id="tray")[0]["data-answered"] == ""
