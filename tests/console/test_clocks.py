"""The tray's marks and reminders come from reply clocks (CON-1, CHAT-11)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.agents.models import Agent
from apps.clocks.actions import clock_fire
from apps.clocks.models import ReplyClock, ReplyMessage
from apps.console.selectors.own import agent_of
from apps.console.tray.selectors.tray import digest_for, tray_for
from apps.conversations.actions import message_post
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.core.ids import uuid7
from tests.support.pages import browser_of, elements
from tests.support.people import make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)


def pass_time(conversation: Conversation, seconds: int) -> None:
    """So much of its clock's wait has gone by, and its deadline comes."""
    clock = ReplyClock.objects.get(pk=conversation.pk)
    started = timezone.now() - timedelta(seconds=seconds)
    due_at = timezone.now() - timedelta(seconds=1)
    ReplyClock.objects.filter(pk=clock.pk).update(since=started, due_at=due_at)
    Conversation.objects.filter(pk=conversation.pk, agent_spoke_at__isnull=False).update(agent_spoke_at=started)
    clock_fire(conversation_id=conversation.pk, due_at=due_at)


def answer_to(conversation: Conversation, agent: Agent) -> None:
    message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(side="agent", client_id=uuid7(), body="Yes?", author=agent.user),
    )


def mark_of(agent: Agent, conversation: Conversation) -> str | None:
    (card,) = elements(browser_of(agent.user).get("/console/tray/"), "li", id=f"card-{conversation.pk}")
    return card["data-mark"]


@pytest.mark.parametrize(("seconds", "mark"), [(80, ""), (95, "due"), (125, "overdue")])
def test_a_late_answer_marks_its_card(acme: Any, seconds: int, mark: str) -> None:
    agent = make_agent()
    mine = talk(agent)
    pass_time(mine, seconds)
    assert mark_of(agent, mine) == mark


def test_a_silent_customer_is_idle(acme: Any) -> None:
    agent = make_agent()
    mine = talk(agent)
    answer_to(mine, agent)
    pass_time(mine, 240)
    assert mark_of(agent, mine) == ""
    pass_time(mine, 310)
    assert mark_of(agent, mine) == "idle"


def test_the_reminder_stands_in_the_card_until_the_answer(acme: Any) -> None:
    agent = make_agent()
    mine = talk(agent)
    pass_time(mine, 125)
    browser = browser_of(agent.user)
    page = browser.get("/console/tray/").content.decode()
    assert "is overdue: no reply for 2\xa0minutes." in page
    answer_to(mine, agent)
    assert "is overdue" not in browser.get("/console/tray/").content.decode()


def test_the_reminder_is_in_the_tenants_words(acme: Any) -> None:
    ReplyMessage.objects.create(rules_id="chat", stage="due", body="{{agent.first_name}}: <i>{{contact.name}}</i>!")
    agent = make_agent(first_name="Ida")
    mine = talk(agent)
    mine.contact.name = "Bo"
    mine.contact.save(update_fields=["name"])
    pass_time(mine, 95)
    assert "Ida: &lt;i&gt;Bo&lt;/i&gt;!" in browser_of(agent.user).get("/console/tray/").content.decode()


def test_a_stage_makes_the_tray_stale(acme: Any) -> None:
    agent = make_agent()
    mine = talk(agent)
    agent = agent_of(agent.pk) or agent
    before = digest_for(agent)
    pass_time(mine, 95)
    after = digest_for(agent)
    assert before != after
    assert tray_for(agent).digest == after


def test_reminders_cost_one_query_however_many_are_due(acme: Any) -> None:
    agent = make_agent(chat=3)
    agent = agent_of(agent.pk) or agent
    counts = []
    for _ in range(2):
        pass_time(talk(agent), 125)
        with CaptureQueriesContext(connection) as queries:
            tray_for(agent)
        counts.append(len(queries))
    assert counts[0] == counts[1]
