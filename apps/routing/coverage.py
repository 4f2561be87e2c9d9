"""Who can be offered what waits in a queue, and what keeps the others from it, in words (RTE-10).

Routing itself asks `agents.selectors.offerable_agents` and `matching`; this tells people who set queues and users up.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.agents.choices import Base
from apps.agents.models import Agent, AgentSkill
from apps.agents.selectors import has_live_console, is_serving
from apps.conversations.models import Conversation
from apps.queues.choices import Family
from apps.queues.models import Queue, QueueSkill, Skill
from apps.queues.selectors import skills_of_language
from apps.routing.choices import Source
from apps.routing.matching import requirements_unexpired
from apps.routing.models import Requirement, RoutingSettings
from apps.routing.standing import (
    FAMILIES,
    Standing,
    language_asked,
    offerable_ever,
    offerable_now,
    serving_agents,
    standings,
    terms_of_queue,
)
from apps.tenants.selectors import current_tenant


@dataclass(frozen=True)
class Asked:
    """A skill that is asked for.

    Attributes:
        skill: it.
        why: by whom or by what, in words.
        expires: whether it is asked for a while only.
    """

    skill: Skill
    why: str
    expires: bool = False


@dataclass(frozen=True)
class Coverage:
    """One agent and one queue, or one conversation.

    Attributes:
        agent: who.
        queue: where.
        lacks: what keeps it from them until somebody changes what is set up.
        waits: what keeps it from them at this moment.
    """

    agent: Agent
    queue: Queue
    lacks: list[str]
    waits: list[str]

    @property
    def matches(self) -> bool:
        """Whether they can be offered it at all."""
        return not self.lacks


def coverage_of_queue(queue: Queue) -> tuple[list[Asked], list[Coverage]]:
    """What a queue asks for, and everybody who serves it, those who can be offered it first."""
    asked = _asked_by([queue])[queue.pk]
    return asked, _in_order(_coverage(agent, queue, asked, Family) for agent in _agents(is_serving(queue.pk)))


def coverage_of_agent(agent_id: Any) -> list[Coverage]:
    """Every queue that an agent serves, those that reach them first."""
    (agent,) = _agents(Q(pk=agent_id))
    serving = Q(memberships__agent=agent_id) | Q(group_memberships__group=agent.group_id)
    queues = list(Queue.objects.filter(serving, is_active=True).distinct().order_by("name"))
    asked = _asked_by(queues)
    return _in_order(_coverage(agent, queue, asked[queue.pk], Family) for queue in queues)


def coverage_of_conversation(conversation: Conversation) -> tuple[list[Asked], list[Coverage]]:
    """What a conversation asks for now, and everybody who serves its queue, those who can be offered it first."""
    asked: list[Asked] = []
    if not conversation.ignores_skills:
        rows = Requirement.objects.filter(requirements_unexpired(timezone.now()), conversation=conversation)
        asked = [
            Asked(row.skill, _why(row.source), row.expires_at is not None)
            for row in rows.select_related("skill").order_by("skill__name")
        ]
    families = [Family(conversation.channel)]
    agents = _agents(is_serving(conversation.queue_id))
    return asked, _in_order(_coverage(agent, conversation.queue, asked, families) for agent in agents)


def _in_order(found: Iterable[Coverage]) -> list[Coverage]:
    return sorted(found, key=lambda each: (bool(each.lacks), bool(each.waits)))


def _why(source: str) -> str:
    return {
        Source.QUEUE: _("the queue asks for it"),
        Source.LANGUAGE: _("the customer’s language"),
        Source.FLOW: _("a flow asks for it"),
        Source.AGENT: _("an agent added it"),
    }[Source(source)]


def _asked_by(queues: Collection[Queue]) -> dict[UUID, list[Asked]]:
    """What each queue asks for, with the language of most of its customers."""
    asked: dict[UUID, list[Asked]] = {queue.pk: [] for queue in queues}
    for row in QueueSkill.objects.filter(queue__in=asked).select_related("skill").order_by("skill__name"):
        asked[row.queue_id].append(Asked(row.skill, _why(Source.QUEUE), row.expires_after_seconds is not None))
    for skill in _spoken():
        for each in asked.values():
            if skill not in [one.skill for one in each]:
                each.append(Asked(skill, _("customers write it, and “match the customer’s language” is on")))
    return asked


def _spoken() -> list[Skill]:
    """The skill that is the company's language, where routing asks for languages."""
    tenant = current_tenant()
    if tenant is None or not RoutingSettings.load().match_language:
        return []
    return list(skills_of_language(tenant.language))


