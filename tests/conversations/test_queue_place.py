"""A conversation's place in a queue: entries, returns, priority (RTE-4, RTE-7, RTE-11)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.conversations.choices import ReturnCause
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_move_to_queue, conversation_reprioritise, conversation_return
from apps.core.errors import DomainError
from apps.queues.models import Queue
from tests.support import invariants
from tests.support.people import arrive, default_queue, make_agent, ringing, talk
from tests.support.steps import under_lock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(acme):
    return Queue.objects.create(name="Other", priority=2)


def test_another_queue_is_a_new_stay_and_the_first_arrival_is_kept(other):
    conversation = arrive()
    with time_machine.travel(timezone.now() + timedelta(minutes=3), tick=False):
        moved = under_lock(conversation_move_to_queue, conversation, queue=other, actor=None)
        assert moved.queue_entered_at == moved.queued_at == timezone.now()
    assert (moved.queue, moved.priority, moved.returned) == (other, 2, False)
    assert moved.first_arrived_at == conversation.first_arrived_at
    before, now = moved.segments.all()
    assert (before.queue, now.queue, before.ended_at) == (default_queue(), other, now.started_at)
    assert moved.timeline.get(kind="queue_changed").data == {"left": str(default_queue().pk), "queue": str(other.pk)}
    invariants.check_all()


def test_the_new_queues_agents_are_rung_at_once(other):
    conversation = arrive()
    agent = make_agent(queues=[other])
    assert ringing(conversation) is None
    under_lock(conversation_move_to_queue, conversation, queue=other, actor=None, returned=True)
    assert ringing(conversation).agent_id == agent.pk
    invariants.check_all()


def test_only_what_waits_is_moved_and_only_into_an_open_queue(other):
    agent = make_agent()
    with pytest.raises(DomainError) as refused:
        under_lock(conversation_move_to_queue, talk(agent), queue=other, actor=None)
    assert refused.value.code == "illegal_transition"
    Queue.objects.filter(pk=other.pk).update(is_active=False)
    other.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        under_lock(
            conversation_move_to_queue, arrive(queue=Queue.objects.create(name="Third")), queue=other, actor=None
        )
    assert refused.value.code == "queue_closed"


def test_an_offer_that_comes_back_is_no_new_entry_but_an_agents_chat_is(acme):
    make_agent()
    conversation = arrive()
    entered = Conversation.objects.get(pk=conversation.pk).queue_entered_at
    with time_machine.travel(timezone.now() + timedelta(seconds=40), tick=False):
        from apps.routing.actions import offer_expire

        offer = ringing(conversation)
        offer_expire(offer_id=offer.pk, due_at=offer.expires_at)
        conversation.refresh_from_db()
        assert (conversation.queue_entered_at, conversation.queued_at) == (entered, timezone.now())
    talking = talk(make_agent(queues=[Queue.objects.create(name="Third")]), queue=Queue.objects.get(name="Third"))
    with time_machine.travel(timezone.now() + timedelta(seconds=90), tick=False):
        under_lock(conversation_return, talking, cause=ReturnCause.AGENT_INACTIVE)
        talking.refresh_from_db()
        assert talking.queue_entered_at == timezone.now()


def test_a_priority_is_a_number_from_1_to_10(acme):
    agent = make_agent(available=False)
    conversation = arrive()
    with pytest.raises(DomainError) as refused:
        under_lock(conversation_reprioritise, conversation, priority=11, actor=agent.user)
    assert refused.value.code == "priority_unknown"
    under_lock(conversation_reprioritise, conversation, priority=1, actor=agent.user)
    under_lock(conversation_reprioritise, conversation, priority=1, actor=agent.user)
    event = conversation.timeline.get(kind="priority_changed")
    assert (event.data, event.actor) == ({"was": 5, "priority": 1}, agent.user)
    assert Conversation.objects.get().priority == 1
