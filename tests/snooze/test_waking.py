"""What wakes a snoozed conversation, with whom it goes on, and what else ends a snooze (SNZ-4, SNZ-5, EDG-7)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from apps.agents.actions import (
    agent_console_close,
    agent_console_open,
    agent_drain,
    agent_sign_out,
    agent_status_choose,
)
from apps.agents.models import Capacity
from apps.clocks.models import ReplyClock
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side, State
from apps.conversations.models import ConversationEvent, Message
from apps.core.errors import DomainError
from apps.dispositions.actions import Chosen, wrap_up_close
from apps.dispositions.models import Code, CodeSet
from apps.queues.models import Queue
from apps.routing.actions import agent_lost, conversation_assign, conversation_requeue, offer_accept
from apps.snooze.actions import conversation_snooze, conversation_wake
from apps.snooze.intervals import intervals_of, time_spent
from apps.timers.models import Wakeup
from tests.snooze.support import (
    QUARTER,
    answered,
    fire_due,
    say,
    snooze_of,
    snoozed,
    state,
    switch_on,
    used,
    wake_at,
)
from tests.support import invariants
from tests.support.browsing import user_as
from tests.support.people import arrive, make_agent, ringing, talk
from tests.support.threads import race

pytestmark = pytest.mark.django_db(transaction=True)

GRACE = timedelta(seconds=120)


def over(conversation: Any) -> tuple[str, bool]:
    """Why its newest snooze is over, and that it was tidied up."""
    snooze = snooze_of(conversation)
    assert snooze.ended_at is not None
    return snooze.cause, Wakeup.objects.filter(kind="snooze.wake", object_id=snooze.pk).exists()


# --- With the same agent


def test_it_wakes_at_its_end_with_the_same_agent(acme: Any) -> None:
    """SNZ-4."""
    switch_on()
    agent = make_agent(chat=1)
    conversation = snoozed(agent)
    until = snooze_of(conversation).until
    assert wake_at(until - timedelta(milliseconds=1)) == 0
    assert wake_at(until) == 1
    assert (state(conversation), conversation.agent_id, used(agent)) == (State.ACTIVE, agent.pk, 1)
    assert over(conversation) == ("time", False)
    event = ConversationEvent.objects.get(kind="woken")
    assert (event.actor, event.side, event.data) == (None, "system", {"cause": "time"})
    assert wake_at(until) == 0
    invariants.check_all()


def test_it_wakes_late_after_an_outage(acme: Any) -> None:
    """SNZ-5: wake-ups survive restarts."""
    switch_on()
    conversation = snoozed(make_agent())
    assert wake_at(snooze_of(conversation).until + timedelta(hours=9)) == 1
    assert state(conversation) == State.ACTIVE
    invariants.check_all()


def test_the_agent_wakes_it(acme: Any) -> None:
    """SNZ-4: twice is once."""
    switch_on()
    agent = make_agent()
    conversation = snoozed(agent)
    for _ in range(2):
        conversation_wake(conversation_id=conversation.pk, actor=agent.user)
    assert (state(conversation), used(agent)) == (State.ACTIVE, 1)
    assert over(conversation) == ("agent", False)
    assert ConversationEvent.objects.get(kind="woken").actor == agent.user
    invariants.check_all()


def test_a_reply_wakes_it(acme: Any) -> None:
    """SNZ-4."""
    switch_on()
    agent = make_agent()
    conversation = snoozed(agent)
    say(conversation, agent, "One more thing")
    assert (state(conversation), used(agent), conversation.last_line) == (State.ACTIVE, 1, "One more thing")
    assert over(conversation) == ("reply", False)
    clock = ReplyClock.objects.get(pk=conversation.pk)
    assert (clock.waits_for, clock.paused_at) == ("customer", None)
    invariants.check_all()


def test_a_reply_without_a_free_slot_is_refused_with_the_reason(acme: Any) -> None:
    """SNZ-4: and nothing is stored."""
    switch_on()
    agent = make_agent(chat=1)
    conversation = snoozed(agent)
    talk(agent)
    before = Message.objects.count()
    for attempt in (
        lambda: say(conversation, agent),
        lambda: conversation_wake(conversation_id=conversation.pk, actor=agent.user),
    ):
        with pytest.raises(DomainError) as refusal:
            attempt()
        expected = "All your chat slots are taken: end or snooze another conversation first."
        assert (refusal.value.code, refusal.value.message) == ("no_free_slot", expected)
    assert (state(conversation), Message.objects.count(), used(agent)) == (State.SNOOZED, before, 1)
    invariants.check_all()


def test_nobody_elses_words_wake_it(acme: Any) -> None:
    switch_on()
    conversation = snoozed(make_agent())
    other = make_agent(available=False)
    with pytest.raises(DomainError, match="not_yours"):
        say(conversation, other)
    assert state(conversation) == State.SNOOZED


def test_an_agent_who_is_away_may_reply(acme: Any) -> None:
    switch_on()
    agent = make_agent()
    conversation = snoozed(agent)
    agent_status_choose(agent_id=agent.pk, code="away")
    say(conversation, agent)
    assert (state(conversation), used(agent)) == (State.ACTIVE, 1)
    invariants.check_all()


def test_the_customers_words_wake_it(acme: Any) -> None:
    """SNZ-4: the agent's answer is waited for from then on."""
    switch_on()
    agent = make_agent()
    conversation = snoozed(agent)
    message = say(conversation)
    assert (state(conversation), conversation.agent_id, used(agent)) == (State.ACTIVE, agent.pk, 1)
    assert over(conversation) == ("customer", False)
    clock = ReplyClock.objects.get(pk=conversation.pk)
    assert clock.waits_for == "agent"
    assert clock.since >= message.created_at
    assert clock.due_at is not None
    invariants.check_all()


