"""Who serves whom: the two questions that routing asks, and what screens show of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.choices import Reserved
from apps.agents.models import Agent, AgentSkill, Capacity, Membership
from apps.agents.reach import queues_served_by
from apps.agents.selectors import FREE, has_live_console, is_ready, is_serving
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.conversations.subjects import subject_relations
from apps.core.errors import DomainError
from apps.core.rows import row_get
from apps.core.statements import Among, Statement
from apps.queues.models import Queue, QueueSkill, Skill
from apps.routing.choices import OfferState, Refusal, Trigger
from apps.routing.matching import AGENT, AT, has_required_skills, requirements_unexpired
from apps.routing.models import ChannelRules, Flow, Offer, Requirement

QUEUE_ORDER = ("priority", F("returned").desc(), "first_arrived_at", "pk")
"""Order of a queue (RTE-7): priority, then returned ones first, then time of first arrival."""


def conversations_servable_by(agent_id: Any, *, at: Any) -> QuerySet[Conversation]:
    """Waiting conversations that this agent could be offered at this moment, as far as skills and windows go."""
    preferred = Membership.objects.filter(agent=agent_id, queue=OuterRef("queue"), is_preferred=True)
    in_window = Q(wait__preferred_until__gt=at)
    free = Capacity.objects.filter(FREE, agent=agent_id).values("family")
    waiting = Conversation.objects.filter(state=State.WAITING, channel__in=free)
    able = Q(ignores_skills=True) | Q(has_required_skills(agent_id, OuterRef("pk"), at))
    return waiting.filter((in_window & Exists(preferred)) | (~in_window & able))


def queue_head_for(agent_id: UUID, *, at: datetime) -> UUID | None:
    """The conversation that this agent should be offered next, if one waits (RTE-7).

    Each of the agent's queues yields its own first by an index, so the cost does not grow with who waits.
    """
    return _HEAD.first(agent=agent_id, at=at)


def _head() -> QuerySet[Any, UUID]:
    first = conversations_servable_by(AGENT, at=AT).filter(queue=OuterRef("pk")).order_by(*QUEUE_ORDER).values("pk")[:1]
    heads = ArraySubquery(queues_served_by(AGENT).order_by().values(head=Subquery(first)))
    return Conversation.objects.filter(Among("pk", heads)).order_by(*QUEUE_ORDER).values_list("pk", flat=True)[:1]


_HEAD: Statement[UUID] = Statement(_head)


def flow_for(queue: Queue, trigger: Trigger) -> Flow | None:
    """The flow that a queue runs: one of its own, else the one that serves all (RTE-4)."""
    own = Flow.objects.filter(trigger=trigger, queues=queue).order_by("name").first()
    return own or Flow.objects.filter(trigger=trigger, queues=None).order_by("-is_stock", "name").first()


def latest_offer(conversation: Conversation) -> UUID | None:
    """The newest offer of a conversation."""
    return conversation.offers.order_by("-created_at", "-pk").values_list("pk", flat=True).first()


def offer_refusal(agent: Agent, family: str) -> DomainError | None:
    """What keeps one agent from being given a conversation of this family now: the rule of `offerable_agents` (AGT-2).

    Returns:
        ``not_available`` or ``no_free_slot``, in words for that agent; nothing when they can be given one.
    """
    if not has_live_console(agent):
        return DomainError(Refusal.NOT_AVAILABLE, _("Your console is not connected."))
    if agent.is_draining or (not is_ready(agent) and agent.status.code != Reserved.SYSTEM_BUSY):
        return DomainError(Refusal.NOT_AVAILABLE, _("Choose Available first."))
    if not is_ready(agent) or not Capacity.objects.filter(FREE, agent=agent.pk, family=family).exists():
        return DomainError(Refusal.NO_FREE_SLOT, _("All your slots of this channel are taken."))
    return None


def channel_rules_for(family: str) -> ChannelRules:
    """How conversations of a channel family are answered; a family without a row has the defaults."""
    return row_get(ChannelRules, family) or ChannelRules(family=family)


def offers_ringing_at(user: User) -> QuerySet[Offer]:
    """The offers that ring at this agent, the oldest first (CON-2)."""
    offers = Offer.objects.filter(agent=user, state=OfferState.RINGING)
    shown = ("conversation__contact", "conversation__queue", "sender")
    return offers.select_related(*shown, *subject_relations("conversation__")).order_by("created_at")


def ringing_transfer(conversation_id: UUID) -> Offer | None:
    """The offer by which an agent's conversation rings at a colleague: until it is settled nothing else happens to it.

    Snoozing, ending or transferring it once more are refused meanwhile (XFR-4).
    """
    ringing = Offer.objects.filter(conversation=conversation_id, state=OfferState.RINGING, sender__isnull=False)
    return ringing.select_related("agent").first()


def refuse_while_transferring(conversation_id: UUID) -> None:
    """What an agent does to a conversation that rings at a colleague waits until that is settled.

    Raises:
        DomainError: ``transfer_pending``.
    """
    offer = ringing_transfer(conversation_id)
    if offer is not None:
        message = _("This conversation is being transferred to %(agent)s: cancel the transfer first.")
        raise DomainError(Refusal.TRANSFER_PENDING, message % {"agent": offer.agent.public_name})


def conversation_skills(conversation_id: UUID, *, at: datetime) -> QuerySet[Requirement]:
    """The skills that a conversation asks for, with their groups, by name (RTE-1)."""
    required = Requirement.objects.filter(requirements_unexpired(at), conversation=conversation_id)
    return required.select_related("skill__group").order_by("skill__name", "skill__group__name")


def offer_skill_names(offers: Iterable[Offer]) -> dict[str, str]:
    """The names of the skills that these offers ask for, by id: one query, or none where none asks for any."""
    ids = {pk for offer in offers for pk in offer.explanation.get("skills", ())}
    if not ids:
        return {}
    return {str(pk): name for pk, name in Skill.objects.filter(pk__in=ids).values_list("pk", "name")}


def queues_served_alone(user: User) -> QuerySet[Queue]:
    """The active queues that nobody but this user serves (TEN-7)."""
    others = Agent.objects.filter(is_serving(OuterRef(OuterRef("pk"))), user__is_active=True).exclude(pk=user.pk)
    return queues_served_by(user.pk).filter(~Exists(others), is_active=True)


def queues_unserved(queues: QuerySet[Queue]) -> QuerySet[Queue]:
    """Those of some queues that take conversations and that nobody serves who may sign in (RTE-2)."""
    direct = Membership.objects.filter(queue=OuterRef("pk"), agent__user__is_active=True)
    through = Agent.objects.filter(group__memberships__queue=OuterRef("pk"), user__is_active=True)
    return queues.filter(~Exists(direct), ~Exists(through), is_active=True)


def skills_unheld(skills: QuerySet[Skill]) -> QuerySet[Skill]:
    """Those of some skills that nobody holds who may sign in; `is_asked` says whether a queue asks for it."""
    holders = AgentSkill.objects.filter(skill=OuterRef("pk"), agent__user__is_active=True)
    asking = QueueSkill.objects.filter(skill=OuterRef("pk"), queue__is_active=True)
    return skills.filter(~Exists(holders)).annotate(is_asked=Exists(asking))


def conversations_waiting_in(queue: Queue) -> QuerySet[Conversation]:
    """Who has come to a queue and is with nobody yet."""
    return Conversation.objects.filter(queue=queue, state__in=[State.WAITING, State.OFFERED])
