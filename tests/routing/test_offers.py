"""Offers from arrival to closed, one at a time (AGT-6, AGT-7, RTE-7, WRP-2)."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from apps.agents.actions import agent_console_close, agent_console_open, agent_status_choose
from apps.agents.models import Agent, Capacity, StatusInterval
from apps.conversations.actions import conversation_end
from apps.conversations.choices import State
from apps.conversations.models import Segment
from apps.core.errors import DomainError
from apps.dispositions.actions import CodeChoice, wrap_up_close
from apps.dispositions.models import CodeSet
from apps.routing.actions import console_grace_expire, offer_accept, offer_expire, offer_reject
from apps.routing.models import ChannelRules, Offer, SlotHold
from apps.timers.models import Wakeup
from tests.support.people import UserFactory, arrive, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)


def used(agent: Agent) -> int:
    return Capacity.objects.get(agent=agent, family="chat").used


def test_an_arrival_rings_at_the_longest_idle_available_agent(acme):
    first, second = make_agent(), make_agent()
    make_agent(available=False)
    offer = ringing(arrive())
    assert offer.agent_id == first.pk
    assert (used(first), used(second)) == (1, 0)
    assert offer.expires_at - offer.created_at == timedelta(seconds=30)
    assert Wakeup.objects.get(kind="routing.offer").object_id == offer.pk
    assert ringing(arrive()).agent_id == second.pk


def test_without_a_live_console_nothing_rings(acme):
    agent = make_agent()
    agent_console_close(agent_id=agent.pk, console_id=agent.console_id)
    conversation = arrive()
    assert ringing(conversation) is None
    agent_console_open(agent_id=agent.pk, console_id=uuid4())
    assert ringing(conversation).agent_id == agent.pk


def test_accepting_starts_the_agents_segment_where_the_queues_ends(acme):
    agent = make_agent()
    conversation = talk(agent)
    assert conversation.state == State.ACTIVE
    assert conversation.agent_id == agent.pk
    queue, own = Segment.objects.filter(conversation=conversation)
    assert (queue.kind, own.kind, own.agent_id) == ("queue", "agent", agent.pk)
    assert queue.ended_at == own.started_at
    assert not Wakeup.objects.filter(kind="routing.offer").exists()
    kinds = list(conversation.timeline.values_list("kind", flat=True))
    assert kinds == ["arrived", "queued", "offered", "accepted"]


def test_accepting_twice_changes_nothing_and_a_stranger_is_told_so(acme):
    agent, other = make_agent(), make_agent(available=False)
    offer = ringing(arrive())
    with pytest.raises(DomainError) as refused:
        offer_accept(offer_id=offer.pk, actor=other.user)
    assert refused.value.code == "not_yours"
    version = offer_accept(offer_id=offer.pk, actor=agent.user).version
    assert offer_accept(offer_id=offer.pk, actor=agent.user).version == version
    assert used(agent) == 1


def test_an_unanswered_offer_goes_back_first_and_its_agent_away_idle(acme):
    """AGT-7: returned first, Away (Idle), the other offers withdrawn; counted apart."""
    agent = make_agent(chat=2)
    first, second, third = arrive("first"), arrive("second"), arrive("third")
    offer = ringing(first)
    offer_expire(offer_id=offer.pk, due_at=offer.expires_at)
    agent.refresh_from_db()
    assert agent.status.code == "system_away"
    assert used(agent) == 0
    assert not SlotHold.objects.exists()
    states = dict(Offer.objects.values_list("conversation__last_line", "state"))
    assert states == {"first": "timed_out", "second": "withdrawn"}
    for conversation, returned in ((first, True), (second, True), (third, False)):
        conversation.refresh_from_db()
        assert (conversation.state, conversation.returned) == (State.WAITING, returned)
    agent_status_choose(agent_id=agent.pk, code="available")
    assert ringing(first)
    assert ringing(second)
    assert ringing(third) is None


def test_a_deadline_that_has_moved_does_nothing(acme):
    make_agent()
    offer = ringing(arrive())
    offer_expire(offer_id=offer.pk, due_at=offer.expires_at - timedelta(seconds=1))
    offer.refresh_from_db()
    assert offer.state == "ringing"


def test_away_is_kept_until_the_agents_own_choice(acme):
    agent = make_agent()
    offer = ringing(arrive())
    offer_expire(offer_id=offer.pk, due_at=offer.expires_at)
    agent_console_open(agent_id=agent.pk, console_id=uuid4())
    agent.refresh_from_db()
    assert agent.status.code == "system_away"


def test_rejecting_is_refused_unless_the_channel_allows_it(acme):
    agent = make_agent()
    conversation = arrive()
    with pytest.raises(DomainError) as refused:
        offer_reject(offer_id=ringing(conversation).pk, actor=agent.user)
    assert refused.value.code == "reject_not_allowed"
    ChannelRules.objects.filter(family="chat").update(may_reject=True)
    colleague = make_agent()
    offer_reject(offer_id=ringing(conversation).pk, actor=agent.user)
    agent.refresh_from_db()
    assert agent.status.code == "available"
    assert ringing(conversation).agent_id == colleague.pk
    assert used(agent) == 0


def test_choosing_away_while_it_rings_withdraws_the_offer(acme):
    """EDG-1: re-queued, withdrawn, no Away (Idle)."""
    agent = make_agent()
    conversation = arrive()
    agent_status_choose(agent_id=agent.pk, code="away")
    agent.refresh_from_db()
    assert agent.status.code == "away"
    assert ringing(conversation) is None
    assert Offer.objects.get().state == "withdrawn"
    assert used(agent) == 0


def test_a_customer_who_leaves_takes_the_offer_with_them(acme):
    agent = make_agent()
    conversation = arrive()
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.end_cause) == (State.CLOSED, "abandoned")
    assert Offer.objects.get().state == "withdrawn"
    assert used(agent) == 0
    agent.refresh_from_db()
    assert agent.status.code == "available"


def test_end_frees_the_slot_and_the_next_in_line_rings_at_once(acme):
    """WRP-2, RTE-7: the slot is free at the end, whatever the wrap-up takes."""
    agent = make_agent(chat=1)
    talking = talk(agent)
    waiting = arrive("next")
    assert ringing(waiting) is None
    conversation_end(conversation_id=talking.pk, by="agent", actor=agent.user)
    assert ringing(waiting).agent_id == agent.pk
    talking.refresh_from_db()
    assert talking.state == State.WRAP_UP


def test_close_needs_every_required_set(acme):
    agent = make_agent()
    conversation = talk(agent)
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    with pytest.raises(DomainError) as refused:
        wrap_up_close(conversation_id=conversation.pk, chosen=[], description="", actor=agent.user)
    assert refused.value.code == "disposition_required"
    resolution = CodeSet.objects.get(name="Resolution")
    resolved = resolution.codes.get(name="Resolved")
    wrap_up_close(
        conversation_id=conversation.pk,
        chosen=[CodeChoice(resolution.pk, resolved.pk)],
        description="Refunded",
        actor=agent.user,
    )
    conversation.refresh_from_db()
    assert conversation.state == State.CLOSED
    choice = conversation.dispositions.get()
    assert (choice.set_name, choice.code_name, choice.description) == ("Resolution", "Resolved", "Refunded")
    assert not Wakeup.objects.filter(kind="conversations.wrap_up").exists()
    assert conversation.segments.filter(ended_at=None).count() == 0


def test_wrap_up_left_for_a_day_closes_with_the_systems_code(acme):
    from apps.timers.actions import wakeup_fire

    agent = make_agent()
    conversation = talk(agent)
    conversation_end(conversation_id=conversation.pk, by="agent", actor=agent.user)
    conversation.refresh_from_db()
    due_at = conversation.wrap_up_due_at
    assert due_at - conversation.ended_at == timedelta(hours=24)
    with time_machine.travel(due_at, tick=False):
        fired = wakeup_fire(schema="acme", kind="conversations.wrap_up", object_id=conversation.pk, due_at=due_at)
    assert fired == "done"
    conversation.refresh_from_db()
    assert conversation.state == State.CLOSED
    assert conversation.dispositions.get().code_name == "System"
    assert not Wakeup.objects.filter(kind="conversations.wrap_up").exists()


def test_a_console_that_stays_away_gives_its_chats_back(acme):
    """AGT-9: Offline, and the chat returns first with its history."""
    agent = make_agent()
    conversation = talk(agent)
    agent_console_close(agent_id=agent.pk, console_id=agent.console_id)
    agent.refresh_from_db()
    due_at = agent.console_lost_at + timedelta(seconds=60)
    console_grace_expire(agent_id=agent.pk, due_at=due_at)
    conversation.refresh_from_db()
    agent.refresh_from_db()
    assert (conversation.state, conversation.returned, conversation.agent_id) == (State.WAITING, True, None)
    assert (agent.base, agent.console_id, used(agent)) == ("offline", None, 0)


def test_a_console_that_comes_back_in_time_changes_nothing(acme):
    agent = make_agent()
    conversation = talk(agent)
    agent_console_close(agent_id=agent.pk, console_id=agent.console_id)
    agent.refresh_from_db()
    due_at = agent.console_lost_at + timedelta(seconds=60)
    agent_console_open(agent_id=agent.pk, console_id=uuid4())
    console_grace_expire(agent_id=agent.pk, due_at=due_at)
    conversation.refresh_from_db()
    assert conversation.state == State.ACTIVE
    assert not Wakeup.objects.filter(kind="agents.console").exists()


def test_statuses_are_intervals_without_gaps(acme):
    """AGT-11: from, to, label, type, cause."""
    agent = make_agent()
    offer = ringing(arrive())
    offer_expire(offer_id=offer.pk, due_at=offer.expires_at)
    away, available, idle = StatusInterval.objects.filter(agent=agent).order_by("started_at")
    assert [each.cause for each in (away, available, idle)] == ["signed_in", "chosen", "offer_timed_out"]
    assert (away.ended_at, available.ended_at, idle.ended_at) == (available.started_at, idle.started_at, None)
    assert (idle.base, idle.label) == ("away", "Away (Idle)")


def test_a_deactivated_agent_is_offered_nothing(acme):
    agent = make_agent()
    agent.user.is_active = False
    agent.user.save(update_fields=["is_active"])
    assert ringing(arrive()) is None


def test_who_is_in_no_queue_is_offered_nothing(acme):
    make_agent(queues=[])
    UserFactory()
    assert ringing(arrive()) is None
