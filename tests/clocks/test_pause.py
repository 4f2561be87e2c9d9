"""Snooze pauses reply clocks (SNZ-3, SNZ-4)."""

from datetime import timedelta

import pytest
from django.db import transaction

from apps.clocks.steps import clock_pause, clock_resume
from apps.conversations.steps import conversation_lock
from apps.timers.models import Wakeup
from tests.support.clocks import at, check_clocks, clock_of, run_at, say, say_at, seconds
from tests.support.people import make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)


def under_lock(action, conversation, moment):
    with at(moment), transaction.atomic():
        return action(conversation=conversation_lock(conversation.pk))


def test_paused_time_counts_against_nobody(acme):
    conversation = talk(make_agent())
    since = clock_of(conversation).since
    under_lock(clock_pause, conversation, since + seconds(60))
    under_lock(clock_pause, conversation, since + seconds(70))
    assert not Wakeup.objects.filter(kind="clocks.reply").exists()
    assert run_at(since + seconds(3600)) == 0
    check_clocks()
    under_lock(clock_resume, conversation, since + seconds(3660))
    under_lock(clock_resume, conversation, since + seconds(3670))
    clock = clock_of(conversation)
    assert (clock.since, clock.due_at) == (since + timedelta(hours=1), since + seconds(3600 + 90))
    check_clocks()


def test_what_the_agent_said_before_the_pause_is_where_it_goes_on(acme):
    agent = make_agent()
    conversation = talk(agent)
    said = say(conversation, agent).created_at
    again = say_at(said + seconds(100), conversation, agent).created_at
    under_lock(clock_pause, conversation, said + seconds(110))
    under_lock(clock_resume, conversation, said + seconds(1110))
    assert clock_of(conversation).due_at == again + seconds(1000 + 225)
    assert run_at(again + seconds(1000 + 225)) == 1
    assert clock_of(conversation).stage == "idle_due"
    check_clocks()


def test_what_was_due_already_comes_at_once(acme):
    conversation = talk(make_agent())
    since = clock_of(conversation).since
    under_lock(clock_pause, conversation, since + seconds(95))
    under_lock(clock_resume, conversation, since + seconds(200))
    assert run_at(since + seconds(200)) == 1
    assert clock_of(conversation).stage == "due"
    check_clocks()


def test_what_the_customer_wrote_meanwhile_is_waited_for_from_the_waking_on(acme):
    agent = make_agent()
    conversation = talk(agent)
    said = say(conversation, agent).created_at
    under_lock(clock_pause, conversation, said + seconds(10))
    type(conversation).objects.filter(pk=conversation.pk).update(state="snoozed")
    say_at(said + seconds(500), conversation)
    assert clock_of(conversation).paused_at
    type(conversation).objects.filter(pk=conversation.pk).update(state="active")
    under_lock(clock_resume, conversation, said + seconds(1000))
    clock = clock_of(conversation)
    assert (clock.waits_for, clock.since, clock.paused_at) == ("agent", said + seconds(1000), None)
    check_clocks()
