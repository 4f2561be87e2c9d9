"""Hours, limits and flows (RTE-4, RTE-13)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from apps.agents.actions import agent_status_choose
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.queues.models import HoursProfile, HoursRange, Queue
from apps.routing.actions import offer_accept, offer_expire
from apps.routing.models import Flow, FlowRun, RoutingSettings, Wait
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from tests.support import invariants
from tests.support.people import arrive, default_queue, make_agent, ringing

pytestmark = pytest.mark.django_db(transaction=True)

MADRID = ZoneInfo("Europe/Madrid")
SUNDAY = datetime(2026, 11, 22, 12, tzinfo=MADRID)
MONDAY = datetime(2026, 11, 23, 12, tzinfo=MADRID)


def office_hours() -> None:
    profile = HoursProfile.objects.create(name="Office", time_zone="Europe/Madrid")
    HoursRange.objects.bulk_create(
        HoursRange(profile=profile, weekday=day, opens=9 * 60, closes=18 * 60) for day in range(5)
    )
    Queue.objects.filter(is_default=True).update(hours=profile)


def flow(trigger: str, **fields: object) -> None:
    Flow.objects.filter(trigger=trigger).update(**fields)


def fire(kind: str = "routing.wait", at: datetime | None = None) -> None:
    wakeup = Wakeup.objects.get(kind=kind)
    with time_machine.travel(at or wakeup.due_at, tick=False):
        assert wakeup_fire(schema="acme", kind=kind, object_id=wakeup.object_id, due_at=wakeup.due_at) == "done"


def lines(conversation: Conversation) -> list[tuple[str, str]]:
    return [(message.kind, message.body) for message in conversation.messages.all()]


def test_outside_hours_the_customer_hears_so_and_the_chat_ends(acme):
    office_hours()
    flow("out_of_hours", exit="end", message="Closed.")
    make_agent()
    with time_machine.travel(SUNDAY, tick=False):
        conversation = arrive()
    assert (conversation.state, conversation.end_cause, conversation.ended_by) == ("closed", "out_of_hours", "system")
    assert lines(conversation) == [("text", "Hello"), ("notice", "Closed."), ("ended", "")]
    assert not Wakeup.objects.filter(kind="routing.wait").exists()
    invariants.check_all()


def test_within_hours_it_waits(acme):
    office_hours()
    agent = make_agent()
    with time_machine.travel(MONDAY, tick=False):
        assert ringing(arrive()).agent_id == agent.pk


def test_the_stock_flow_asks_for_an_email_address(acme):
    office_hours()
    with time_machine.travel(SUNDAY, tick=False):
        conversation = arrive()
    assert [kind for kind, _ in lines(conversation)] == ["text", "ask_email", "ended"]


def test_a_flow_may_lead_to_another_queue_and_never_in_circles(acme):
    office_hours()
    night = Queue.objects.create(name="Night", hours=default_queue().hours)
    flow("out_of_hours", exit="queue", target=night, message="The night shift takes over.")
    with time_machine.travel(SUNDAY, tick=False):
        conversation = arrive()
    conversation.refresh_from_db()
    assert (conversation.queue_id, conversation.state) == (night.pk, State.WAITING)
    assert FlowRun.objects.count() == 1
    assert conversation.segments.count() == 2
    invariants.check_all()


def test_a_flow_may_leave_them_queued(acme):
    office_hours()
    flow("out_of_hours", exit="stay", message="We open on Monday; your place is kept.")
    agent = make_agent(available=False)
    with time_machine.travel(SUNDAY, tick=False):
        conversation = arrive()
        assert conversation.state == State.WAITING
    agent_status_choose(agent_id=agent.pk, code="available")
    assert ringing(conversation).agent_id == agent.pk


def test_after_the_maximum_wait_the_no_agents_flow_runs(acme):
    flow("no_agents", exit="end", message="Nobody is free.")
    conversation = arrive()
    wait = Wait.objects.get()
    assert wait.max_wait_at - conversation.queue_entered_at == timedelta(seconds=600)
    fire(at=wait.max_wait_at)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.end_cause) == ("closed", "no_agents")
    assert ("notice", "Nobody is free.") in lines(conversation)


def test_the_maximum_cannot_fire_while_an_offer_rings(acme):
    """RTE-4: it takes effect when the offer comes back unanswered."""
    flow("no_agents", exit="end", message="Nobody is free.")
    make_agent()
    conversation = arrive()
    offer = ringing(conversation)
    Wait.objects.update(max_wait_at=offer.created_at + timedelta(seconds=20), due_at=offer.created_at)
    Wakeup.objects.filter(kind="routing.wait").update(due_at=offer.created_at)
    fire(at=offer.created_at + timedelta(seconds=21))
    conversation.refresh_from_db()
    assert conversation.state == State.OFFERED
    with time_machine.travel(offer.expires_at, tick=False):
        offer_expire(offer_id=offer.pk, due_at=offer.expires_at)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.end_cause) == ("closed", "no_agents")
    invariants.check_all()


def test_accepting_ends_the_wait(acme):
    agent = make_agent()
    conversation = arrive()
    offer_accept(offer_id=ringing(conversation).pk, actor=agent.user)
    assert not Wait.objects.exists()
    assert not Wakeup.objects.filter(kind="routing.wait").exists()


def test_hours_that_end_leave_those_who_wait_queued_unless_told_otherwise(acme):
    office_hours()
    flow("out_of_hours", exit="end", message="Closed.")
    late = MONDAY.replace(hour=17, minute=55)
    with time_machine.travel(late, tick=False):
        patient = arrive("patient")
    assert Wait.objects.get().due_at == late + timedelta(minutes=10)
    RoutingSettings.objects.update_or_create(pk=1, defaults={"flow_at_closing": True})
    with time_machine.travel(late, tick=False):
        sent_home = arrive("sent home")
    wait = Wait.objects.get(conversation=sent_home)
    assert wait.due_at == MONDAY.replace(hour=18)
    with time_machine.travel(wait.due_at, tick=False):
        wakeup_fire(schema="acme", kind="routing.wait", object_id=sent_home.pk, due_at=wait.due_at)
    sent_home.refresh_from_db()
    patient.refresh_from_db()
    assert (sent_home.state, sent_home.end_cause, patient.state) == ("closed", "out_of_hours", "waiting")


def test_a_queue_closed_by_hand_announces_it_at_once(acme):
    """RTE-13."""
    Queue.objects.filter(is_default=True).update(closed_at=MONDAY, closing_message="Fire drill. Back at two.")
    make_agent()
    conversation = arrive()
    assert conversation.state == "closed"
    assert ("notice", "Fire drill. Back at two.") in lines(conversation)
