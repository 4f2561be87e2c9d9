"""Who is said to be offered a conversation now is whom routing would offer it to (RTE-10)."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.agents.models import Agent, AgentGroup, AgentSkill, Capacity, GroupMembership, Membership, Status
from apps.conversations.actions import conversation_start
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.queues.choices import Family
from apps.queues.models import Queue, QueueSkill, Skill, SkillGroup
from apps.routing.choices import Obstacle
from apps.routing.coverage import (
    queues_coverage,
    standings_in_queue,
)
from apps.routing.matching import agent_candidates, demand_of
from apps.routing.selectors import queues_served_alone
from apps.routing.standing import FAMILIES
from tests.support.databases import fresh_database
from tests.support.people import ContactFactory, default_queue, make_agent

pytestmark = pytest.mark.django_db(transaction=True)

# Mostly ready and free, or next to nobody is ever offered anything.
agents = st.fixed_dictionaries(
    {
        "by": st.sampled_from(["membership", "preferred", "group", "both", "none"]),
        "status": st.sampled_from(["available", "available", "available", "away", "offline"]),
        "console": st.sampled_from(["open", "open", "open", "lost", "none"]),
        "is_draining": st.sampled_from([False, False, False, True]),
        "is_active": st.sampled_from([True, True, True, False]),
        "slots": st.lists(
            st.sampled_from([(0, 0, 0), (2, 0, 0), (2, 1, 0), (2, 1, 1), (2, 2, 0), (1, 0, 1)]), min_size=2, max_size=2
        ),
        "forced": st.sampled_from([0, 0, 2]),
        "skills": st.sets(st.integers(0, 2)),
    }
)
worlds = st.fixed_dictionaries(
    {
        "agents": st.lists(agents, min_size=1, max_size=6),
        "asked": st.dictionaries(st.integers(0, 1), st.sampled_from([None, None, 600]), max_size=2),
        "speaks": st.booleans(),
        "preferred_seconds": st.sampled_from([0, 0, 60]),
    }
)


def arrive(family: Family, queue: Queue) -> Conversation:
    """A conversation that has just arrived, in the company's language."""
    said = MessageDraft(client_id=uuid4(), body="Hello, where is my order? I have been waiting for it.")
    contact = ContactFactory(language="en")
    started = conversation_start(
        channel=family, queue=queue, contact=contact, start_key=uuid4(), first=said, language="en"
    )
    return started.conversation


class World:
    """A queue, what it asks for, and agents who are put into their states once conversations wait."""

    def __init__(self, world: dict[str, Any]) -> None:
        skill_group = SkillGroup.objects.get()
        self.skills = [Skill.objects.create(group=skill_group, name=str(number)) for number in range(2)]
        self.skills.append(Skill.objects.create(group=skill_group, name="English", language="en" * world["speaks"]))
        self.group = AgentGroup.objects.create(name="Through")
        self.queue = Queue.objects.create(name="Asked", preferred_seconds=world["preferred_seconds"])
        GroupMembership.objects.create(group=self.group, queue=self.queue)
        for number, seconds in world["asked"].items():
            QueueSkill.objects.create(queue=self.queue, skill=self.skills[number], expires_after_seconds=seconds)
        made = [(self._serving(each), each) for each in world["agents"]]
        self.waiting = {family: arrive(family, self.queue) for family in FAMILIES}
        for agent, state in made:
            self._put(agent, state)

    def _serving(self, state: dict[str, Any]) -> Agent:
        agent = make_agent(queues=[], available=False)
        if state["by"] in {"membership", "preferred", "both"}:
            Membership.objects.create(agent=agent, queue=self.queue, is_preferred=state["by"] == "preferred")
        if state["by"] in {"group", "both"}:
            Agent.objects.filter(pk=agent.pk).update(group=self.group)
        AgentSkill.objects.filter(agent=agent).delete()
        for number in state["skills"]:
            AgentSkill.objects.create(agent=agent, skill=self.skills[number])
        return agent

    def _put(self, agent: Agent, state: dict[str, Any]) -> None:
        status = Status.objects.get(code=state["status"])
        Agent.objects.filter(pk=agent.pk).update(
            status=status,
            base=status.base,
            is_draining=state["is_draining"],
            console_id=None if state["console"] == "none" else uuid4(),
            console_lost_at=timezone.now() if state["console"] == "lost" else None,
        )
        User.objects.filter(pk=agent.pk).update(is_active=state["is_active"])
        for family, (limit, used, awaited) in zip(FAMILIES, state["slots"], strict=True):
            rows = Capacity.objects.filter(agent=agent, family=family)
            rows.update(limit=limit, used=used, awaited=awaited, forced=state["forced"])


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(world=worlds)
def test_who_is_said_to_be_offered_it_is_whom_routing_would_ask(acme: Any, world: dict[str, Any]) -> None:
    try:
        lived = World(world)
        told = standings_in_queue(lived.queue)
        counted = {each.family: each for each in queues_coverage(Queue.objects.filter(pk=lived.queue.pk))}
        for family, conversation in lived.waiting.items():
            offered = {each.agent.pk for each in told if each.family == family and each.obstacle is None}
            asked = agent_candidates(demand_of(conversation, at=timezone.now()))
            assert offered == set(asked), family
            mine = [each for each in told if each.family == family]
            could = [each for each in mine if each.obstacle is None or not each.obstacle.is_lasting]
            found = counted[family]
            assert (found.members, found.offered_now, found.could_ever) == (len(mine), len(offered), len(could))
    finally:
        fresh_database("acme")


