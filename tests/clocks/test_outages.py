"""Time that the platform was down is added to clocks that run against customers (EDG-4)."""

from datetime import UTC, datetime

import pytest

from apps.conversations.choices import State
from apps.timers.actions.outages import SILENCE, heartbeat_record
from apps.timers.models import Outage
from apps.timers.selectors import downtime_between
from tests.support.clocks import MILLISECOND, at, check_clocks, clock_of, fire_due, notices, run_at, say, seconds
from tests.support.people import make_agent, talk
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)


def beat_at(moment):
    with at(moment):
        return heartbeat_record()


def test_a_silence_between_two_beats_is_an_outage(acme):
    assert beat_at(NOON) is None
    assert beat_at(NOON + SILENCE) is None
    outage = beat_at(NOON + SILENCE + seconds(100))
    assert (outage.started_at, outage.ended_at) == (NOON + SILENCE, NOON + SILENCE + seconds(100))
    assert beat_at(NOON + SILENCE + seconds(90)) is None
    assert Outage.objects.count() == 1


def test_two_runners_that_start_at_once_write_it_down_once(acme):
    beat_at(NOON)
    with at(NOON + seconds(500)):
        race([heartbeat_record for _ in range(8)], schema="public")
    assert Outage.objects.count() == 1


def test_only_the_part_within_the_span_counts(acme):
    Outage.objects.create(started_at=NOON, ended_at=NOON + seconds(60))
    Outage.objects.create(started_at=NOON + seconds(100), ended_at=NOON + seconds(130))
    assert downtime_between(NOON + seconds(50), NOON + seconds(110)) == seconds(20)
    assert downtime_between(NOON - seconds(50), NOON + seconds(500)) == seconds(90)
    assert downtime_between(NOON + seconds(60), NOON + seconds(100)) == seconds(0)


def test_customers_get_the_time_back_that_we_were_down(acme):
    agent = make_agent()
    conversation = talk(agent)
    since = say(conversation, agent).created_at
    beat_at(since + seconds(100))
    with at(since + seconds(700)):
        heartbeat_record()
        assert fire_due() == 1
    conversation.refresh_from_db()
    clock = clock_of(conversation)
    assert (conversation.state, clock.stage, notices(conversation)) == (State.ACTIVE, "running", [])
    assert clock.due_at == since + seconds(600 + 225)
    check_clocks()
    assert run_at(since + seconds(600 + 225) - MILLISECOND) == 0
    run_at(since + seconds(600 + 225))
    assert clock_of(conversation).due_at == since + seconds(600 + 300)
    run_at(since + seconds(600 + 300))
    run_at(since + seconds(600 + 600))
    conversation.refresh_from_db()
    assert conversation.end_cause == "inactivity"
    check_clocks()


def test_an_outage_that_was_over_before_the_deadline_counts_too(acme):
    agent = make_agent()
    conversation = talk(agent)
    since = say(conversation, agent).created_at
    beat_at(since + seconds(10))
    beat_at(since + seconds(210))
    run_at(since + seconds(225))
    assert clock_of(conversation).due_at == since + seconds(200 + 225)


def test_agents_get_nothing_added(acme):
    conversation = talk(make_agent())
    since = clock_of(conversation).since
    beat_at(since + seconds(100))
    with at(since + seconds(400)):
        heartbeat_record()
        fire_due()
    conversation.refresh_from_db()
    assert conversation.state == State.WAITING
    check_clocks()
