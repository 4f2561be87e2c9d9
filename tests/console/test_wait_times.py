"""How long a customer has waited: one meaning in offers, summaries and queues (CON-2, CON-3, RTE-12)."""

from datetime import timedelta
from typing import Any

import pytest

from apps.agents.actions import agent_status_choose
from apps.console.thread.selectors.thread import thread_of
from apps.console.tray.selectors.tray import offers_for
from apps.conversations.models import Conversation
from apps.routing.actions import conversation_requeue, offer_accept
from apps.transfers.actions import transfer_to_agent
from tests.support.browser import user_as
from tests.support.people import arrive, make_agent, ringing, talk
from tests.support.transfers import pair, rings

pytestmark = pytest.mark.django_db(transaction=True)


def summary(agent: Any, conversation: Conversation) -> Any:
    thread = thread_of(agent, conversation.pk)
    assert thread is not None
    return thread.panel.summary


def test_a_first_wait_is_the_whole_wait(acme: Any) -> None:
    agent = make_agent()
    conversation = arrive()
    (offer,) = offers_for(agent)
    assert (offer.waiting_since, offer.in_all_since) == (conversation.first_arrived_at, None)
    offer_accept(offer_id=offer.id, actor=agent.user)
    shown = summary(agent, conversation)
    assert shown.now.waited == shown.now.started_at - conversation.first_arrived_at
    assert shown.in_all is None


def test_the_time_spent_talking_is_no_wait(acme: Any) -> None:
    """It came back to its queue: what counts is the wait since then, with the whole beside it."""
    first, second = make_agent(), make_agent(available=False)
    conversation = talk(first)
    agent_status_choose(agent_id=second.pk, code="available")
    agent_status_choose(agent_id=first.pk, code="away")
    long_ago = conversation.first_arrived_at - timedelta(minutes=12)
    Conversation.objects.filter(pk=conversation.pk).update(first_arrived_at=long_ago)
    conversation_requeue(conversation_id=conversation.pk, actor=user_as("administrator"))
    conversation.refresh_from_db()
    (offer,) = offers_for(second)
    assert (offer.waiting_since, offer.in_all_since) == (conversation.queue_entered_at, long_ago)
    offer_accept(offer_id=ringing(conversation).pk, actor=second.user)
    shown = summary(second, conversation)
    assert shown.now.waited == shown.now.started_at - offer.waiting_since
    assert shown.in_all == shown.now.started_at - long_ago


def test_a_transfer_waits_in_no_queue(acme: Any) -> None:
    sender, receiver, mine = pair()
    transfer_to_agent(conversation_id=mine.pk, agent_id=receiver.pk, actor=sender.user)
    (offer,) = offers_for(receiver)
    assert (offer.waiting_since, offer.in_all_since) == (None, mine.first_arrived_at)
    offer_accept(offer_id=rings(mine).pk, actor=receiver.user)
    shown = summary(receiver, mine)
    assert (shown.now.waited, shown.in_all) == (timedelta(), shown.now.started_at - mine.first_arrived_at)
