"""Slots, offers and order while everything happens at once (RTE-7, RTE-9)."""

import random
from collections import Counter
from uuid import uuid4

import pytest

from apps.agents.actions import agent_status_choose
from apps.agents.models import Capacity
from apps.conversations.actions import conversation_end, conversation_start
from apps.conversations.choices import State
from apps.conversations.models import Conversation, ConversationEvent
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.dispositions.actions import CodeChoice, wrap_up_close
from apps.dispositions.models import CodeSet
from apps.routing.actions import offer_accept, offer_expire, offer_reject
from apps.routing.actions.sweep import stalled_conversations
from apps.routing.models import ChannelRules, Offer
from tests.support import invariants
from tests.support.people import ContactFactory, UserFactory, arrive, default_queue, make_agent, ringing
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_50_agents_accepting_one_offer_give_one_winner_and_49_clear_answers(acme):
    agent = make_agent()
    offer = ringing(arrive())
    users = [agent.user, *(UserFactory() for _ in range(49))]
    answers = race([lambda user=user: offer_accept(offer_id=offer.pk, actor=user) for user in users])
    codes = Counter(answer.code if isinstance(answer, DomainError) else "won" for answer in answers)
    assert codes == {"won": 1, "not_yours": 49}
    assert ConversationEvent.objects.filter(kind="accepted").count() == 1
    invariants.check_all()


def test_one_agent_accepting_twice_at_once_accepts_once(acme):
    agent = make_agent()
    offer = ringing(arrive())
    race([lambda: offer_accept(offer_id=offer.pk, actor=agent.user) for _ in range(8)])
    assert ConversationEvent.objects.filter(kind="accepted").count() == 1
    invariants.check_all()


@pytest.mark.slow
def test_accept_and_time_out_at_the_same_instant_have_one_outcome(acme):
    agents = [make_agent(chat=15) for _ in range(2)]
    for agent in agents:
        agent_status_choose(agent_id=agent.pk, code="available")
    for _ in range(20):
        conversation = arrive()
        offer = ringing(conversation)
        if offer is None:
            break
        race(
            [
                lambda offer=offer: offer_accept(offer_id=offer.pk, actor=offer.agent),
                lambda offer=offer: offer_expire(offer_id=offer.pk, due_at=offer.expires_at),
            ]
        )
        offer.refresh_from_db()
        assert offer.state in {"accepted", "timed_out"}
        for agent in agents:
            agent_status_choose(agent_id=agent.pk, code="available")
        invariants.check_all()


def test_start_with_one_key_opens_one_conversation(acme):
    contact, queue, key = ContactFactory(), default_queue(), uuid4()
    first = MessageDraft(uuid4(), "Hello")
    opened = race(
        [
            lambda: conversation_start(channel="chat", queue=queue, contact=contact, start_key=key, first=first)
            for _ in range(20)
        ]
    )
    assert len({message.conversation_id for message in opened}) == 1
    assert Conversation.objects.get().last_number == 1


@pytest.mark.slow
def test_an_arrival_and_a_freed_slot_at_the_same_time_always_meet(acme):
    """Neither sees the other's change before it commits; whoever commits last must place the conversation."""
    agent = make_agent(chat=1)
    current = arrive()
    for _ in range(25):
        offer_accept(offer_id=ringing(current).pk, actor=agent.user)
        following, _ = race(
            [arrive, lambda current=current: conversation_end(conversation_id=current.pk, by="customer", actor=None)]
        )
        assert ringing(following) is not None
        current = following
    assert stalled_conversations() == []
    invariants.check_all()


def test_the_line_is_served_in_order(acme):
    """RTE-7: priority, then returned ones, then first arrival; nobody is overtaken."""
    agent = make_agent(chat=1)
    first = arrive("0")
    waiting = [arrive(str(number)) for number in range(1, 6)]
    Conversation.objects.filter(pk=waiting[3].pk).update(priority=1)
    Conversation.objects.filter(pk=waiting[4].pk).update(returned=True)
    served, current = [], first
    while current is not None:
        offer_accept(offer_id=ringing(current).pk, actor=agent.user)
        served.append(current.messages.get(number=1).body)
        conversation_end(conversation_id=current.pk, by="customer", actor=None)
        offer = Offer.objects.filter(state="ringing").select_related("conversation").first()
        current = offer.conversation if offer else None
    assert served == ["0", "4", "5", "1", "2", "3"]


