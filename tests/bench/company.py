"""A large company: a thousand agents in fifty queues with a hundred skills, and a line in front of each queue."""

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from tests.bench.world import copies

QUEUES_OF_AGENT, SKILLS_OF_QUEUE, SKILLS_OF_AGENT, SLOTS, QUIET = 3, 2, 12, 1, 20
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Company:
    """Who is there.

    Attributes:
        queues: each asks for `SKILLS_OF_QUEUE` skills; its members hold them, but every tenth.
        quiet: a queue without a line, and `QUIET` agents of its own who have room.
        agents: who serves the queues with lines.
    """

    queues: list[Any]
    quiet: Any
    agents: list[UUID]


def found(agents: int, queues: int, skills: int) -> Company:
    """Make the company: everybody is Away, but those of the quiet queue."""
    from apps.agents.models import AgentSkill, Membership
    from apps.queues.models import Queue, QueueSkill, Skill, SkillGroup

    number = next(_numbers)
    group = SkillGroup.objects.create(name=f"Bench {number}")
    known = Skill.objects.bulk_create(Skill(group=group, name=f"Skill {n}") for n in range(skills))
    quiet, *made = Queue.objects.bulk_create(
        Queue(name=f"Bench {number}.{n}", acw_mode="off", max_wait_seconds=86_400) for n in range(queues + 1)
    )
    asked = {queue.pk: [known[(2 * n + k) % skills] for k in range(SKILLS_OF_QUEUE)] for n, queue in enumerate(made)}
    QueueSkill.objects.bulk_create(QueueSkill(queue_id=pk, skill=skill) for pk in asked for skill in asked[pk])
    seats, calm = _seat(agents, "away", SLOTS), _seat(QUIET, "available", 15)
    serves = {agent: [made[(n + k * 7) % queues].pk for k in range(QUEUES_OF_AGENT)] for n, agent in enumerate(seats)}
    serves |= {agent: [quiet.pk] for agent in calm}
    Membership.objects.bulk_create(
        Membership(agent_id=agent, queue_id=queue) for agent, mine in serves.items() for queue in dict.fromkeys(mine)
    )
    for n, agent in enumerate(seats):
        needed = [skill for pk in serves[agent] for skill in asked[pk]] if n % 10 else []
        further = [known[(n * 13 + k) % skills] for k in range(SKILLS_OF_AGENT)]
        held = list(dict.fromkeys([*needed, *further]))[:SKILLS_OF_AGENT]
        AgentSkill.objects.bulk_create(
            AgentSkill(agent_id=agent, skill=skill, level=1 + (n + k) % 4) for k, skill in enumerate(held)
        )
    return Company(made, quiet, seats)


def _seat(count: int, base: str, slots: int) -> list[UUID]:
    """New agents at live consoles."""
    from apps.accounts.models import Role, User
    from apps.agents.models import Agent, AgentGroup, Capacity, Status
    from apps.queues.choices import Family

    role, group, status = Role.objects.get(code="agent"), AgentGroup.objects.first(), Status.objects.get(code=base)
    users = User.objects.bulk_create(
        User(email=f"seat{next(_numbers)}@bench.test", first_name="Agent", role=role, password="!")
        for _ in range(count)
    )
    Agent.objects.bulk_create(
        Agent(user=user, group=group, status=status, base=base, console_id=uuid4()) for user in users
    )
    Capacity.objects.bulk_create(Capacity(agent_id=user.pk, family=Family.CHAT, limit=slots) for user in users)
    return [user.pk for user in users]


def back_at_desks() -> None:
    """Everybody is Available, and no router has heard of it yet."""
    from apps.agents.models import Agent, Status

    Agent.objects.update(status=Status.objects.get(code="available"), base="available")


def stand_in_line(company: Company, count: int) -> None:
    """This many conversations wait, as many in each queue, with what they ask for and their deadlines."""
    from apps.routing.models import Requirement, Wait
    from tests.support.people import arrive

    for number, queue in enumerate(company.queues):
        each = count * (number + 1) // len(company.queues) - count * number // len(company.queues)
        first = arrive(queue=queue)
        made = copies(first.pk, each - 1)
        asked, wait = list(Requirement.objects.filter(conversation=first)), Wait.objects.get(conversation=first)
        Requirement.objects.bulk_create(
            Requirement(conversation=copy, skill_id=one.skill_id, source=one.source) for copy in made for one in asked
        )
        Wait.objects.bulk_create(
            Wait(conversation=copy, max_wait_at=wait.max_wait_at, due_at=wait.due_at) for copy in made
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
