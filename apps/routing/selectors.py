"""Who serves whom: the two questions that routing asks, and what screens show of it."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from apps.accounts.models import User
from apps.agents.models import Agent, Capacity, Membership
from apps.agents.selectors import offerable
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.queues.choices import Family
from apps.queues.models import Queue
from apps.routing.choices import OfferState
from apps.routing.models import ChannelRules, Offer

LINE = ("priority", F("returned").desc(), "first_arrived_at", "pk")
"""Order of a queue (RTE-7): priority, then returned ones first, then time of first arrival."""


def candidates(conversation: Conversation) -> QuerySet[Agent]:
    """Agents who could be offered this conversation now, the longest idle first (RTE-6, AGT-2).

    Those who have rejected it come last: it rings at them again only when nobody else is left.
    """
    rejected = Offer.objects.filter(conversation=conversation, agent=OuterRef("pk"), state=OfferState.REJECTED)
    members = offerable(Family(conversation.channel)).filter(memberships__queue=conversation.queue_id)
    return members.order_by(Exists(rejected), "idle_since", "pk")


def head_of_line(agent_id: UUID) -> UUID | None:
    """The conversation that this agent should be offered next, if one waits (RTE-7).

    Each of the agent's queues yields its own first by an index, so the cost does not grow with who waits.
    """
    free = Capacity.objects.filter(agent=agent_id, limit__gt=F("used") + F("forced")).values("family")
    first = Conversation.objects.filter(queue=OuterRef("pk"), state=State.WAITING, channel__in=free).order_by(*LINE)
    heads = Queue.objects.filter(memberships__agent=agent_id).values_list(Subquery(first.values("pk")[:1]), flat=True)
    return Conversation.objects.filter(pk__in=heads).order_by(*LINE).values_list("pk", flat=True).first()


def rules_of(family: str) -> ChannelRules:
    """How conversations of a channel family are answered; a family without a row has the defaults."""
    return ChannelRules.objects.filter(family=family).first() or ChannelRules(family=family)


def ringing_for(user: User) -> QuerySet[Offer]:
    """The offers that ring at this agent, the oldest first (CON-2)."""
    offers = Offer.objects.filter(agent=user, state=OfferState.RINGING)
    return offers.select_related("conversation__contact", "conversation__queue").order_by("created_at")


def served_alone(user: User) -> QuerySet[Queue]:
    """The active queues that nobody but this user serves (TEN-7)."""
    others = Membership.objects.filter(queue=OuterRef("pk"), agent__user__is_active=True).exclude(agent=user.pk)
    return Queue.objects.filter(~Exists(others), memberships__agent=user.pk, is_active=True)


def waiting_in(queue: Queue) -> QuerySet[Conversation]:
    """Who has come to a queue and is with nobody yet."""
    return Conversation.objects.filter(queue=queue, state__in=[State.ARRIVED, State.WAITING, State.OFFERED])