def stand(queue: Queue | None = None, family: Family = Family.CHAT) -> dict[Agent, Obstacle | None]:
    told = standings_in_queue(queue or default_queue())
    return {each.agent: each.obstacle for each in told if each.family == family}


def put(agent: Agent, **state: Any) -> None:
    Agent.objects.filter(pk=agent.pk).update(**state)


def asks(skill: Skill, **more: Any) -> None:
    QueueSkill.objects.create(queue=default_queue(), skill=skill, **more)


def prefer_somebody_else(_agent: Agent) -> None:
    Queue.objects.filter(is_default=True).update(preferred_seconds=60)
    Membership.objects.filter(agent=make_agent()).update(is_preferred=True)


HINDERED: dict[Obstacle, Callable[[Agent], Any]] = {
    Obstacle.DEACTIVATED: lambda agent: User.objects.filter(pk=agent.pk).update(is_active=False),
    Obstacle.NO_SLOTS: lambda agent: Capacity.objects.filter(agent=agent, family="chat").update(limit=0),
    Obstacle.LACKS_SKILL: lambda _agent: asks(Skill.objects.get()),
    Obstacle.NOT_PREFERRED: prefer_somebody_else,
    Obstacle.LACKS_SKILL_YET: lambda _agent: asks(Skill.objects.get(), expires_after_seconds=60),
    Obstacle.NO_CONSOLE: lambda agent: put(agent, console_lost_at=timezone.now()),
    Obstacle.NOT_AVAILABLE: lambda agent: put(agent, base="away"),
    Obstacle.DRAINING: lambda agent: put(agent, is_draining=True),
    Obstacle.NO_FREE_SLOT: lambda agent: Capacity.objects.filter(agent=agent).update(used=1, awaited=2),
}


@pytest.mark.parametrize("obstacle", Obstacle)
def test_each_obstacle_is_named_and_nothing_else_hinders(acme: Any, obstacle: Obstacle) -> None:
    agent = make_agent()
    assert stand()[agent] is None
    HINDERED[obstacle](agent)
    assert stand()[agent] == obstacle


def test_a_family_without_slots_hinders_no_other_one(acme: Any) -> None:
    agent = make_agent()
    Capacity.objects.filter(agent=agent, family="email").update(limit=0)
    assert stand(family=Family.CHAT) == {agent: None}
    assert stand(family=Family.EMAIL) == {agent: Obstacle.NO_SLOTS}
    assert [(each.family, each.could_ever) for each in queues_coverage(Queue.objects.all())] == [
        (Family.CHAT, 1),
        (Family.EMAIL, 0),
    ]


def test_who_serves_in_two_ways_counts_once_and_deleted_ones_not_at_all(acme: Any) -> None:
    agent, gone = make_agent(), make_agent()
    GroupMembership.objects.create(queue=default_queue(), group=agent.group)
    User.objects.filter(pk=gone.pk).update(deleted_at=timezone.now(), is_active=False)
    assert stand() == {agent: None}
    assert {each.members for each in queues_coverage(Queue.objects.all())} == {1}


def test_nothing_of_another_tenant_is_counted(acme: Any, globex: Any) -> None:
    make_agent()
    with schema_context(globex.schema_name):
        assert stand() == {}
        assert {each.members for each in queues_coverage(Queue.objects.all())} == {0}


def test_a_queue_that_others_serve_through_a_group_is_not_served_alone(acme: Any) -> None:
    alone = make_agent()
    assert list(queues_served_alone(alone.user)) == [default_queue()]
    GroupMembership.objects.create(queue=default_queue(), group=make_agent(queues=[]).group)
    assert list(queues_served_alone(alone.user)) == []


def test_fifty_queues_cost_as_many_statements_as_one(acme: Any) -> None:
    make_agent()

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            queues_coverage(Queue.objects.filter(is_active=True))
        return len(asked)

    before = statements()
    for number in range(49):
        make_agent(queues=[Queue.objects.create(name=f"Queue {number}")], available=False)
    assert statements() == before


def test_fifty_members_cost_as_many_statements_as_one(acme: Any, django_assert_max_num_queries: Any) -> None:
    for _ in range(50):
        make_agent(available=False)
    with django_assert_max_num_queries(5):
        assert len(stand()) == 50
