"""Why nothing reaches somebody, where those look who can change it: queue, user, waiting conversation (RTE-10)."""

import re
from typing import Any

import pytest

from apps.agents.models import AgentSkill, Capacity
from apps.queues.actions import skill_create
from apps.queues.models import Queue, QueueSkill, Skill, SkillGroup
from apps.routing.coverage import coverage_of_agent, coverage_of_conversation, coverage_of_queue
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import arrive, default_queue, make_agent, ringing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def english(acme: Any) -> Skill:
    return skill_create(group=SkillGroup.objects.get(), name="English", language="en")


def text_of(browser: Browser, page: str) -> str:
    """What a page says, in one line without its marks."""
    html = browser.get(page).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html[html.index("parley-coverage") :]).split())


def test_who_lacks_the_language_that_customers_write_is_told_so(english: Skill) -> None:
    agent = make_agent()
    AgentSkill.objects.filter(agent=agent).delete()
    asked, (row,) = coverage_of_queue(default_queue())
    assert [each.skill for each in asked] == [english]
    assert (row.matches, row.lacks, row.waits) == (False, ["doesn’t hold “English”"], [])
    AgentSkill.objects.create(agent=agent, skill=english)
    assert coverage_of_queue(default_queue())[1][0].lacks == []


def test_what_keeps_somebody_now_is_told_apart(acme: Any) -> None:
    away = make_agent(available=False)
    (row,) = coverage_of_agent(away.pk)
    assert (row.queue, row.lacks, row.waits) == (default_queue(), [], ["is “Away”"])
    Capacity.objects.filter(agent=away).update(limit=0)
    assert coverage_of_agent(away.pk)[0].lacks == ["has no slot"]


def test_a_waiting_conversation_says_what_it_asks_for_and_who_has_it(acme: Any) -> None:
    billing = Skill.objects.get()
    QueueSkill.objects.create(queue=default_queue(), skill=billing)
    able, other = make_agent(available=False), make_agent()
    AgentSkill.objects.create(agent=able, skill=billing)
    conversation = arrive()
    assert ringing(conversation) is None
    asked, rows = coverage_of_conversation(conversation)
    assert [(each.skill, each.why) for each in asked] == [(billing, "the queue asks for it")]
    assert [(row.agent, row.lacks, row.waits) for row in rows] == [
        (able, [], ["is “Away”"]),
        (other, ["doesn’t hold “Default Skill”"], []),
    ]


def test_a_skill_that_is_asked_for_a_while_only_keeps_nobody_out_for_good(acme: Any) -> None:
    QueueSkill.objects.create(queue=default_queue(), skill=Skill.objects.get(), expires_after_seconds=60)
    make_agent()
    _asked, (row,) = coverage_of_queue(default_queue())
    assert (row.lacks, row.waits) == ([], ["doesn’t hold “Default Skill”, which is asked for a while only"])


def test_the_pages_say_it(english: Skill) -> None:
    agent = make_agent()
    AgentSkill.objects.filter(agent=agent).delete()
    conversation = arrive()
    administrator = signed_in(user_as("administrator"))
    of_queue = text_of(administrator, f"/admin/queues/queue/{default_queue().pk}/change/")
    assert "Nobody can be offered it" in of_queue
    assert "English (customers write it, and “match the customer’s language” is on)" in of_queue
    assert f"{agent} No doesn’t hold “English”" in of_queue
    of_user = text_of(administrator, f"/admin/accounts/user/{agent.pk}/change/")
    assert "Nothing reaches this agent" in of_user
    assert "General No doesn’t hold “English”" in of_user
    owner = signed_in(user_as("owner"))
    of_conversation = text_of(owner, f"/admin/conversations/conversation/{conversation.pk}/change/")
    assert "Offers, and why" in of_conversation
    assert f"{agent} : Ringing" in of_conversation
    assert "1 in the queue" in of_conversation


def test_who_can_be_offered_it_is_never_cut_off(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever they are called: only so many are shown, and everybody counts."""
    monkeypatch.setattr("apps.routing.panels.SHOWN", 2)
    for name in ("Ana", "Bea", "Cleo"):
        Capacity.objects.filter(agent=make_agent(available=False, first_name=name)).update(limit=0)
    make_agent(available=False, first_name="Zoe", last_name="Able")
    shown = text_of(signed_in(user_as("administrator")), f"/admin/queues/queue/{default_queue().pk}/change/")
    assert "Nobody can be offered it" not in shown
    assert "Zoe Able Not now is “Away”" in shown
    assert [name in shown for name in ("Ana", "Bea", "Cleo")] == [True, False, False]


def test_a_queue_that_reaches_an_agent_is_never_cut_off(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.routing.panels.SHOWN", 2)
    queues = [Queue.objects.create(name=name) for name in ("A", "B", "Z")]
    for each in queues[:2]:
        QueueSkill.objects.create(queue=each, skill=Skill.objects.get())
    agent = make_agent(available=False, queues=queues)
    shown = text_of(signed_in(user_as("administrator")), f"/admin/accounts/user/{agent.pk}/change/")
    assert "Nothing reaches this agent" not in shown
    assert "Z Not now is “Away”" in shown


def test_pages_ask_as_much_of_the_database_for_many_as_for_one(acme: Any, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        make_agent(available=False)
    with django_assert_max_num_queries(10):
        coverage_of_queue(default_queue())
