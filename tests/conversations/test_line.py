"""A conversation's place in line, and what an agent owes it (RTE-4, RTE-7, RTE-11, AGT-6, EDG-8)."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.conversations.actions import conversation_end, conversation_start, message_post
from apps.conversations.choices import EndCause, ReturnCause, Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import (
    MessageDraft,
    conversation_lock,
    conversation_move_to_queue,
    conversation_reprioritise,
    conversation_return,
    system_message_post,
)
from apps.core.errors import DomainError
from apps.queues.choices import Family
from apps.queues.models import Queue
from tests.support import invariants
from tests.support.people import ContactFactory, arrive, default_queue, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(acme):
    return Queue.objects.create(name="Other", priority=2)


def under_lock(action, conversation, **arguments):
    with transaction.atomic():
        return action(conversation=conversation_lock(conversation.pk), **arguments)


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


def say(conversation, actor=None):
    side = Side.AGENT if actor else Side.CUSTOMER
    return message_post(
        conversation_id=conversation.pk, draft=MessageDraft(side=side, client_id=uuid4(), body="Hi", author=actor)
    )


def test_who_must_reply_first_can_not_end(acme):
    """AGT-6: End does not exist before the agent's first message in this stay."""
    agent = make_agent()
    conversation = talk(agent)
    Conversation.objects.update(reply_first=True)
    with pytest.raises(DomainError) as refused:
        conversation_end(conversation_id=conversation.pk, by=Side.AGENT, actor=agent.user)
    assert refused.value.code == "reply_first"
    said = say(conversation, agent.user)
    conversation.refresh_from_db()
    assert (conversation.reply_first, conversation.agent_spoke_at) == (False, said.created_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.update(reply_first=True)
    assert conversation_end(conversation_id=conversation.pk, by=Side.AGENT, actor=agent.user).state == State.WRAP_UP


def test_a_stay_that_ends_takes_what_the_agent_said_with_it(acme):
    agent = make_agent()
    conversation = talk(agent)
    say(conversation, agent.user)
    back = under_lock(conversation_return, conversation, cause=ReturnCause.REQUEUED)
    assert (back.agent_spoke_at, back.agent_replied, back.reply_first) == (None, False, False)


@pytest.mark.parametrize("cause", ["out_of_hours", "no_agents", "inactivity", "forced"])
def test_the_systems_ends_are_ends_like_all_others(acme, cause):
    """EDG-8: the same end, the cause recorded; customers are not told who forced it."""
    agent = make_agent()
    conversation = talk(agent)
    ended = conversation_end(conversation_id=conversation.pk, by=Side.SYSTEM, actor=agent.user, cause=EndCause(cause))
    assert (ended.state, ended.end_cause, ended.ended_by) == (State.WRAP_UP, cause, "system")
    event = ended.timeline.get(kind="ended")
    assert (event.data, event.actor) == ({"cause": cause}, agent.user)
    assert ended.messages.get(kind="ended").author is None
    invariants.check_all()


def test_a_customer_or_agent_ends_without_the_systems_causes(acme):
    conversation = arrive()
    for by, cause in ((Side.CUSTOMER, EndCause.FORCED), (Side.SYSTEM, EndCause.ABANDONED)):
        with pytest.raises(ValueError, match="no cause"):
            conversation_end(conversation_id=conversation.pk, by=by, actor=None, cause=cause)


def test_a_notice_is_a_numbered_line_that_answers_nobody(acme):
    conversation = talk(make_agent())
    notice = under_lock(system_message_post, conversation, body=" Nobody is here \x07")
    conversation.refresh_from_db()
    assert (notice.number, notice.side, notice.kind, notice.body) == (3, "system", "notice", "Nobody is here")
    assert conversation.unanswered_since is not None
    assert conversation.last_line == "Hello"
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    with pytest.raises(DomainError) as refused:
        under_lock(system_message_post, conversation, body="Too late")
    assert refused.value.code == "conversation_ended"


def test_the_language_is_the_customers(acme):
    contact = ContactFactory(language="pt-BR")
    started = {"channel": Family.CHAT, "queue": default_queue(), "contact": contact}
    first = MessageDraft(uuid4(), "Olá")
    assert conversation_start(**started, start_key=uuid4(), first=first).language == "pt-BR"
    assert conversation_start(**started, start_key=uuid4(), first=first, language="es").language == "es"
