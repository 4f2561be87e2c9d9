"""What wakes without a slot at hand: it waits for its agent's, then goes to its queue (SNZ-4, EDG-7)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from apps.agents.actions import agent_drain, agent_status_choose
from apps.agents.models import Capacity, Notice
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side, State
from apps.conversations.models import ConversationEvent
from apps.snooze.actions import conversation_wake
from tests.support import invariants
from tests.support.people import arrive, make_agent, ringing, talk
from tests.support.race import race
from tests.support.snoozes import GRACE, fire_due, over, say, snooze_of, snoozed, state, switch_on, used, wake_at

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_waits_for_its_agents_next_free_slot_which_is_nobody_elses(acme: Any) -> None:
    """SNZ-4, EDG-7: the agent is full; the line waits behind it."""
    switch_on()
    agent = make_agent(chat=1)
    conversation = snoozed(agent)
    talking = talk(agent)
    waiting = arrive("in line")
    until = snooze_of(conversation).until
    wake_at(until)
    snooze = snooze_of(conversation)
    assert (state(conversation), snooze.waking_at, snooze.due_at) == (State.SNOOZED, until, until + GRACE)
    assert Capacity.objects.get(agent=agent, family="chat").awaited == 1
    event = ConversationEvent.objects.get(kind="waking")
    assert event.data == {"cause": "time", "until": (until + GRACE).isoformat()}
    invariants.check_all()
    conversation_end(conversation_id=talking.pk, by=Side.CUSTOMER, actor=None)
    assert (state(conversation), used(agent)) == (State.ACTIVE, 1)
    assert ringing(waiting) is None
    assert over(conversation) == ("time", False)
    invariants.check_all()


def test_after_the_grace_it_goes_to_the_front_of_its_queue(acme: Any) -> None:
    """SNZ-4, EDG-7: the agent stays away."""
    switch_on()
    agent = make_agent()
    conversation = snoozed(agent)
    agent_status_choose(agent_id=agent.pk, code="away")
    waiting = arrive("came earlier in this queue")
    say(conversation)
    assert state(conversation) == State.SNOOZED
    due_at = snooze_of(conversation).due_at
    assert due_at is not None
    wake_at(due_at)
    assert (state(conversation), conversation.returned, conversation.agent_id) == (State.WAITING, True, None)
    assert over(conversation) == ("customer", False)
    assert ConversationEvent.objects.get(kind="returned").data == {"cause": "snooze_over"}
    told = (
        f"{conversation.contact.display_name} woke up, could not come back to you, and is at the front of General now."
    )
    assert Notice.objects.values_list("agent", "text", "about").get() == (agent.pk, told, conversation.pk)
    invariants.check_all()
    colleague = make_agent(chat=1)
    offer = ringing(conversation)
    assert offer is not None
    assert (offer.agent_id, ringing(waiting)) == (colleague.pk, None)
    invariants.check_all()


def test_an_agent_who_comes_back_in_the_grace_has_it_again(acme: Any) -> None:
    """EDG-7."""
    switch_on()
    agent = make_agent(chat=1)
    conversation = snoozed(agent)
    agent_status_choose(agent_id=agent.pk, code="busy")
    waiting = arrive("in line")
    wake_at(snooze_of(conversation).until)
    assert state(conversation) == State.SNOOZED
    agent_status_choose(agent_id=agent.pk, code="available")
    assert (state(conversation), ringing(waiting)) == (State.ACTIVE, None)
    invariants.check_all()


def test_at_the_end_of_the_grace_it_looks_once_more(acme: Any) -> None:
    """After an outage: the agent has come back meanwhile, and nobody had noticed."""
    switch_on()
    agent = make_agent()
    conversation = snoozed(agent)
    agent_status_choose(agent_id=agent.pk, code="away")
    wake_at(snooze_of(conversation).until)
    due_at = snooze_of(conversation).due_at
    assert due_at is not None
    type(agent).objects.filter(pk=agent.pk).update(base="available")
    wake_at(due_at + timedelta(hours=1))
    assert state(conversation) == State.ACTIVE
    invariants.check_all()


def test_no_grace_where_none_is_wanted(acme: Any) -> None:
    switch_on(grace_seconds=0)
    agent = make_agent()
    conversation = snoozed(agent)
    agent_drain(agent_id=agent.pk)
    wake_at(snooze_of(conversation).until)
    assert state(conversation) == State.WAITING
    assert over(conversation) == ("time", False)
    invariants.check_all()


def test_two_that_wake_take_turns(acme: Any) -> None:
    switch_on()
    agent = make_agent(chat=1)
    first, second = snoozed(agent), snoozed(agent)
    talking = talk(agent)
    until = snooze_of(second).until
    assert wake_at(until) == 2
    assert Capacity.objects.get(agent=agent, family="chat").awaited == 2
    conversation_end(conversation_id=talking.pk, by=Side.CUSTOMER, actor=None)
    assert (state(first), state(second)) == (State.ACTIVE, State.SNOOZED)
    conversation_end(conversation_id=first.pk, by=Side.CUSTOMER, actor=None)
    assert state(second) == State.ACTIVE
    invariants.check_all()


def test_its_agent_may_wake_it_in_the_grace(acme: Any) -> None:
    switch_on()
    agent = make_agent()
    conversation = snoozed(agent)
    agent_status_choose(agent_id=agent.pk, code="away")
    say(conversation)
    conversation_wake(conversation_id=conversation.pk, actor=agent.user)
    assert state(conversation) == State.ACTIVE
    assert over(conversation) == ("agent", False)
    invariants.check_all()


@pytest.mark.slow
def test_a_freed_slot_and_a_new_customer_at_the_same_instant(acme: Any) -> None:
    """SNZ-4, RTE-9: the slot goes to the one that wakes, whoever commits first."""
    switch_on()
    agent = make_agent(chat=1)
    for _ in range(8):
        conversation = snoozed(agent)
        talking = talk(agent)
        wake_at(snooze_of(conversation).until)
        made, _ended = race(
            [
                lambda: arrive(),
                lambda talking=talking: conversation_end(conversation_id=talking.pk, by=Side.CUSTOMER, actor=None),
            ]
        )
        assert (state(conversation), ringing(made)) == (State.ACTIVE, None)
        invariants.check_all()
        conversation_end(conversation_id=made.pk, by=Side.CUSTOMER, actor=None)
        conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)


def test_waking_in_every_way_at_once_takes_one_slot(acme: Any) -> None:
    switch_on()
    agent = make_agent(chat=2)
    conversation = snoozed(agent)
    until = snooze_of(conversation).until
    with time_machine.travel(until, tick=False):
        race(
            [
                lambda: conversation_wake(conversation_id=conversation.pk, actor=agent.user),
                lambda: say(conversation),
                lambda: say(conversation, agent),
                lambda: fire_due("snooze.wake"),
            ]
        )
    assert (state(conversation), used(agent)) == (State.ACTIVE, 1)
    assert ConversationEvent.objects.filter(kind="woken").count() == 1
    invariants.check_all()