class Storm:
    """Agents, customers and clocks that do whatever comes to their mind, from several threads."""

    def __init__(self, *, agents: int, seed: int) -> None:
        self.seed = seed
        self.queue = default_queue()
        self.agents = [make_agent(chat=2) for _ in range(agents)]
        resolution = CodeSet.objects.get(name="Resolution")
        self.outcome = [CodeChoice(resolution.pk, resolution.codes.get(name="Resolved").pk)]
        self.contact = ContactFactory()
        ChannelRules.objects.filter(family="chat").update(may_reject=True)

    def worker(self, number: int, steps: int) -> Counter:
        rng = random.Random(self.seed * 1000 + number)
        moves = [
            self.arrive,
            self.accept,
            self.accept,
            self.reject,
            self.expire,
            self.end,
            self.end,
            self.close,
            self.status,
        ]
        outcomes: Counter = Counter()
        for _ in range(steps):
            try:
                outcomes[rng.choice(moves)(rng)] += 1
            except DomainError as refusal:
                outcomes[refusal.code] += 1
        return outcomes

    def arrive(self, rng: random.Random) -> str:
        if Conversation.objects.filter(state=State.WAITING).count() > 30:
            return "full"
        conversation_start(
            channel="chat",
            queue=self.queue,
            contact=self.contact,
            start_key=uuid4(),
            first=MessageDraft(uuid4(), "Hello"),
        )
        return "arrived"

    def _some_offer(self, rng: random.Random) -> Offer | None:
        offers = list(Offer.objects.filter(state="ringing").select_related("agent")[:20])
        return rng.choice(offers) if offers else None

    def accept(self, rng: random.Random) -> str:
        if (offer := self._some_offer(rng)) is None:
            return "idle"
        offer_accept(offer_id=offer.pk, actor=offer.agent)
        return "accepted"

    def reject(self, rng: random.Random) -> str:
        if rng.random() > 0.3 or (offer := self._some_offer(rng)) is None:
            return "idle"
        offer_reject(offer_id=offer.pk, actor=offer.agent)
        return "rejected"

    def expire(self, rng: random.Random) -> str:
        if rng.random() > 0.3 or (offer := self._some_offer(rng)) is None:
            return "idle"
        offer_expire(offer_id=offer.pk, due_at=offer.expires_at)
        return "expired"

    def end(self, rng: random.Random) -> str:
        going = list(Conversation.objects.exclude(state__in=["wrap_up", "closed"]).select_related("agent")[:40])
        if not going:
            return "idle"
        conversation = rng.choice(going)
        by_agent = conversation.agent is not None and rng.random() < 0.5
        conversation_end(
            conversation_id=conversation.pk,
            by="agent" if by_agent else "customer",
            actor=conversation.agent if by_agent else None,
        )
        return "ended"

    def close(self, rng: random.Random) -> str:
        done = list(Conversation.objects.filter(state="wrap_up").select_related("agent")[:20])
        if not done:
            return "idle"
        conversation = rng.choice(done)
        wrap_up_close(conversation_id=conversation.pk, chosen=self.outcome, description="", actor=conversation.agent)
        return "closed"

    def status(self, rng: random.Random) -> str:
        agent = rng.choice(self.agents)
        agent_status_choose(agent_id=agent.pk, code="away" if rng.random() < 0.25 else "available")
        return "status"


@pytest.mark.slow
def test_a_storm_of_5000_operations_never_exceeds_a_slot_or_loses_a_conversation(acme):
    storm = Storm(agents=8, seed=7)
    workers, rounds, steps = 6, 6, 140
    outcomes: Counter = Counter()
    for turn in range(rounds):
        for answer in race([lambda n=n, turn=turn: storm.worker(turn * 10 + n, steps) for n in range(workers)]):
            outcomes += answer
        invariants.check_all()
        assert stalled_conversations() == []
    assert outcomes.total() == workers * rounds * steps >= 5000
    assert outcomes["accepted"] > 100
    assert outcomes["closed"] > 50
    assert all(capacity.used <= capacity.limit for capacity in Capacity.objects.all())
