"""What ends a snooze otherwise: the customer leaves, a supervisor takes it, a console is lost (SNZ-5, EDG-7)."""

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
    agent_sign_out,
    agent_status_choose,
)
from apps.clocks.models import ReplyClock
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side, State
from apps.conversations.steps import MessageDraft
from apps.queues.models import Queue
from apps.routing.actions import console_grace_expire, conversation_assign, conversation_requeue
from apps.snooze.actions import conversation_snooze
from tests.support import invariants
from tests.support.browser import user_as
from tests.support.people import make_agent, talk
from tests.support.snoozes import (
    GRACE,
    QUARTER,
    answered,
    fire_due,
    over,
    say,
    snooze_of,
    snoozed,
    state,
    switch_on,
    used,
    wake_at,
)

pytestmark = pytest.mark.django_db(transaction=True)


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
    console_grace_expire(agent_id=agent.pk, due_at=agent.console_lost_at + timedelta(seconds=60))
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
            draft=MessageDraft(side=Side.AGENT, client_id=message.client_id, body=message.body, author=agent.user),
        )
    assert state(conversation) == State.SNOOZED
    assert snooze_of(conversation).until - snooze_of(conversation).started_at == QUARTER