def test_or_they_do_not_and_the_clocks_stay_paused(acme: Any) -> None:
    """SNZ-4."""
    switch_on(wakes_on_message=False)
    agent = make_agent()
    conversation = snoozed(agent)
    say(conversation)
    assert (state(conversation), used(agent)) == (State.SNOOZED, 0)
    assert ReplyClock.objects.get(pk=conversation.pk).paused_at is not None
    invariants.check_all()
    until = snooze_of(conversation).until
    wake_at(until)
    clock = ReplyClock.objects.get(pk=conversation.pk)
    assert (state(conversation), clock.waits_for, clock.since) == (State.ACTIVE, "agent", until)


def test_the_handle_clock_leaves_out_what_was_snoozed(acme: Any) -> None:
    """SNZ-3; and the four kinds of interval tile its life."""
    switch_on()
    queue = Queue.objects.get(is_default=True)
    queue.acw_mode = "timed"
    queue.save()
    agent = make_agent()
    start = timezone.now().replace(microsecond=0)

    def at(seconds: int) -> Any:
        return time_machine.travel(start + timedelta(seconds=seconds), tick=False)

    with at(0):
        conversation = arrive()
    with at(7):
        offer = ringing(conversation)
        assert offer is not None
        offer_accept(offer_id=offer.pk, actor=agent.user)
    with at(20):
        say(conversation, agent)
    with at(30):
        conversation_snooze(conversation_id=conversation.pk, option="15", actor=agent.user)
    with at(130):
        conversation_wake(conversation_id=conversation.pk, actor=agent.user)
    with at(140):
        conversation_end(conversation_id=conversation.pk, by=Side.AGENT, actor=agent.user)
    with at(155):
        resolution = CodeSet.objects.get(name="Resolution")
        chosen = [Chosen(resolution.pk, Code.objects.get(name="Resolved").pk)]
        wrap_up_close(conversation_id=conversation.pk, chosen=chosen, description="", actor=agent.user)
    intervals = intervals_of([conversation.pk])[conversation.pk]
    assert [
        (each.kind.value, (each.started_at - start).seconds, (each.ended_at - start).seconds, each.agent_id)  # type: ignore[operator]
        for each in intervals
    ] == [
        ("waiting", 0, 7, None),
        ("handling", 7, 30, agent.pk),
        ("snoozed", 30, 130, agent.pk),
        ("handling", 130, 140, agent.pk),
        ("wrap_up", 140, 155, agent.pk),
    ]
    spent = {kind.value: length.seconds for kind, length in time_spent(intervals, timezone.now()).items()}
    assert spent == {"waiting": 7, "handling": 33, "snoozed": 100, "wrap_up": 15}
    invariants.check_all()


# --- The grace


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


# --- Other ends


@pytest.mark.parametrize("mode", ["immediate", "timed", "off"])
def test_a_customer_who_leaves_ends_it(acme: Any, mode: str) -> None:
    """SNZ-5: wrap-up without a slot, its timer starting at once, since the agent is there."""
    Queue.objects.update(acw_mode=mode)
    switch_on()
    agent = make_agent(chat=1)
    conversation = snoozed(agent)
    talk(agent)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    assert state(conversation) == (State.CLOSED if mode == "off" else State.WRAP_UP)
    assert used(agent) == 1
    assert over(conversation) == ("ended", False)
    if mode == "timed":
        assert conversation.wrap_up_from is not None
        assert conversation.ended_at is not None
        assert timedelta() <= conversation.wrap_up_from - conversation.ended_at < timedelta(seconds=5)
    invariants.check_all()


