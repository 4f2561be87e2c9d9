"""Who can take a conversation, and in which order they are asked (RTE-6)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import (
    Avg,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Coalesce

from apps.agents.models import Agent, AgentSkill, Capacity, Membership
from apps.agents.selectors import offerable, serves
from apps.conversations.models import Conversation
from apps.queues.choices import Family, Strategy
from apps.routing.choices import OfferState
from apps.routing.models import Offer, Requirement, Wait


@dataclass(frozen=True)
class Demand:
    """What a waiting conversation asks for at one moment.

    Attributes:
        conversation: it, with its queue.
        skills: ids of the skills that are required and have not expired.
        preferred_only: the window in which only the queue's preferred agents are asked, whatever their skills.
        last_agent_id: who had the customer's conversation before this one, where that agent is asked first.
    """

    conversation: Conversation
    skills: tuple[UUID, ...]
    preferred_only: bool
    last_agent_id: UUID | None

    @property
    def strategy(self) -> Strategy:
        """How the queue chooses."""
        return Strategy(self.conversation.queue.strategy)


def unexpired(at: datetime) -> Q:
    """Requirements that still hold."""
    return Q(expires_at=None) | Q(expires_at__gt=at)


def demand_of(conversation: Conversation, *, at: datetime) -> Demand:
    """What this conversation asks for now; needs `queue` loaded."""
    required = Requirement.objects.filter(unexpired(at), conversation=conversation)
    window = Wait.objects.filter(conversation=conversation, preferred_until__gt=at)
    last_agent_id = None
    if conversation.queue.last_agent_first and conversation.previous_id:
        last_agent_id = Conversation.objects.values_list("agent", flat=True).get(pk=conversation.previous_id)
    return Demand(
        conversation=conversation,
        skills=tuple(required.values_list("skill", flat=True)),
        preferred_only=conversation.queue.preferred_seconds > 0 and window.exists(),
        last_agent_id=last_agent_id,
    )


def candidates(demand: Demand) -> QuerySet[Agent]:
    """Agents who could be offered this conversation now, the best first (AGT-2, RTE-6).

    Those who have rejected it come last: it rings at them again only when nobody else is left.
    """
    conversation = demand.conversation
    able = offerable(Family(conversation.channel)).filter(serves(conversation.queue_id))
    if demand.preferred_only:
        able = able.filter(preferred_in(conversation.queue_id))
    else:
        for skill in demand.skills:
            able = able.filter(Exists(AgentSkill.objects.filter(agent=OuterRef("pk"), skill=skill)))
    rejected = Offer.objects.filter(conversation=conversation, agent=OuterRef("pk"), state=OfferState.REJECTED)
    first = Case(When(pk=demand.last_agent_id, then=Value(0)), default=Value(1)) if demand.last_agent_id else None
    return _ranked(able, demand).order_by(Exists(rejected), *([first] if first else []), *_order(demand))


def preferred_in(queue_id: UUID) -> Exists:
    """Agents whom a queue prefers."""
    return Exists(Membership.objects.filter(agent=OuterRef("pk"), queue=queue_id, is_preferred=True))


def _ranked(able: QuerySet[Agent], demand: Demand) -> QuerySet[Agent]:
    """Annotate what the strategy orders by, and nothing else: each annotation costs a look-up for every candidate."""
    if demand.strategy in {Strategy.BEST_SKILL, Strategy.FEWEST_ACTIVE}:
        load = Capacity.objects.filter(agent=OuterRef("pk")).values("agent")
        able = able.annotate(load=Subquery(load.annotate(n=Sum(F("used") + F("forced"))).values("n")))
    if demand.strategy == Strategy.BEST_SKILL and demand.skills:
        held = AgentSkill.objects.filter(agent=OuterRef("pk"), skill__in=demand.skills).values("agent")
        able = able.annotate(proficiency=Coalesce(Subquery(held.annotate(n=Avg("level")).values("n")), Value(0.0)))
    return able


def _order(demand: Demand) -> list[Combinable | OrderBy]:
    idle: list[Combinable | OrderBy] = [F("idle_since"), F("pk")]
    if demand.strategy == Strategy.BEST_SKILL:
        return [F("proficiency").desc(), F("load"), *idle] if demand.skills else [F("load"), *idle]
    if demand.strategy == Strategy.FEWEST_ACTIVE:
        return [F("load"), *idle]
    if demand.strategy == Strategy.ROUND_ROBIN:
        return [F("last_offered_at").asc(nulls_first=True), *idle]
    return idle
