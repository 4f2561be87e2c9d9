"""What wakes a snoozed conversation with the same agent (SNZ-4)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from apps.agents.actions import agent_status_choose
from apps.clocks.models import ReplyClock
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side, State
from apps.conversations.models import ConversationEvent, Message
from apps.core.errors import DomainError
from apps.dispositions.actions import CodeChoice, wrap_up_close
from apps.dispositions.models import Code, CodeSet
from apps.queues.models import Queue
from apps.routing.actions import offer_accept
from apps.snooze.actions import conversation_snooze, conversation_wake
from apps.snooze.intervals import intervals_of, time_spent
from tests.support import invariants
from tests.support.people import arrive, make_agent, ringing, talk
from tests.support.snoozes import over, say, snooze_of, snoozed, state, switch_on, used, wake_at

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_where_the_customers_words_wake_nothing_the_clocks_stay_paused(acme: Any) -> None:
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
        chosen = [CodeChoice(resolution.pk, Code.objects.get(name="Resolved").pk)]
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
