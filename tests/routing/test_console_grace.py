"""What rings while its agent's console is gone for a moment: the grace holds for offers, too (AGT-7, AGT-9)."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest
import time_machine

from apps.agents.actions import agent_console_close, agent_console_open, agent_sign_out, agent_status_choose
from apps.agents.models import Agent, Capacity
from apps.conversations.actions import conversation_end
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.routing.actions import console_grace_expire, offer_accept, offer_expire
from apps.routing.actions.sweep import stalled_conversations
from apps.routing.models import ChannelRules, Offer
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from apps.transfers.actions import transfer_to_agent
from apps.transfers.models import Transfer
from tests.support import invariants
from tests.support.people import arrive, make_agent, ringing, talk
from tests.support.race import race
from tests.support.transfers import colleague, pair, rings, used

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _tenant(acme):
    yield
    invariants.check_all()


def lose(agent: Agent) -> None:
    agent_console_close(agent_id=agent.pk, console_id=Agent.objects.get(pk=agent.pk).console_id)


def fire(kind: str) -> str:
    wakeup = Wakeup.objects.get(kind=kind)
    with time_machine.travel(wakeup.due_at, tick=False):
        return wakeup_fire(schema="acme", kind=kind, object_id=wakeup.object_id, due_at=wakeup.due_at)


def code(agent: Agent) -> str:
    return Agent.objects.select_related("status").get(pk=agent.pk).status.code


def test_an_offer_rings_on_over_a_reload_with_its_deadline():
    agent, other = make_agent(), make_agent()
    conversation = arrive()
    offer = ringing(conversation)
    assert offer.agent_id == agent.pk
    lose(agent)
    assert ringing(conversation) == offer
    agent_console_open(agent_id=agent.pk, console_id=uuid4())
    again = ringing(conversation)
    assert (again.pk, again.expires_at) == (offer.pk, offer.expires_at)
    assert Wakeup.objects.get(kind="routing.offer").due_at == offer.expires_at
    assert used(agent, other) == [1, 0]
    offer_accept(offer_id=offer.pk, actor=agent.user)


def test_a_transfer_rings_on_over_a_reload_of_its_receiver():
    sender, receiver, mine = pair()
    transfer_to_agent(conversation_id=mine.pk, agent_id=receiver.pk, actor=sender.user)
    offer = rings(mine)
    lose(receiver)
    agent_console_open(agent_id=receiver.pk, console_id=uuid4())
    assert (rings(mine).pk, rings(mine).expires_at) == (offer.pk, offer.expires_at)
    assert Transfer.objects.get().state == "ringing"
    offer_accept(offer_id=offer.pk, actor=receiver.user)
    assert Conversation.objects.get(pk=mine.pk).agent_id == receiver.pk


def test_nothing_new_rings_where_no_console_is_live():
    """AGT-2: what rings may ring on, and that is all."""
    agent = make_agent()
    arrive()
    lose(agent)
    assert ringing(arrive("another")) is None


def test_a_deadline_that_passes_meanwhile_is_missed_as_ever():
    agent = make_agent()
    conversation = arrive()
    lose(agent)
    assert fire("routing.offer") == "done"
    assert Offer.objects.get().state == "timed_out"
    assert code(agent) == "system_away"
    assert Conversation.objects.get(pk=conversation.pk).state == State.WAITING
    agent_console_open(agent_id=agent.pk, console_id=uuid4())
    assert code(agent) == "system_away"


def test_the_end_of_the_grace_ends_what_rings():
    """AGT-9: an offer that rings for longer than the grace goes with it; nobody missed it."""
    ChannelRules.objects.filter(family="chat").update(offer_seconds=300)
    agent = make_agent()
    conversation = arrive()
    lose(agent)
    assert fire("agents.console") == "done"
    assert Offer.objects.get().state == "withdrawn"
    assert code(agent) == "offline"
    conversation.refresh_from_db()
    assert (conversation.state, conversation.returned) == (State.WAITING, True)
    assert used(agent) == [0]


def test_the_end_of_the_grace_gives_a_transfer_back():
    ChannelRules.objects.filter(family="chat").update(offer_seconds=300)
    sender, receiver, mine = pair()
    transfer_to_agent(conversation_id=mine.pk, agent_id=receiver.pk, actor=sender.user)
    lose(receiver)
    assert fire("agents.console") == "done"
    assert Transfer.objects.get().state == "unreachable"
    assert used(sender, receiver) == [1, 0]


@pytest.mark.parametrize("leaves", ["away", "sign_out"])
def test_who_goes_for_good_meanwhile_has_it_withdrawn(leaves):
    """EDG-1: from another page of theirs, without a console."""
    agent = make_agent()
    arrive()
    lose(agent)
    if leaves == "away":
        agent_status_choose(agent_id=agent.pk, code="away")
    else:
        agent_sign_out(agent_id=agent.pk)
    assert Offer.objects.get().state == "withdrawn"


@pytest.mark.slow
def test_a_reload_a_take_over_the_graces_end_and_the_deadline_at_once():
    """Whatever comes first: one outcome for the offer, and the conversation rings, waits or is somebody's."""
    agent = make_agent(chat=2)
    ends = Counter()
    for round_ in range(30):
        agent_console_open(agent_id=agent.pk, console_id=uuid4())
        agent_status_choose(agent_id=agent.pk, code="available")
        agent.refresh_from_db()
        conversation = Conversation.objects.filter(state=State.OFFERED).first() or arrive(str(round_))
        offer = ringing(conversation)
        old = agent.console_id
        lose(agent)
        due_at = Wakeup.objects.get(kind="agents.console").due_at
        moves = [
            partial(agent_console_open, agent_id=agent.pk, console_id=old),
            partial(console_grace_expire, agent_id=agent.pk, due_at=due_at),
            partial(offer_expire, offer_id=offer.pk, due_at=offer.expires_at),
            partial(agent_console_open, agent_id=agent.pk, console_id=uuid4()),
            partial(offer_accept, offer_id=offer.pk, actor=agent.user),
            partial(agent_console_close, agent_id=agent.pk, console_id=old),
            partial(agent_sign_out, agent_id=agent.pk),
        ]
        race([moves[(round_ + step) % len(moves)] for step in (0, 1, 2, 3)])
        offer.refresh_from_db()
        ends[offer.state] += 1
        invariants.check_all()
        there = Agent.objects.get(pk=agent.pk)
        rings_on = offer.state == "ringing"
        assert not rings_on or there.base == "available", "it rings where nobody can answer"
        assert (Wakeup.objects.filter(kind="routing.offer", object_id=offer.pk).exists()) == rings_on
        assert stalled_conversations() == []
        for mine in Conversation.objects.filter(state=State.ACTIVE):
            conversation_end(conversation_id=mine.pk, by="customer", actor=None)
    assert len(ends) >= 3, ends
    assert Capacity.objects.get(agent=agent, family="chat").used <= 1


def test_the_sender_of_a_transfer_reloads_while_it_rings():
    sender = make_agent()
    receiver = colleague()
    mine = talk(sender)
    transfer_to_agent(conversation_id=mine.pk, agent_id=receiver.pk, actor=sender.user)
    offer = rings(mine)
    lose(sender)
    agent_console_open(agent_id=sender.pk, console_id=uuid4())
    assert rings(mine).pk == offer.pk
