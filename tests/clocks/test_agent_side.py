"""The customer waits for the agent: reminder, overdue, inactivity (CHAT-11)."""

import pytest

from apps.agents.actions import agent_sign_out, agent_status_choose
from apps.clocks.models import ReplyRules
from apps.conversations.actions import conversation_end
from apps.conversations.choices import State
from apps.routing.actions import offer_accept
from apps.timers.models import Wakeup
from tests.support.clocks import MILLISECOND, at, check_clocks, clock_of, notices, run_at, say, say_at, seconds
from tests.support.people import arrive, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_clock_starts_at_acceptance_when_the_message_is_older(acme):
    conversation = talk(make_agent())
    clock = clock_of(conversation)
    accepted_at = conversation.timeline.get(kind="accepted").at
    assert (clock.waits_for, clock.stage, clock.since) == ("agent", "running", accepted_at)
    assert conversation.unanswered_since < accepted_at
    assert clock.due_at == accepted_at + seconds(90)
    check_clocks()


@pytest.mark.parametrize(("after", "stage"), [(90, "due"), (120, "overdue")])
def test_a_stage_is_reached_at_its_moment_once_and_not_a_millisecond_before(acme, told, after, stage):
    conversation = talk(make_agent())
    since = clock_of(conversation).since
    run_at(since + seconds(90)) if stage == "overdue" else None
    told.clear()
    assert run_at(since + seconds(after) - MILLISECOND) == 0
    assert run_at(since + seconds(after)) == 1
    assert run_at(since + seconds(after)) == 0
    assert [told_stage for told_stage, _text in told] == [stage]
    clock = clock_of(conversation)
    assert (clock.stage, clock.is_overdue) == (stage, stage == "overdue")
    conversation.refresh_from_db()
    assert (conversation.state, notices(conversation)) == (State.ACTIVE, [])
    check_clocks()


def test_inactivity_gives_it_back_first_and_the_agent_is_away_idle(acme, told):
    agent = make_agent()
    conversation = talk(agent, body="Anybody?")
    waiting = arrive("Another one", queue=conversation.queue)
    since = clock_of(conversation).since
    run_at(since + seconds(120))
    told.clear()
    assert run_at(since + seconds(300) - MILLISECOND) == 0
    assert run_at(since + seconds(300)) == 1
    conversation.refresh_from_db()
    agent.refresh_from_db()
    assert (conversation.state, conversation.returned, conversation.agent) == (State.WAITING, True, None)
    assert conversation.timeline.get(kind="returned", data__cause="agent_inactive")
    assert agent.status.code == "system_away"
    (stage, text), *more = told
    assert stage == "inactive"
    assert conversation.contact.name in text
    assert "5\xa0minutes" in text
    assert not more
    assert not Wakeup.objects.filter(kind="clocks.reply").exists()
    check_clocks()
    with at(since + seconds(310)):
        agent_status_choose(agent_id=agent.pk, code="available")
    assert ringing(conversation)
    assert ringing(waiting)


def test_an_agent_who_has_signed_out_stays_offline(acme):
    agent = make_agent()
    conversation = talk(agent)
    since = clock_of(conversation).since
    agent_sign_out(agent_id=agent.pk)
    run_at(since + seconds(300))
    agent.refresh_from_db()
    conversation.refresh_from_db()
    assert (agent.base, conversation.state) == ("offline", State.WAITING)


def test_away_idle_and_the_return_are_switches(acme):
    agent = make_agent()
    conversation = talk(agent)
    since = clock_of(conversation).since
    ReplyRules.objects.update(inactivity_sets_away=False, due_on=False, overdue_on=False)
    run_at(since + seconds(90))
    assert clock_of(conversation).due_at == since + seconds(300)
    run_at(since + seconds(300))
    agent.refresh_from_db()
    assert agent.status.code == "available"
    assert conversation.timeline.filter(kind="returned").exists()
    check_clocks()


def test_overdue_is_the_end_of_it_without_inactivity(acme):
    ReplyRules.objects.update(inactivity_on=False)
    conversation = talk(make_agent())
    since = clock_of(conversation).since
    run_at(since + seconds(120))
    clock = clock_of(conversation)
    assert (clock.stage, clock.due_at) == ("overdue", None)
    assert not Wakeup.objects.filter(kind="clocks.reply").exists()
    check_clocks()


def test_the_earliest_unanswered_message_counts_whatever_follows(acme):
    agent = make_agent()
    conversation = talk(agent)
    said = say(conversation, agent).created_at
    first = say_at(said + seconds(10), conversation).created_at
    say_at(said + seconds(60), conversation)
    assert clock_of(conversation).since == first
    run_at(first + seconds(90))
    say_at(first + seconds(100), conversation)
    run_at(first + seconds(120))
    assert clock_of(conversation).is_overdue
    check_clocks()


def test_an_answer_ends_overdue_and_the_screen_is_told(acme, told):
    agent = make_agent()
    conversation = talk(agent)
    since = clock_of(conversation).since
    run_at(since + seconds(120))
    said = say_at(since + seconds(130), conversation, agent).created_at
    clock = clock_of(conversation)
    assert (clock.waits_for, clock.stage, clock.since) == ("customer", "running", said)
    assert told[-1] == ("running", "")
    assert run_at(since + seconds(300)) == 0
    check_clocks()


def test_the_end_stops_it(acme):
    conversation = talk(make_agent())
    since = clock_of(conversation).since
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    assert run_at(since + seconds(300)) == 0
    check_clocks()


def test_a_late_runner_acts_on_the_furthest_stage_alone(acme, told):
    """EDG-4: what has been overtaken is dropped."""
    conversation = talk(make_agent())
    since = clock_of(conversation).since
    run_at(since + seconds(200))
    assert [stage for stage, _ in told] == ["overdue"]
    check_clocks()


def test_a_runner_that_is_later_still_does_not_remind_of_what_it_takes_away(acme, told):
    conversation = talk(make_agent())
    since = clock_of(conversation).since
    run_at(since + seconds(1000))
    conversation.refresh_from_db()
    assert (conversation.state, [stage for stage, _ in told]) == (State.WAITING, ["inactive"])
    check_clocks()


def test_the_next_agent_has_a_clock_of_their_own(acme):
    first = make_agent()
    conversation = talk(first)
    since = clock_of(conversation).since
    run_at(since + seconds(300))
    with at(since + seconds(310)):
        second = make_agent()
        offer = ringing(conversation)
        assert offer.agent_id == second.pk
    with at(since + seconds(320)):
        offer_accept(offer_id=offer.pk, actor=second.user)
    clock = clock_of(conversation)
    assert (clock.waits_for, clock.stage) == ("agent", "running")
    assert clock.since == conversation.timeline.filter(kind="accepted").last().at
    check_clocks()
