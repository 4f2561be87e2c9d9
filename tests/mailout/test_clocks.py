"""Reply clocks of mail: what is sent counts as the agent's answer from when it leaves (EML-12, AGT-6, EDG-4)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.agents.models import Agent, Capacity
from apps.clocks.models import ReplyClock
from apps.conversations.models import Conversation
from apps.email.models import MailChannel
from apps.queues.choices import Family
from apps.routing.models import ChannelRules, Offer
from tests.support.clocks import MILLISECOND, at, check_clocks, fire_due
from tests.support.inbound_mails import receive, write
from tests.support.mail_server import MailServer
from tests.support.outbound_mails import channel_to, depart, reply, send, thread_with
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2031, 5, 5, 9, 0, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def thread(server: MailServer) -> Conversation:
    with at(MONDAY):
        return thread_with(make_agent(), channel_to(server), mail_id="first@x.example")


def stage_at(thread: Conversation, **after: float) -> str:
    """The stage of its clock a moment before, and at, this time after it was accepted."""
    stages = []
    for moment in (MONDAY + timedelta(**after) - MILLISECOND, MONDAY + timedelta(**after)):
        with at(moment):
            fire_due()
        clock = ReplyClock.objects.filter(pk=thread.pk).first()
        stages.append(clock.stage if clock else Conversation.objects.get(pk=thread.pk).state)
    return " ".join(stages)


def test_eml_12_the_customer_waits_four_hours_and_eight_more(thread: Conversation) -> None:
    assert stage_at(thread, hours=3) == "running due"
    assert stage_at(thread, hours=4) == "due overdue"
    assert stage_at(thread, hours=12) == "overdue waiting"
    agent = Agent.objects.get()
    assert (agent.status.code, Capacity.objects.get(agent=agent, family=Family.EMAIL).used) == ("system_away", 0)


def test_eml_12_a_mail_answers_from_when_it_leaves(thread: Conversation, server: MailServer) -> None:
    agent = Agent.objects.get()
    with at(MONDAY + timedelta(hours=1)):
        row = send(reply(thread, agent))
    assert (ReplyClock.objects.get().waits_for, server.mails) == ("agent", [])
    with at(MONDAY + timedelta(hours=1, seconds=10)):
        depart(row)
    clock = ReplyClock.objects.get()
    assert (clock.waits_for, clock.since) == ("customer", MONDAY + timedelta(hours=1, seconds=10))
    check_clocks()
    assert stage_at(thread, hours=19, seconds=10) == "running idle_due"
    assert stage_at(thread, hours=25, seconds=10) == "idle_due idle"
    assert stage_at(thread, hours=73, seconds=10) == "idle wrap_up"
    found = Conversation.objects.get(pk=thread.pk)
    assert (found.ended_by, found.end_cause) == ("system", "inactivity")
    assert not found.messages.filter(kind="notice").exists(), "nobody would have read it"


def test_eml_12_the_customers_mail_turns_it_again(thread: Conversation) -> None:
    with at(MONDAY + timedelta(hours=1)):
        depart(send(reply(thread, Agent.objects.get())))
    with at(MONDAY + timedelta(hours=30)):
        receive(MailChannel.objects.get(), write(answers="first@x.example"))
    clock = ReplyClock.objects.get()
    assert (clock.waits_for, clock.due_at) == ("agent", MONDAY + timedelta(hours=33))


def test_agt_6_a_mail_rings_for_five_minutes(server: MailServer) -> None:
    make_agent()
    with at(MONDAY):
        receive(channel_to(server), write())
        offer = Offer.objects.get()
    assert (offer.state, offer.expires_at - offer.created_at) == ("ringing", timedelta(minutes=5))


def test_agt_6_in_auto_mode_a_mail_opens_at_once_and_the_agents_mail_answers_it(server: MailServer) -> None:
    ChannelRules.objects.filter(family=Family.EMAIL).update(answer_mode="auto")
    agent = make_agent()
    receive(channel_to(server), write())
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.agent_replied) == ("active", False)
    depart(send(reply(conversation, agent)))
    conversation.refresh_from_db()
    assert (conversation.agent_replied, conversation.unanswered_since) == (True, None)
