"""What an agent is told when what rang at them, or opened by itself, is gone (AGT-7, XFR-5)."""

import pytest

from apps.accounts.models import Role
from apps.agents.actions import agent_console_close, agent_status_choose
from apps.agents.models import Agent, Notice
from apps.conversations.actions import conversation_end
from apps.routing.actions import (
    console_grace_expire,
    conversation_force_close,
    conversation_requeue,
    first_response_expire,
    offer_accept,
    offer_expire,
)
from apps.routing.models import ChannelRules, Offer
from apps.timers.models import Wakeup
from apps.transfers.actions import transfer_cancel, transfer_to_agent
from tests.support.people import ContactFactory, UserFactory, arrive, make_agent, ringing
from tests.support.transfers import pair

pytestmark = pytest.mark.django_db(transaction=True)


def told(agent: Agent) -> list[str]:
    return list(Notice.objects.filter(agent=agent).values_list("text", flat=True))


def test_a_missed_offer_is_told_once_whatever_else_rang(acme):
    agent = make_agent()
    offer = ringing(arrive(contact=ContactFactory(name="Ana Ruiz")))
    arrive("another that rings")
    offer_expire(offer_id=offer.pk, due_at=offer.expires_at)
    assert told(agent) == [
        "You did not accept Ana Ruiz in time, so you are Away (Idle). Choose Available to go on.",
    ]


def test_no_first_word_in_time_is_told(acme):
    ChannelRules.objects.filter(family="chat").update(answer_mode="auto")
    agent = make_agent()
    arrive(contact=ContactFactory(name="Ana Ruiz"))
    offer = Offer.objects.get()
    first_response_expire(offer_id=offer.pk, due_at=offer.first_response_due_at)
    agent.refresh_from_db()
    assert agent.status.code == "system_away"
    (notice,) = told(agent)
    assert notice.startswith("You did not write to Ana Ruiz in time: the conversation went back and you are Away")


def test_a_customer_who_leaves_while_it_rings(acme):
    agent = make_agent()
    conversation = arrive(contact=ContactFactory(name="Ana Ruiz"))
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    assert told(agent) == ["Ana Ruiz left before you accepted."]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (conversation_requeue, "Ana Ruiz was taken back before you accepted."),
        (conversation_force_close, "The conversation with Ana Ruiz ended before you accepted."),
    ],
)
def test_a_supervisor_who_takes_it_while_it_rings(acme, act, words):
    agent = make_agent()
    supervisor = UserFactory(role=Role.objects.get(code="administrator"))
    conversation = arrive(contact=ContactFactory(name="Ana Ruiz"))
    act(conversation_id=conversation.pk, actor=supervisor)
    assert told(agent)[:1] == [words]


@pytest.mark.parametrize("why", ["customer", "sender", "lost"])
def test_a_transfer_that_stops_ringing(acme, why):
    sender, receiver, mine = pair()
    mine.contact.name = "Ana Ruiz"
    mine.contact.save(update_fields=["name"])
    transfer_to_agent(conversation_id=mine.pk, agent_id=receiver.pk, actor=sender.user)
    if why == "customer":
        conversation_end(conversation_id=mine.pk, by="customer", actor=None)
        words = "Ana Ruiz left before you accepted."
    elif why == "sender":
        transfer_cancel(conversation_id=mine.pk, actor=sender.user)
        words = f"{sender.user.public_name} took back the transfer of Ana Ruiz."
    else:
        agent_console_close(agent_id=sender.pk, console_id=sender.console_id)
        console_grace_expire(agent_id=sender.pk, due_at=Wakeup.objects.get(kind="agents.console").due_at)
        words = f"Ana Ruiz went back to “{mine.queue.name}” before you accepted."
    assert told(receiver) == [words]


def test_nobody_is_told_of_what_they_did_themselves(acme):
    """EDG-1, and what was accepted."""
    agent = make_agent()
    offer_accept(offer_id=ringing(arrive()).pk, actor=agent.user)
    arrive("rings")
    agent_status_choose(agent_id=agent.pk, code="away")
    assert told(agent) == []