def test_the_timer_of_its_wrap_up_waits_for_the_agents_console(acme: Any) -> None:
    """SNZ-5."""
    Queue.objects.update(acw_mode="timed")
    switch_on(may_sign_out=True)
    agent = make_agent()
    conversation = snoozed(agent)
    agent_sign_out(agent_id=agent.pk)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    assert state(conversation) == State.WRAP_UP
    assert conversation.ended_at is not None
    assert conversation.wrap_up_due_at == conversation.ended_at + timedelta(hours=24)
    later = timezone.now() + timedelta(hours=3)
    with time_machine.travel(later, tick=False):
        agent_console_open(agent_id=agent.pk, console_id=uuid4())
        conversation.refresh_from_db()
        assert conversation.wrap_up_due_at == later + timedelta(seconds=30)
    with time_machine.travel(later + timedelta(seconds=10), tick=False):
        # A second console, or a reload, does not start it anew.
        agent_console_open(agent_id=agent.pk, console_id=uuid4())
        conversation.refresh_from_db()
        assert conversation.wrap_up_due_at == later + timedelta(seconds=30)
    with time_machine.travel(later + timedelta(seconds=30), tick=False):
        assert fire_due("conversations.wrap_up") == 1
    assert state(conversation) == State.CLOSED
    invariants.check_all()


def test_left_for_a_day_it_closes_even_if_the_agent_never_comes_back(acme: Any) -> None:
    """WRP-2."""
    Queue.objects.update(acw_mode="timed")
    switch_on(may_sign_out=True)
    agent = make_agent()
    conversation = snoozed(agent)
    agent_sign_out(agent_id=agent.pk)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    conversation.refresh_from_db()
    assert conversation.ended_at is not None
    with time_machine.travel(conversation.ended_at + timedelta(hours=24), tick=False):
        assert fire_due("conversations.wrap_up") == 1
    assert state(conversation) == State.CLOSED


def test_a_supervisor_takes_it(acme: Any) -> None:
    """RTE-11."""
    switch_on()
    agent, supervisor = make_agent(chat=1), user_as("administrator")
    conversation = snoozed(agent)
    agent_status_choose(agent_id=agent.pk, code="away")
    conversation_requeue(conversation_id=conversation.pk, actor=supervisor)
    assert state(conversation) == State.WAITING
    assert over(conversation) == ("requeued", False)
    assert not ReplyClock.objects.filter(pk=conversation.pk).exists()
    invariants.check_all()
    colleague = make_agent(available=False)
    conversation_assign(conversation_id=conversation.pk, agent_id=colleague.pk, actor=supervisor)
    assert (state(conversation), conversation.agent_id) == (State.ACTIVE, colleague.pk)
    invariants.check_all()


def test_a_lost_console_leaves_snoozed_ones_where_they_are(acme: Any) -> None:
    """AGT-9, EDG-7: they wake into the queue."""
    switch_on()
    agent = make_agent()
    asleep, live = snoozed(agent), answered(agent)
    agent.refresh_from_db()
    assert agent.console_id is not None
    agent_console_close(agent_id=agent.pk, console_id=agent.console_id)
    agent.refresh_from_db()
    assert agent.console_lost_at is not None
    agent_lost(agent_id=agent.pk, due_at=agent.console_lost_at + timedelta(seconds=60))
    assert (state(asleep), state(live)) == (State.SNOOZED, State.WAITING)
    until = snooze_of(asleep).until
    wake_at(until)
    wake_at(until + GRACE)
    assert state(asleep) == State.WAITING
    invariants.check_all()


def test_a_message_that_is_sent_again_wakes_nothing(acme: Any) -> None:
    """The same message is the same message."""
    switch_on()
    agent = make_agent()
    conversation = answered(agent)
    message = say(conversation, agent)
    conversation_snooze(conversation_id=conversation.pk, option="15", actor=agent.user)
    with transaction.atomic():
        message_post(
            conversation_id=conversation.pk,
            side=Side.AGENT,
            client_id=message.client_id,
            body=message.body,
            actor=agent.user,
        )
    assert state(conversation) == State.SNOOZED
    assert snooze_of(conversation).until - snooze_of(conversation).started_at == QUARTER
