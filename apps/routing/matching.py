"""Who can take a conversation, and in which order they are asked (RTE-6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.lookups import ContainedBy
from django.db.models import (
    Avg,
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    UUIDField,
    Value,
    When,
)
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Coalesce, JSONObject

from apps.agents.models import Agent, AgentSkill, Capacity, Membership
from apps.agents.selectors import is_serving, offerable_agents
from apps.conversations.choices import SegmentKind
from apps.conversations.models import Conversation, Segment
from apps.core.statements import Parameter, Statement
from apps.queues.choices import Strategy
from apps.routing.choices import OfferState
from apps.routing.models import ChannelRules, Offer, Requirement, Wait


@dataclass(frozen=True)
class Demand:
    """What a waiting conversation asks for at one moment.

    Attributes:
        conversation: it, with its queue.
        at: the moment.
        skills: names, by id, of the skills that are required and have not expired; none after a transfer that ignores
            them.
        preferred_only: the window in which only the queue's preferred agents are asked, whatever their skills.
        last_agent_id: who had the customer's conversation before this one, where that agent is asked first.
        rules: how its channel is answered.
    """

    conversation: Conversation
    at: datetime
    skills: Mapping[str, str]
    preferred_only: bool
    last_agent_id: UUID | None
    rules: ChannelRules

    @property
    def strategy(self) -> Strategy:
        """How the queue chooses."""
        return Strategy(self.conversation.queue.strategy)


def requirements_unexpired(at: Any) -> Q:
    """Requirements that still hold: those that no agent has removed and that have not expired."""
    return Q(is_removed=False) & (Q(expires_at=None) | Q(expires_at__gt=at))


def demand_of(conversation: Conversation, *, at: datetime) -> Demand:
    """What a locked conversation asks for now, in one statement; its queue and its contact are loaded along.

    Not with the lock: what whoever held it before has changed beside the row would be seen as it was.
    """
    asked: Any = _DEMAND.first(conversation=conversation.pk, at=at)
    conversation.queue, conversation.contact = queue, _ = asked.queue, asked.contact
    # Who goes on after an end meets the same agent first, whatever the queue's switch says (WRP-8).
    last_first = conversation.goes_on or queue.last_agent_first
    return Demand(
        conversation=conversation,
        at=at,
        skills={} if conversation.ignores_skills else {each["id"]: each["name"] for each in asked.required},
        preferred_only=queue.preferred_seconds > 0 and asked.in_window,
        last_agent_id=asked.last_agent if last_first else None,
        rules=ChannelRules(**asked.rules) if asked.rules else ChannelRules(family=conversation.channel),
    )


def best_candidate(demand: Demand) -> Agent | None:
    """The best agent who could be offered this conversation now and whom no other router is looking at, locked."""
    found: Agent | None = _best(*_shape(demand)).first(**_given(demand))
    return found


def agent_candidates(demand: Demand) -> list[UUID]:
    """The keys of all agents who could be offered this conversation now, the best first (AGT-2, RTE-6).

    Those who have rejected it, or had it and passed it on, come last: it rings at them again only when nobody else is
    left.
    """
    found: list[UUID] = _all(*_shape(demand)).all(**_given(demand))
    return found


def has_required_skills(agent: Any, conversation: Any, at: Any) -> Combinable:
    """Whether an agent holds every skill that a conversation requires at this moment.

    By arrays: of the two, the one that does not change from row to row is read once, and the other by an index. Asked
    as a missing row, PostgreSQL gathers every requirement of the tenant first. Within a CASE it takes every other row
    for one that fits, and so reads a line in its order until the first; else it takes next to none for one, and sorts.

    Args:
        agent: the agent's key, or ``OuterRef("pk")`` in a query of agents.
        conversation: the conversation's key, or ``OuterRef("pk")`` in a query of conversations.
        at: the moment.
    """
    required = Requirement.objects.filter(requirements_unexpired(at), conversation=conversation).values("skill")
    return holds_skills(agent, required)


def holds_skills(agent: Any, required: QuerySet[Any, Any]) -> Combinable:
    """Whether an agent holds every one of some skills, as `has_required_skills` asks it.

    Args:
        agent: the agent's key, or ``OuterRef("pk")`` in a query of agents.
        required: the keys of the skills.
    """
    held = AgentSkill.objects.filter(agent=agent).values("skill")
    met: Any = ContainedBy(ArraySubquery(required), ArraySubquery(held))
    return Case(When(met, then=Value(True)), default=Value(False), output_field=BooleanField())


def is_preferred_in(queue_id: Any) -> Exists:
    """Agents whom a queue prefers."""
    return Exists(Membership.objects.filter(agent=OuterRef("pk"), queue=queue_id, is_preferred=True))


CONVERSATION, QUEUE, AGENT = (Parameter(name, UUIDField()) for name in ("conversation", "queue", "agent"))
FAMILY, AT = Parameter("family", CharField()), Parameter("at", DateTimeField())

RULES = JSONObject(**{field.attname: field.attname for field in ChannelRules._meta.concrete_fields})  # noqa: SLF001


def _demand() -> QuerySet[Conversation]:
    required = Requirement.objects.filter(requirements_unexpired(AT), conversation=CONVERSATION)
    return (
        Conversation.objects.filter(pk=CONVERSATION)
        .select_related("queue", "contact")
        .only("queue", "contact")
        .annotate(
            required=ArraySubquery(required.values(asked=JSONObject(id="skill", name="skill__name"))),
            in_window=Exists(Wait.objects.filter(conversation=CONVERSATION, preferred_until__gt=AT)),
            last_agent=F("previous__agent"),
            rules=Subquery(ChannelRules.objects.filter(family=OuterRef("channel")).values(row=RULES)),
        )
    )


_DEMAND: Statement[Conversation] = Statement(_demand)

Shape = tuple[Strategy, bool, bool, bool, bool]
"""What makes the question another one, and not only its values: the strategy, whether skills are required, whether only
preferred agents are asked, whether the last agent comes first, whether those who had the conversation come last."""


def _shape(demand: Demand) -> Shape:
    # It came from an agent's hands into this queue, and not because they lost it.
    passed_on = demand.conversation.accepted_at is not None and not demand.conversation.returned
    last_first = demand.last_agent_id is not None
    return demand.strategy, bool(demand.skills), demand.preferred_only, last_first, passed_on


def _given(demand: Demand) -> dict[str, Any]:
    conversation = demand.conversation
    return {
        "conversation": conversation.pk,
        "queue": conversation.queue_id,
        "family": conversation.channel,
        "at": demand.at,
        "agent": demand.last_agent_id,
    }


@cache
def _best(
    strategy: Strategy, skilled: bool, preferred_only: bool, last_first: bool, passed_on: bool
) -> Statement[Agent]:
    def build() -> QuerySet[Agent]:
        able = _able(strategy, skilled, preferred_only, last_first, passed_on).select_related("user", "status")
        return able.select_for_update(of=("self",), no_key=True, skip_locked=True)[:1]

    return Statement(build)


@cache
def _all(strategy: Strategy, skilled: bool, preferred_only: bool, last_first: bool, passed_on: bool) -> Statement[UUID]:
    return Statement(
        lambda: _able(strategy, skilled, preferred_only, last_first, passed_on).values_list("pk", flat=True)
    )


def _able(
    strategy: Strategy, skilled: bool, preferred_only: bool, last_first: bool, passed_on: bool
) -> QuerySet[Agent]:
    able = offerable_agents(FAMILY).filter(is_serving(QUEUE))
    if preferred_only:
        able = able.filter(is_preferred_in(QUEUE))
    elif skilled:
        able = able.filter(has_required_skills(OuterRef("pk"), CONVERSATION, AT))
    rejected = Offer.objects.filter(conversation=CONVERSATION, agent=OuterRef("pk"), state=OfferState.REJECTED)
    back: list[Any] = [Exists(rejected)]
    if passed_on:
        stays = Segment.objects.filter(conversation=CONVERSATION, agent=OuterRef("pk"), kind=SegmentKind.AGENT)
        back.append(Exists(stays))
    last = [Case(When(pk=AGENT, then=Value(0)), default=Value(1))] if last_first else []
    return _ranked(able, strategy, skilled).order_by(*back, *last, *_order(strategy, skilled))


def _ranked(able: QuerySet[Agent], strategy: Strategy, skilled: bool) -> QuerySet[Agent]:
    """Annotate what the strategy orders by, and nothing else: each annotation costs a look-up for every candidate."""
    if strategy in {Strategy.BEST_SKILL, Strategy.FEWEST_ACTIVE}:
        load = Capacity.objects.filter(agent=OuterRef("pk")).values("agent")
        able = able.annotate(load=Subquery(load.annotate(n=Sum(F("used") + F("forced"))).values("n")))
    if strategy == Strategy.BEST_SKILL and skilled:
        required = Requirement.objects.filter(requirements_unexpired(AT), conversation=CONVERSATION).values("skill")
        held = AgentSkill.objects.filter(agent=OuterRef("pk"), skill__in=required).values("agent")
        able = able.annotate(proficiency=Coalesce(Subquery(held.annotate(n=Avg("level")).values("n")), Value(0.0)))
    return able


def _order(strategy: Strategy, skilled: bool) -> list[Combinable | OrderBy]:
    idle: list[Combinable | OrderBy] = [F("idle_since"), F("pk")]
    if strategy == Strategy.BEST_SKILL:
        return [F("proficiency").desc(), F("load"), *idle] if skilled else [F("load"), *idle]
    if strategy == Strategy.FEWEST_ACTIVE:
        return [F("load"), *idle]
    if strategy == Strategy.ROUND_ROBIN:
        return [F("last_offered_at").asc(nulls_first=True), *idle]
    return idle


for _usual in Strategy:
    _best(_usual, False, False, False, False)  # Known, and so compiled when a process starts.