def _agents(which: Q) -> QuerySet[Agent]:
    living = Agent.objects.filter(which, user__deleted_at=None).select_related("user", "status", "group")
    skills = Prefetch("skills", AgentSkill.objects.select_related("skill"))
    return living.prefetch_related("capacities", skills).order_by("user__first_name", "user__last_name")


def _coverage(agent: Agent, queue: Queue, asked: Collection[Asked], families: Iterable[Family]) -> Coverage:
    held = {row.skill_id for row in agent.skills.all()}
    slots = {Family(row.family): row for row in agent.capacities.all()}
    missing = [each for each in asked if each.skill.pk not in held]
    lacks = [_("doesn’t hold “%s”") % each.skill for each in missing if not each.expires]
    if not agent.user.is_active:
        lacks.append(_("is deactivated"))
    waits = [_("doesn’t hold “%s”, which is asked for a while only") % each.skill for each in missing if each.expires]
    waits += _momentary(agent)
    served = [family for family in families if family in slots and slots[family].limit]
    if not served:
        lacks.append(_("has no slot"))
    elif not any(slots[each].limit > slots[each].used + slots[each].forced + slots[each].awaited for each in served):
        waits.append(_("every slot is taken"))
    return Coverage(agent, queue, lacks, waits)


def _momentary(agent: Agent) -> list[str]:
    """What of the rule of AGT-2 does not hold for an agent now."""
    waits = []
    if not has_live_console(agent):
        waits.append(_("has no console open"))
    if agent.base != Base.AVAILABLE:
        waits.append(_("is “%s”") % agent.status)
    elif agent.is_draining:
        waits.append(_("takes nothing new: away after these"))
    return waits


@dataclass(frozen=True)
class FamilyCoverage:
    """How a queue is served in one channel family.

    Attributes:
        queue: it.
        family: the channel family.
        members: how many serve the queue, by themselves or through their group, whatever their state.
        offered_now: to how many of them a conversation that arrives now would be offered.
        could_ever: to how many it could be offered as things are set up, once they are there and have room.
    """

    queue: Queue
    family: Family
    members: int
    offered_now: int
    could_ever: int


def standings_in_queue(queue: Queue) -> list[Standing]:
    """Everybody who serves a queue, and whether a conversation that arrives now would be offered to them, or why not.

    By channel family, and by name within it; the number of queries does not depend on how many they are.
    """
    terms = terms_of_queue(queue.pk, language_asked())
    return standings(serving_agents(queue.pk), terms, FAMILIES)


def queues_coverage(queues: QuerySet[Queue]) -> list[FamilyCoverage]:
    """How each of some queues is served in each channel family, in one statement for all of them.

    Args:
        queues: which, such as ``Queue.objects.filter(is_active=True)``.
    """
    queue = OuterRef(OuterRef("pk"))
    terms, agents = terms_of_queue(queue, language_asked()), serving_agents(queue)
    counts = {"members": _count(agents)}
    for family in FAMILIES:
        counts[f"now_{family}"] = _count(offerable_now(agents, terms, family))
        counts[f"ever_{family}"] = _count(offerable_ever(agents, terms, family))
    rows: Any = queues.annotate(**counts)
    return [
        FamilyCoverage(row, family, row.members, getattr(row, f"now_{family}"), getattr(row, f"ever_{family}"))
        for row in rows
        for family in FAMILIES
    ]


def _count(agents: QuerySet[Agent]) -> Coalesce:
    counted = agents.order_by().values(every=Value(1)).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
