"""The agent waits for the customer: reminder, idle, auto close (CHAT-11, EDG-8)."""

import pytest
from django.db import transaction

from apps.clocks.models import ReplyRules
from apps.conversations.choices import ReturnCause, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_return
from apps.routing.actions import offer_accept
from tests.support.clocks import MILLISECOND, check_clocks, clock_of, notices, run_at, say, say_at, seconds
from tests.support.people import make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent(acme):
    return make_agent(nick_name="Sam")


@pytest.fixture
def answered(agent):
    """A chat in which the agent spoke last."""
    conversation = talk(agent)
    say(conversation, agent)
    return conversation


def test_it_counts_from_the_agents_message(answered):
    clock = clock_of(answered)
    said = answered.messages.last().created_at
    assert (clock.waits_for, clock.since, clock.due_at) == ("customer", said, said + seconds(225))
    check_clocks()


@pytest.mark.parametrize(("after", "stage", "word"), [(225, "idle_due", "Sam"), (300, "idle", "5\xa0minutes")])
def test_a_stage_is_reached_at_its_moment_once_with_a_line_for_both(answered, told, after, stage, word):
    since = clock_of(answered).since
    run_at(since + seconds(225)) if stage == "idle" else None
    told.clear()
    before = len(notices(answered))
    assert run_at(since + seconds(after) - MILLISECOND) == 0
    assert run_at(since + seconds(after)) == 1
    assert run_at(since + seconds(after)) == 0
    assert told == [(stage, "")]
    *_, notice = notices(answered)
    assert len(notices(answered)) == before + 1
    assert word in notice
    clock = clock_of(answered)
    assert (clock.stage, clock.is_idle) == (stage, stage == "idle")
    check_clocks()


def test_auto_close_says_why_and_ends_like_every_end(answered):
    since = clock_of(answered).since
    run_at(since + seconds(225))
    run_at(since + seconds(300))
    assert run_at(since + seconds(600) - MILLISECOND) == 0
    assert run_at(since + seconds(600)) == 1
    answered.refresh_from_db()
    assert (answered.state, answered.ended_by, answered.end_cause) == (State.WRAP_UP, "system", "inactivity")
    notice, ended = answered.messages.order_by("-number")[:2][::-1]
    assert (notice.kind, ended.kind) == ("notice", "ended")
    assert "10\xa0minutes" in notice.body
    check_clocks()


def test_without_auto_close_it_stays_idle(answered):
    ReplyRules.objects.update(auto_close_on=False)
    since = clock_of(answered).since
    run_at(since + seconds(700))
    clock = clock_of(answered)
    assert (clock.stage, clock.due_at) == ("idle", None)
    check_clocks()


def test_a_further_message_of_the_agent_moves_the_deadline_when_it_comes(answered, agent):
    since = clock_of(answered).since
    later = say_at(since + seconds(100), answered, agent).created_at
    assert clock_of(answered).since == since
    assert run_at(since + seconds(225)) == 1
    clock = clock_of(answered)
    assert (clock.stage, clock.since, clock.due_at) == ("running", later, later + seconds(225))
    assert notices(answered) == []
    check_clocks()
    run_at(later + seconds(225))
    assert clock_of(answered).stage == "idle_due"


def test_a_message_of_the_agent_after_a_stage_starts_it_anew_at_once(answered, agent, told):
    since = clock_of(answered).since
    run_at(since + seconds(300))
    assert clock_of(answered).is_idle
    later = say_at(since + seconds(310), answered, agent).created_at
    clock = clock_of(answered)
    assert (clock.stage, clock.since) == ("running", later)
    assert told[-1] == ("running", "")
    check_clocks()


def test_the_customers_word_turns_it_round(answered, told):
    since = clock_of(answered).since
    run_at(since + seconds(300))
    said = say_at(since + seconds(320), answered).created_at
    clock = clock_of(answered)
    assert (clock.waits_for, clock.stage, clock.since) == ("agent", "running", said)
    assert told[-1] == ("running", "")
    assert run_at(since + seconds(409)) == 0
    check_clocks()


def test_a_late_runner_closes_without_reminding_first(answered):
    since = clock_of(answered).since
    run_at(since + seconds(5000))
    answered.refresh_from_db()
    assert answered.end_cause == "inactivity"
    assert len(notices(answered)) == 1
    check_clocks()


def test_who_is_accepted_with_nothing_unanswered_is_waited_for_from_then_on(answered, agent):
    """Answered, then handed back: the next agent owes no reply, and the chat must not stay open for ever."""
    with transaction.atomic():
        conversation_return(conversation=conversation_lock(answered.pk), cause=ReturnCause.REQUEUED)
    check_clocks()
    offer_accept(offer_id=ringing(answered).pk, actor=agent.user)
    accepted_at = answered.timeline.filter(kind="accepted").last().at
    clock = clock_of(answered)
    assert (clock.waits_for, clock.since) == ("customer", accepted_at)
    check_clocks()


def test_email_and_chat_have_times_of_their_own_and_a_call_has_none(acme):
    chat, email = ReplyRules.objects.get(pk="chat"), ReplyRules.objects.get(pk="email")
    assert (chat.overdue_seconds, chat.inactivity_seconds, chat.idle_seconds, chat.auto_close_seconds) == (
        120,
        180,
        300,
        600,
    )
    hours = (email.overdue_seconds, email.inactivity_seconds, email.idle_seconds, email.auto_close_seconds)
    assert hours == (4 * 3600, 8 * 3600, 24 * 3600, 72 * 3600)
    assert not ReplyRules.objects.filter(pk="voice").exists()
    agent = make_agent()
    ReplyRules.objects.filter(pk="chat").delete()
    conversation = talk(agent)
    say(conversation, agent)
    assert not hasattr(Conversation.objects.get(pk=conversation.pk), "reply_clock")
