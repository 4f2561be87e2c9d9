"""Everything that can happen to a transfer, at the same instant: one outcome, and no slot too many (XFR-4, RTE-9)."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from apps.agents.actions import agent_status_choose
from apps.agents.models import Capacity
from apps.conversations.actions import conversation_end
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.routing.actions import offer_accept, offer_expire, offer_reject
from apps.routing.models import Offer
from apps.transfers.actions import transfer_cancel, transfer_to_queue
from apps.transfers.models import Transfer
from tests.support import invariants
from tests.support.people import make_agent, talk
from tests.support.race import race
from tests.support.transfers import ask, colleague, queue, rings

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 100


def quiet(call):
    """A refusal is an answer."""
    try:
        return call()
    except DomainError as refusal:
        return refusal.code


@pytest.fixture
def crew(acme):
    """Three threads that keep their connections: a hundred rounds cost no hundred times three of them."""
    with ThreadPoolExecutor(3) as threads:
        yield threads
        gate = threading.Barrier(3)
        for done in [threads.submit(lambda: (gate.wait(30), connection.close())) for _ in range(3)]:
            done.result()


def at_once(crew, moves):
    """Make these moves from the same instant, each in a thread of its own."""
    gate = threading.Barrier(len(moves))

    def make(move):
        with schema_context("acme"):
            gate.wait(30)
            quiet(move)

    for made in [crew.submit(make, move) for move in moves]:
        made.result(60)


@pytest.mark.slow
def test_accept_cancel_time_out_and_the_customer_leaving(acme, crew):
    """One outcome a round; who lost is told so, or nothing happens."""
    sender, receiver = make_agent(chat=15), colleague(chat=15)
    ends = Counter()
    for round_ in range(ROUNDS):
        mine = talk(sender)
        ask(mine, sender, receiver)
        offer = rings(mine)
        moves = [
            partial(offer_accept, offer_id=offer.pk, actor=receiver.user),
            partial(transfer_cancel, conversation_id=mine.pk, actor=sender.user),
            partial(offer_expire, offer_id=offer.pk, due_at=offer.expires_at),
            partial(offer_reject, offer_id=offer.pk, actor=receiver.user),
            partial(conversation_end, conversation_id=mine.pk, by="customer", actor=None),
        ]
        # Three of them at a time, in every combination.
        at_once(crew, [moves[(round_ + step) % 5] for step in (0, 1 + round_ % 2, 3 + round_ % 2)])
        transfer = Transfer.objects.get(conversation=mine)
        offer.refresh_from_db()
        ends[transfer.state] += 1
        assert {
            "done": "accepted",
            "cancelled": "withdrawn",
            "dropped": "withdrawn",
            "unreachable": "withdrawn",
            "timed_out": "timed_out",
            "declined": "rejected",
        }[transfer.state] == offer.state
        quiet(partial(conversation_end, conversation_id=mine.pk, by="customer", actor=None))
        agent_status_choose(agent_id=receiver.pk, code="available")
        agent_status_choose(agent_id=sender.pk, code="available")
    assert sum(ends.values()) == ROUNDS
    assert len(ends) >= 3, ends
    assert set(Capacity.objects.filter(family="chat").values_list("used", flat=True)) == {0}
    invariants.check_all()


def test_two_senders_and_one_free_slot(acme):
    """RTE-9: one rings, the other is refused."""
    senders = [make_agent(chat=1) for _ in range(4)]
    talks = [talk_with(sender) for sender in senders]
    for _ in range(5):
        receiver = colleague(chat=1)
        answers = race([partial(ask, mine, sender, receiver) for mine, sender in zip(talks, senders, strict=True)])
        codes = Counter(each.code if isinstance(each, DomainError) else "rings" for each in answers)
        assert codes["rings"] == 1
        assert set(codes) <= {"rings", "no_free_slot", "agent_not_available"}
        invariants.check_all()
        agent_status_choose(agent_id=receiver.pk, code="away")
    assert Offer.objects.filter(state="ringing").count() == 0


def talk_with(sender):
    conversation = talk(sender)
    agent_status_choose(agent_id=sender.pk, code="busy")
    return conversation


def test_one_conversation_to_many_at_once_goes_to_one(acme):
    """A second click, another window: one transfer, whatever it was."""
    sender, sales = make_agent(), queue()
    people = [colleague() for _ in range(3)]
    for _ in range(5):
        mine = talk(sender)
        answers = race(
            [
                *(partial(ask, mine, sender, person) for person in people),
                partial(transfer_to_queue, conversation_id=mine.pk, queue_id=sales.pk, actor=sender.user),
            ]
        )
        assert sum(not isinstance(each, DomainError) for each in answers) == 1
        assert {each.code for each in answers if isinstance(each, DomainError)} <= {"transfer_pending", "not_yours"}
        assert Transfer.objects.filter(conversation=mine).count() == 1
        invariants.check_all()
        conversation_end(conversation_id=mine.pk, by="customer", actor=None)


@pytest.mark.slow
def test_two_agents_transferring_to_each_other_never_wait_in_a_circle(acme):
    from apps.routing.models import ChannelRules
    from tests.support.transfers import say

    one, other = make_agent(queues=[]), make_agent(queues=[])
    ChannelRules.objects.filter(family="chat").update(answer_mode="auto")
    for _ in range(8):
        talks = []
        for agent in (one, other):
            from apps.agents.models import Membership
            from tests.support.people import arrive, default_queue

            membership = Membership.objects.create(agent=agent, queue=default_queue())
            conversation = arrive()
            membership.delete()
            say(conversation, agent)
            talks.append(conversation)
        answers = race([partial(ask, talks[0], one, other), partial(ask, talks[1], other, one)])
        assert not [each for each in answers if isinstance(each, DomainError)]
        assert [Conversation.objects.get(pk=each.pk).agent_id for each in talks] == [other.pk, one.pk]
        for conversation in talks:
            conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    invariants.check_all()
