"""A message and the deadline it cancels, at the same instant; and what a message costs."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.clocks.models import ReplyRules
from apps.conversations.actions import conversation_end
from apps.conversations.choices import ENDED_STATES, State
from apps.timers.actions import wakeup_fire
from tests.support.clocks import at, check_clocks, clock_of, say, seconds
from tests.support.people import make_agent, talk
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def fire(conversation, due_at):
    return wakeup_fire(schema="acme", kind="clocks.reply", object_id=conversation.pk, due_at=due_at)


@pytest.mark.slow
@pytest.mark.parametrize("customer_speaks", [False, True])
def test_a_message_and_the_deadline_it_cancels_at_the_same_instant(acme, customer_speaks):
    """50 times each: either the message came first and the clock turned, or the deadline did and it is refused.

    The agent's message races inactivity, the customer's races auto close.
    """
    ReplyRules.objects.update(
        due_on=False, overdue_on=False, inactivity_sets_away=False, idle_reminder_on=False, idle_on=False
    )
    agent = make_agent()
    speaker = None if customer_speaks else agent
    for turn in range(50):
        conversation = talk(agent)
        if customer_speaks:
            say(conversation, agent)
        due_at = clock_of(conversation).due_at
        with at(due_at):
            answer, _fired = race([partial(say, conversation, speaker), partial(fire, conversation, due_at)])
            conversation.refresh_from_db()
            if conversation.state == State.ACTIVE:
                assert clock_of(conversation).waits_for == ("agent" if customer_speaks else "customer")
            else:
                assert answer.code == ("conversation_ended" if customer_speaks else "not_yours")
            if turn % 10 == 0:
                check_clocks()
            if conversation.state not in ENDED_STATES:
                conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    check_clocks()


def test_two_workers_fire_one_deadline_once(acme):
    agent = make_agent()
    conversation = talk(agent)
    say(conversation, agent)
    due_at = clock_of(conversation).due_at
    with at(due_at):
        race([partial(fire, conversation, due_at)] * 6)
    assert conversation.messages.filter(kind="notice").count() == 1
    check_clocks()


def test_a_runner_whose_clock_is_ahead_is_believed(acme):
    """Fired a little early by our clock, the stage is reached and the deadline is not lost."""
    conversation = talk(make_agent())
    due_at = clock_of(conversation).due_at
    with at(due_at - seconds(0.005)):
        assert fire(conversation, due_at) == "done"
    assert clock_of(conversation).stage == "due"
    check_clocks()


def queries_of(conversation, agent=None) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        say(conversation, agent)
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SET ")) for query in queries)


def test_what_a_message_costs(acme):
    """A change of sides costs two reads and a pair of writes; more of the same side at most one read."""
    agent = make_agent()
    conversation = talk(agent)
    say(conversation, agent)
    costs = {
        "customer, turning it round": queries_of(conversation),
        "customer, further": queries_of(conversation),
        "agent, turning it round": queries_of(conversation, agent),
        "agent, further": queries_of(conversation, agent),
    }
    ReplyRules.objects.all().delete()
    base = queries_of(conversation, agent) - 1
    extra = {name: count - base for name, count in costs.items()}
    assert extra == {
        "customer, turning it round": 4,
        "customer, further": 0,
        "agent, turning it round": 4,
        "agent, further": 1,
    }, costs
