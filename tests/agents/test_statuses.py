"""What agents choose and what the system sets over it (AGT-1 to AGT-10)."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from django_tenants.utils import schema_context

from apps.agents.actions import (
    agent_console_close,
    agent_console_open,
    agent_drain,
    agent_sign_out,
    agent_status_choose,
)
from apps.agents.models import Agent, AgentSettings, Capacity, GroupMembership, Status, StatusInterval
from apps.agents.presence import heartbeat_record, presence_sweep
from apps.agents.selectors import status_totals
from apps.conversations.actions import conversation_end
from apps.core.errors import DomainError
from apps.routing.actions import offer_accept
from apps.timers.actions import wakeup_fire
from apps.timers.models import Outage, Wakeup
from tests.support.people import arrive, default_queue, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)


def only_chat(agent: Agent) -> None:
    Capacity.objects.filter(agent=agent).exclude(family="chat").update(limit=0)


def code(agent: Agent) -> str:
    return Agent.objects.select_related("status").get(pk=agent.pk).status.code


def fire(kind: str) -> str:
    wakeup = Wakeup.objects.get(kind=kind)
    with time_machine.travel(wakeup.due_at, tick=False):
        return wakeup_fire(schema="acme", kind=kind, object_id=wakeup.object_id, due_at=wakeup.due_at)


def test_system_busy_covers_available_while_every_slot_is_taken(acme):
    """AGT-3: it comes with the last slot, what rings can still be accepted, and the chosen status comes back."""
    agent = make_agent(chat=1)
    only_chat(agent)
    conversation = arrive()
    assert code(agent) == "system_busy"
    offer_accept(offer_id=ringing(conversation).pk, actor=agent.user)
    assert code(agent) == "system_busy"
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    assert code(agent) == "available"
    causes = list(StatusInterval.objects.filter(agent=agent).order_by("started_at").values_list("cause", flat=True))
    assert causes == ["signed_in", "chosen", "full", "room"]


def test_a_choice_made_while_busy_is_kept(acme):
    """AGT-3: Away, Busy and Offline win over System Busy; Available waits behind it."""
    agent = make_agent(chat=1)
    only_chat(agent)
    conversation = talk(agent)
    agent_status_choose(agent_id=agent.pk, code="busy")
    assert code(agent) == "busy"
    agent_status_choose(agent_id=agent.pk, code="available")
    assert code(agent) == "system_busy"
    agent_status_choose(agent_id=agent.pk, code="away")
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    assert code(agent) == "away"


def test_the_slot_that_is_freed_serves_the_next_in_line_through_system_busy(acme):
    agent = make_agent(chat=1)
    only_chat(agent)
    first = talk(agent)
    waiting = arrive("next")
    conversation_end(conversation_id=first.pk, by="customer", actor=None)
    assert ringing(waiting).agent_id == agent.pk
    assert code(agent) == "system_busy"


def test_away_after_these_takes_nothing_new_and_becomes_away_at_the_end(acme):
    """AGT-5."""
    agent = make_agent()
    conversation = talk(agent)
    agent_drain(agent_id=agent.pk)
    assert code(agent) == "available"
    assert ringing(arrive("other")) is None
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    assert code(agent) == "away"
    agent_status_choose(agent_id=agent.pk, code="available")
    assert ringing(arrive("third")) is not None


def test_away_after_these_with_nothing_to_finish_is_away_at_once(acme):
    agent = make_agent()
    agent_drain(agent_id=agent.pk)
    assert code(agent) == "away"


def test_a_choice_ends_the_draining(acme):
    agent = make_agent()
    conversation = talk(agent)
    agent_drain(agent_id=agent.pk)
    waiting = arrive("waits")
    agent_status_choose(agent_id=agent.pk, code="available")
    assert ringing(waiting).agent_id == agent.pk
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    assert code(agent) == "available"


def test_login_preparation_ends_in_away(acme):
    """AGT-4: 30 s, then Away; a reload does not repeat it."""
    AgentSettings.objects.create(login_prep=True)
    agent = make_agent(available=False)
    assert code(agent) == "login_prep"
    agent.refresh_from_db()
    assert agent.login_prep_until - agent.status_since == timedelta(seconds=30)
    agent_console_open(agent_id=agent.pk, console_id=uuid4())
    assert fire("agents.login_prep") == "done"
    assert code(agent) == "away"
    agent_console_open(agent_id=agent.pk, console_id=uuid4())
    assert code(agent) == "away"
    assert not Wakeup.objects.filter(kind="agents.login_prep").exists()


def test_a_choice_cuts_login_preparation_short(acme):
    AgentSettings.objects.create(login_prep=True)
    agent = make_agent(available=True)
    assert code(agent) == "available"
    assert not Wakeup.objects.filter(kind="agents.login_prep").exists()


def test_reserved_statuses_cannot_be_chosen(acme):
    agent = make_agent()
    for reserved in ("system_away", "system_busy", "login_prep", "nonsense"):
        with pytest.raises(DomainError) as refused:
            agent_status_choose(agent_id=agent.pk, code=reserved)
        assert refused.value.code == "status_unknown"


def test_a_custom_status_counts_as_its_type(acme):
    Status.objects.create(code="lunch", label="Lunch", base="away")
    agent = make_agent()
    agent_status_choose(agent_id=agent.pk, code="lunch")
    assert ringing(arrive()) is None
    interval = StatusInterval.objects.get(agent=agent, ended_at=None)
    assert (interval.base, interval.label) == ("away", "Lunch")


def test_a_second_console_has_to_take_over(acme):
    """AGT-10."""
    agent = make_agent()
    here, there = agent.console_id, uuid4()
    with pytest.raises(DomainError) as refused:
        agent_console_open(agent_id=agent.pk, console_id=there, take_over=False)
    assert refused.value.code == "console_elsewhere"
    agent_console_open(agent_id=agent.pk, console_id=here, take_over=False)
    agent_console_open(agent_id=agent.pk, console_id=there, take_over=True)
    agent_console_close(agent_id=agent.pk, console_id=here)
    agent.refresh_from_db()
    assert (agent.console_id, agent.console_lost_at) == (there, None)


def test_a_console_that_falls_silent_is_lost_and_one_that_beats_is_not(acme, valkey):
    """AGT-9: the web process was killed; nobody said good-bye."""
    forget(valkey)
    silent, alive = make_agent(), make_agent()
    heartbeat_record(agent_id=silent.pk, console_id=silent.console_id)
    with time_machine.travel(time.time() + 120, tick=False):
        heartbeat_record(agent_id=alive.pk, console_id=alive.console_id)
        assert presence_sweep() == 1
    lost = set(Agent.objects.filter(console_lost_at__isnull=False).values_list("pk", flat=True))
    assert lost == {silent.pk}
    assert Wakeup.objects.filter(kind="agents.presence").exists()


def test_a_valkey_that_forgot_every_beat_loses_nobody(acme, valkey):
    make_agent()
    forget(valkey)
    with time_machine.travel(time.time() + 120, tick=False):
        assert presence_sweep() == 0


def test_after_a_flush_silence_counts_from_the_first_beat_on(acme, valkey):
    """AGT-9: the others have as long to beat again as if they had just beaten; then silence is silence."""
    forget(valkey)
    early, late, gone = (make_agent() for _ in range(3))
    start = time.time()
    with time_machine.travel(start, tick=False) as clock:
        for agent in (early, late, gone):
            heartbeat_record(agent_id=agent.pk, console_id=agent.console_id)
        clock.shift(120)
        forget(valkey)
        heartbeat_record(agent_id=early.pk, console_id=early.console_id)
        assert presence_sweep() == 0
        clock.shift(14)
        heartbeat_record(agent_id=late.pk, console_id=late.console_id)
        clock.shift(31)
        for agent in (early, late):
            heartbeat_record(agent_id=agent.pk, console_id=agent.console_id)
        assert presence_sweep() == 0
        clock.shift(0.001)
        assert presence_sweep() == 1
        assert presence_sweep() == 0
    assert set(Agent.objects.filter(console_lost_at__isnull=False).values_list("pk", flat=True)) == {gone.pk}


def test_nobody_is_silent_because_we_were_down(acme, valkey):
    """EDG-4: no console could beat; each has the whole time from when we are back."""
    forget(valkey)
    agent = make_agent()
    heartbeat_record(agent_id=agent.pk, console_id=agent.console_id)
    with time_machine.travel(time.time() + 600, tick=False) as clock:
        Outage.objects.create(started_at=timezone.now() - timedelta(seconds=500), ended_at=timezone.now())
        assert presence_sweep() == 0
        clock.shift(45)
        assert presence_sweep() == 1


def forget(valkey):
    """Valkey was emptied."""
    for key in valkey.keys("parley:*:presence*"):
        valkey.delete(key)


def test_the_presence_sweep_ends_with_the_last_console(acme):
    agent = make_agent()
    agent_sign_out(agent_id=agent.pk)
    assert fire("agents.presence") == "done"
    assert not Wakeup.objects.filter(kind="agents.presence").exists()


def test_totals_of_a_day_count_each_status(acme):
    agent = make_agent()
    start = StatusInterval.objects.get(agent=agent, ended_at=None).started_at
    totals = status_totals(agent.pk, since=start, until=start + timedelta(minutes=5))
    assert totals == {"Available": timedelta(minutes=5)}


def test_a_group_serves_the_queues_it_is_given(acme):
    """RTE-2: agents and agent groups."""
    agent = make_agent(queues=[])
    assert ringing(arrive()) is None
    GroupMembership.objects.create(group=agent.group, queue=default_queue())
    agent_status_choose(agent_id=agent.pk, code="away")
    agent_status_choose(agent_id=agent.pk, code="available")
    assert ringing(arrive("second")) is not None


def test_statuses_of_two_tenants_have_nothing_to_do_with_each_other(acme, globex):
    make_agent()
    with schema_context("globex"):
        assert not Agent.objects.exists()
        agent = make_agent()
        assert ringing(arrive()).agent_id == agent.pk
    assert Agent.objects.count() == 1
