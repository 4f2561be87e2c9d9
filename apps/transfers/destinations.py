"""Where an agent may transfer a conversation to now, and who could take it there (XFR-2 to XFR-4)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.agents.models import Agent, AgentSkill, Capacity, GroupMembership, Membership
from apps.agents.selectors import offerable_agents
from apps.conversations.models import Conversation
from apps.queues.choices import Family
from apps.queues.models import Queue, QueueSkill, Skill
from apps.queues.selectors import HOURS, is_open
from apps.routing.choices import Source
from apps.routing.selectors import conversation_skills
from apps.transfers.models import Recent, TransferSettings
from apps.transfers.rules import limited_by_rules

SHOWN = 25
"""Destinations of a kind that are listed at once; for the others one searches."""


@dataclass(frozen=True)
class QueueRow:
    """A queue that a conversation may go to.

    Attributes:
        queue: the queue.
        available: how many agents could take a conversation there now.
        matching: how many of them hold every skill that this one would ask for; none where skills don't count.
    """

    queue: Queue
    available: int
    matching: int | None

    @property
    def key(self) -> str:
        """What stands for it in a form."""
        return f"queue:{self.queue.pk}"

    @property
    def warns(self) -> bool:
        """Whether nobody could take it there as things are."""
        return self.matching == 0 or self.available == 0


@dataclass(frozen=True)
class AgentRow:
    """A colleague who can take a conversation now.

    Attributes:
        agent: the colleague.
        free: how many of their slots are free.
        limit: how many they have.
        lacks: names of skills that the conversation asks for and they don't hold.
    """

    agent: Agent
    free: int
    limit: int
    lacks: list[str]

    @property
    def key(self) -> str:
        """What stands for them in a form."""
        return f"agent:{self.agent.pk}"


Row = QueueRow | AgentRow


@dataclass(frozen=True)
class Destinations:
    """What the transfer dialog lists: recent ones first, each of them once.

    Attributes:
        settings: the tenant's rules.
        search: what was searched for.
        recent: where this agent transferred to lately and may again.
        queues: other queues, by name.
        agents: other colleagues, by name.
        more: how many were found beyond those listed.
    """

    settings: TransferSettings
    search: str
    recent: list[Row] = field(default_factory=list)
    queues: list[QueueRow] = field(default_factory=list)
    agents: list[AgentRow] = field(default_factory=list)
    more: int = 0

    @property
    def rows(self) -> list[Row]:
        """All that are listed, in order."""
        return [*self.recent, *self.queues, *self.agents]

    @property
    def keys(self) -> set[str]:
        """What stands for each of them in a form."""
        return {row.key for row in self.rows}


def destinations_for(conversation: Conversation, actor: User, *, search: str = "") -> Destinations:
    """Where this agent may transfer this conversation to now, in a number of queries that does not grow.

    Args:
        conversation: one of the actor's; needs `queue` loaded.
        actor: its agent.
        search: what names of queues or agents contain; empty lists all.
    """
    settings: TransferSettings = TransferSettings.load()
    search = " ".join(search.split())[:80]
    queues = _queues(conversation, actor, search) if settings.to_queues else []
    recent = list(Recent.objects.filter(agent=actor))
    agents: list[Agent] = []
    found = 0
    if settings.to_agents:
        able = _agents(conversation, actor, search)
        found = able.count()
        first = list(able[: SHOWN + len(recent)])
        lately = {row.colleague_id for row in recent if row.colleague_id} - {agent.pk for agent in first}
        agents = [*(able.filter(pk__in=lately) if lately else []), *first]
    latest = [row.queue_id or row.colleague_id for row in recent]
    shown = [
        *(each for each in queues if each.pk in latest),
        *[each for each in queues if each.pk not in latest][:SHOWN],
    ]
    rows: dict[UUID | None, Row] = {row.queue.pk: row for row in _queue_rows(conversation, actor, shown, settings)}
    listed = [agent for agent in agents if agent.pk in latest]
    listed += [agent for agent in agents if agent.pk not in latest][:SHOWN]
    rows |= {row.agent.pk: row for row in _agent_rows(conversation, listed)}
    others = [row for pk, row in rows.items() if pk not in latest]
    return Destinations(
        settings=settings,
        search=search,
        recent=[rows[pk] for pk in latest if pk in rows],
        queues=[row for row in others if isinstance(row, QueueRow)],
        agents=[row for row in others if isinstance(row, AgentRow)],
        more=len(queues) + found - len(rows),
    )


def _queues(conversation: Conversation, actor: User, search: str) -> list[Queue]:
    """Those that are open now and that the transfer rules allow (XFR-3)."""
    allowed = Queue.objects.filter(is_active=True, closed_at=None, name__icontains=search)
    if limited_by_rules(conversation, actor):
        allowed = allowed.filter(transfers_from=conversation.queue_id)
    others = allowed.exclude(pk=conversation.queue_id).select_related("hours").order_by("name")
    now = timezone.now()
    return [
        queue for queue in others.prefetch_related(*(f"hours__{part}" for part in HOURS)) if is_open(queue.hours, now)
    ]


def _agents(conversation: Conversation, actor: User, search: str) -> QuerySet[Agent]:
    """Those who can take it now: the one positive rule (AGT-2, XFR-4)."""
    able = offerable_agents(Family(conversation.channel)).exclude(pk=actor.pk)
    for word in search.split():
        named = (f"user__{name}__icontains" for name in ("first_name", "last_name", "nick_name"))
        able = able.filter(_any(named, word))
    return able.select_related("user", "group").order_by("user__first_name", "user__last_name", "pk")


def _any(lookups: Iterable[str], value: str) -> Q:
    found = Q()
    for lookup in lookups:
        found |= Q((lookup, value))
    return found


def _agent_rows(conversation: Conversation, agents: list[Agent]) -> list[AgentRow]:
    if not agents:
        return []
    keys = [agent.pk for agent in agents]
    slots = Capacity.objects.filter(agent__in=keys, family=conversation.channel)
    free = {
        pk: (left, limit)
        for pk, left, limit in slots.annotate(left=F("limit") - F("used") - F("forced") - F("awaited")).values_list(
            "agent", "left", "limit"
        )
    }
    needed = {row.skill_id: row.skill.name for row in conversation_skills(conversation.pk, at=timezone.now())}
    held = _held(keys, needed)
    return [
        AgentRow(agent, *free[agent.pk], [name for pk, name in needed.items() if pk not in held[agent.pk]])
        for agent in agents
        if agent.pk in free
    ]


def _queue_rows(
    conversation: Conversation, actor: User, queues: list[Queue], settings: TransferSettings
) -> list[QueueRow]:
    if not queues:
        return []
    there = _who_serves(conversation, actor, queues)
    if not settings.enforces_skills:
        return [QueueRow(queue, len(there[queue.pk]), None) for queue in queues]
    needed = _needed(conversation, queues)
    held = _held(set().union(*there.values()), set().union(*needed.values()))
    return [
        QueueRow(queue, len(there[queue.pk]), sum(needed[queue.pk] <= held[pk] for pk in there[queue.pk]))
        for queue in queues
    ]


def matching_in(conversation: Conversation, queue: Queue, actor: User, skills: Collection[UUID]) -> tuple[int, int]:
    """How many agents could take a conversation in a queue now, and how many of them hold all these skills."""
    there = _who_serves(conversation, actor, [queue])[queue.pk]
    held = _held(there, skills)
    return len(there), sum(set(skills) <= held[pk] for pk in there)


def _who_serves(conversation: Conversation, actor: User, queues: list[Queue]) -> defaultdict[UUID, set[UUID]]:
    """Who could take it in each of these queues, the actor aside: three queries for all of them together."""
    able = offerable_agents(Family(conversation.channel)).exclude(pk=actor.pk)
    there: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for queue_id, agent_id in Membership.objects.filter(queue__in=queues, agent__in=able).values_list("queue", "agent"):
        there[queue_id].add(agent_id)
    groups = list(GroupMembership.objects.filter(queue__in=queues).values_list("queue", "group"))
    by_group: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for agent_id, group_id in able.values_list("pk", "group") if groups else ():
        by_group[group_id].add(agent_id)
    for queue_id, group_id in groups:
        there[queue_id] |= by_group[group_id]
    return there


def _needed(conversation: Conversation, queues: list[Queue]) -> dict[UUID, set[UUID]]:
    """What the conversation would ask for in each of these queues: the same as `rules.skills_proposed`."""
    along = set(
        conversation_skills(conversation.pk, at=timezone.now())
        .exclude(source=Source.QUEUE)
        .values_list("skill", flat=True)
    )
    needed = {queue.pk: set(along) for queue in queues}
    for queue_id, skill_id in QueueSkill.objects.filter(queue__in=queues).values_list("queue", "skill"):
        needed[queue_id].add(skill_id)
    return needed


def _held(agents: Collection[UUID], skills: Collection[UUID]) -> defaultdict[UUID, set[UUID]]:
    """Which of these skills each of these agents holds."""
    held: defaultdict[UUID, set[UUID]] = defaultdict(set)
    if skills:
        rows = AgentSkill.objects.filter(agent__in=agents, skill__in=skills)
        for agent_id, skill_id in rows.values_list("agent", "skill"):
            held[agent_id].add(skill_id)
    return held


def skills_to_add(present: Collection[UUID], *, search: str = "") -> list[Skill]:
    """Skills that could be added to those that are there, by name, at most `SHOWN`.

    Args:
        present: ids of those that are there.
        search: what their names or their groups' names contain.
    """
    found = Skill.objects.exclude(pk__in=present).select_related("group")
    for word in " ".join(search.split())[:80].split():
        found = found.filter(Q(name__icontains=word) | Q(group__name__icontains=word))
    return list(found.order_by("name", "group__name")[:SHOWN])
