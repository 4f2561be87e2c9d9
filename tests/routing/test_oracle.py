"""The engine and the oracle, side by side on the same random days: they agree after every step."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.agents.actions import agent_status_choose
from apps.agents.models import AgentSkill
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end
from apps.conversations.models import Conversation
from apps.queues.models import Queue, QueueSkill, Skill, SkillGroup
from apps.routing.actions import offer_accept, offer_expire, offer_reject
from apps.routing.actions.sweep import stalled_conversations
from apps.routing.models import ChannelRules, Offer
from tests.routing import oracle
from tests.support import invariants
from tests.support.databases import fresh_database
from tests.support.people import ContactFactory, arrive, make_agent

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOVES = ["arrive", "arrive", "arrive", "accept", "accept", "end", "end", "reject", "expire", "away", "back", "back"]

worlds = st.fixed_dictionaries(
    {
        "queues": st.lists(
            st.tuples(
                st.sampled_from([1, 3, 5, 5]),
                st.sampled_from(["best_skill", "longest_idle", "fewest_active", "round_robin"]),
                st.sets(st.integers(0, 1)),
            ),
            min_size=1,
            max_size=3,
        ),
        "agents": st.lists(
            st.tuples(
                st.integers(1, 2),
                st.dictionaries(st.integers(0, 1), st.integers(1, 4)),
                st.sets(st.integers(0, 2), min_size=1),
            ),
            min_size=1,
            max_size=4,
        ),
        "day": st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 10_000)), min_size=5, max_size=35),
    }
)

# A rejected conversation comes back while somebody of a better rank waits for the same agent.
OVERTAKING = {
    "queues": [(5, "longest_idle", set()), (1, "longest_idle", set())],
    "agents": [(1, {}, {0, 1})],
    "day": [("arrive", 0), ("arrive", 1), ("reject", 0), ("accept", 0), ("end", 0)],
}


class Day:
    """One random day, lived by both."""

    def __init__(self, world: dict[str, Any], clock: Any) -> None:
        self.clock, self.at = clock, 0
        self.contact: Contact = ContactFactory()
        ChannelRules.objects.filter(family="chat").update(may_reject=True)
        group = SkillGroup.objects.create(name="Oracle")
        self.skills = [Skill.objects.create(group=group, name=str(number)) for number in range(2)]
        self.queues = [self._queue(number, *row) for number, row in enumerate(world["queues"])]
        self.oracle = oracle.Oracle([self._agent(number, *row) for number, row in enumerate(world["agents"])])

    def _queue(self, number: int, priority: int, strategy: str, skills: set[int]) -> tuple[Queue, oracle.Queue]:
        row = Queue.objects.create(name=f"Q{number}", priority=priority, strategy=strategy)
        for skill in skills:
            QueueSkill.objects.create(queue=row, skill=self.skills[skill])
        return row, oracle.Queue(row.pk, priority, strategy, {self.skills[skill].pk for skill in skills})

    def _agent(self, number: int, slots: int, levels: dict[int, int], queues: set[int]) -> oracle.Agent:
        serves = [self.queues[queue % len(self.queues)][0] for queue in queues]
        self._step()
        row = make_agent(chat=slots, queues=list({queue.pk: queue for queue in serves}.values()))
        for skill, level in levels.items():
            AgentSkill.objects.create(agent=row, skill=self.skills[skill], level=level)
        held = {self.skills[skill].pk: level for skill, level in levels.items()}
        return oracle.Agent(row.pk, slots, held, {queue.pk for queue in serves}, idle_since=self.at)

    def _step(self) -> None:
        self.at += 1
        self.clock.move_to(START + timedelta(seconds=self.at))

    def live(self, move: str, pick: int) -> None:
        self._step()
        self.oracle.now = self.at
        getattr(self, f"_{move}")(pick)
        self.compare(move)

    def _some(self, pick: int, *states: str) -> oracle.Chat | None:
        found = [chat for chat in self.oracle.chats.values() if chat.state in states]
        return found[pick % len(found)] if found else None

    def _arrive(self, pick: int) -> None:
        row, queue = self.queues[pick % len(self.queues)]
        conversation = arrive(str(uuid4()), queue=row, contact=self.contact)
        self.oracle.arrive(oracle.Chat(conversation.pk, queue, self.at))

    def _offer(self, chat: oracle.Chat) -> Offer:
        return Offer.objects.select_related("agent").get(conversation=chat.pk, state="ringing")

    def _accept(self, pick: int) -> None:
        if chat := self._some(pick, "offered"):
            offer = self._offer(chat)
            offer_accept(offer_id=offer.pk, actor=offer.agent)
            self.oracle.accept(chat)

    def _reject(self, pick: int) -> None:
        if chat := self._some(pick, "offered"):
            offer = self._offer(chat)
            offer_reject(offer_id=offer.pk, actor=offer.agent)
            self.oracle.reject(chat)

    def _expire(self, pick: int) -> None:
        if chat := self._some(pick, "offered"):
            offer = self._offer(chat)
            offer_expire(offer_id=offer.pk, due_at=offer.expires_at)
            self.oracle.expire(chat)

    def _end(self, pick: int) -> None:
        if chat := self._some(pick, "waiting", "offered", "active"):
            conversation_end(conversation_id=chat.pk, by="customer", actor=None)
            self.oracle.end(chat)

    def _choose(self, pick: int, *, available: bool) -> None:
        agents = list(self.oracle.agents.values())
        agent = agents[pick % len(agents)]
        agent_status_choose(agent_id=agent.pk, code="available" if available else "away")
        self.oracle.choose(agent, available=available)

    def _away(self, pick: int) -> None:
        self._choose(pick, available=False)

    def _back(self, pick: int) -> None:
        self._choose(pick, available=True)

    def compare(self, move: str) -> None:
        rows = Conversation.objects.in_bulk(list(self.oracle.chats))
        ringing = dict(Offer.objects.filter(state="ringing").values_list("conversation", "agent"))
        for pk, chat in self.oracle.chats.items():
            state = "over" if rows[pk].state in {"wrap_up", "closed"} else rows[pk].state
            holder = rows[pk].agent_id if state == "active" else ringing.get(pk)
            expected = chat.agent.pk if chat.agent and chat.state in {"offered", "active"} else None
            assert (state, holder) == (chat.state, expected), move
        with time_machine.travel(START + timedelta(seconds=self.at + 5), tick=False):
            assert stalled_conversations() == []


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@example(world=OVERTAKING)
@given(world=worlds)
def test_engine_and_oracle_agree_on_every_step(acme, world):
    try:
        with time_machine.travel(START, tick=False) as clock:
            day = Day(world, clock)
            for move, pick in world["day"]:
                day.live(move, pick)
            invariants.check_all()
    finally:
        fresh_database("acme")
