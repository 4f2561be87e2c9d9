"""Auto answer: it opens at once, and the agent has to say something first (AGT-6, AGT-7)."""

from uuid import uuid4

import pytest
import time_machine

from apps.agents.models import Capacity
from apps.conversations.actions import conversation_end, conversation_start, message_post
from apps.conversations.choices import State
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.queues.choices import Family
from apps.routing.models import ChannelRules, Offer
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from tests.support import invariants
from tests.support.people import ContactFactory, arrive, default_queue, make_agent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def auto(acme):
    ChannelRules.objects.filter(family="chat").update(answer_mode="auto")


def fire_first_response() -> str:
    wakeup = Wakeup.objects.get(kind="routing.first_response")
    with time_machine.travel(wakeup.due_at, tick=False):
        return wakeup_fire(schema="acme", kind=wakeup.kind, object_id=wakeup.object_id, due_at=wakeup.due_at)


def test_it_opens_at_once_without_ringing(auto):
    agent = make_agent()
    conversation = arrive()
    conversation.refresh_from_db()
    assert (conversation.state, conversation.agent_id, conversation.reply_first) == (State.ACTIVE, agent.pk, True)
    offer = Offer.objects.get()
    assert (offer.state, (offer.first_response_due_at - offer.created_at).seconds) == ("accepted", 60)
    assert not Wakeup.objects.filter(kind="routing.offer").exists()
    invariants.check_all()


def test_a_mail_opens_at_once_too_and_owes_no_first_word(auto):
    """A mail may take its time, and may need no answer at all."""
    ChannelRules.objects.filter(family="email").update(answer_mode="auto")
    agent = make_agent()
    Capacity.objects.update_or_create(agent=agent, family=Family.EMAIL, defaults={"limit": 1})
    conversation = conversation_start(
        channel=Family.EMAIL,
        queue=default_queue(),
        contact=ContactFactory(),
        start_key=uuid4(),
        first=MessageDraft(client_id=uuid4(), body="My order"),
    ).conversation
    conversation.refresh_from_db()
    assert (conversation.state, conversation.agent_id, conversation.reply_first) == (State.ACTIVE, agent.pk, False)
    assert Offer.objects.get().first_response_due_at is None
    assert not Wakeup.objects.filter(kind="routing.first_response").exists()
    conversation_end(conversation_id=conversation.pk, by="agent", actor=agent.user)
    invariants.check_all()


def test_end_does_not_exist_before_the_first_message(auto):
    agent = make_agent()
    conversation = arrive()
    with pytest.raises(DomainError) as refused:
        conversation_end(conversation_id=conversation.pk, by="agent", actor=agent.user)
    assert refused.value.code == "reply_first"
    message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(side="agent", client_id=uuid4(), body="Hello", author=agent.user),
    )
    assert fire_first_response() == "done"
    conversation.refresh_from_db()
    assert conversation.state == State.ACTIVE
    conversation_end(conversation_id=conversation.pk, by="agent", actor=agent.user)


def test_without_a_first_response_it_goes_back_and_the_agent_is_away_idle(auto):
    agent = make_agent()
    first, second = arrive("first"), arrive("second")
    wakeup = Wakeup.objects.filter(kind="routing.first_response").order_by("due_at").first()
    with time_machine.travel(wakeup.due_at, tick=False):
        wakeup_fire(schema="acme", kind=wakeup.kind, object_id=wakeup.object_id, due_at=wakeup.due_at)
    agent.refresh_from_db()
    first.refresh_from_db()
    second.refresh_from_db()
    assert agent.status.code == "system_away"
    assert (first.state, first.returned, first.agent_id) == (State.WAITING, True, None)
    assert second.state == State.ACTIVE
    assert Offer.objects.get(conversation=first).state == "timed_out"
    invariants.check_slots()


def test_a_customer_who_leaves_first_makes_the_deadline_void(auto):
    agent = make_agent()
    conversation = arrive()
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    assert fire_first_response() == "done"
    agent.refresh_from_db()
    assert agent.status.code == "available"
