"""Dispatch: the two entry points of routing (RTE-8).

Every step that assigns takes the fixed order of locks: conversation, then agent, then slot. `conversation_dispatch`
("this conversation needs an agent") and `agent_dispatch` ("this agent has room") both run in a transaction of their
own, after the change that caused them has committed. So of an arrival and a freed slot that happen at the same time,
whichever commits last sees the other: none is missed.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.agents.models import Agent
from apps.agents.selectors import is_ready
from apps.agents.steps import agent_lock
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock
from apps.routing import selectors
from apps.routing.explanation import offer_explanation
from apps.routing.matching import Demand, agent_candidates, best_candidate, demand_of
from apps.routing.models import Offer
from apps.routing.steps.offers import offer_create
from apps.routing.steps.slots import slot_reserve

PATIENCE = 20
"""How often a dispatch gives way to somebody who is ahead before it leaves the rest to the next event."""


def conversation_dispatch(*, conversation_id: UUID, is_head: bool = False) -> Offer | None:
    """This conversation needs an agent: offer it to the best one who can take it now.

    Somebody of a better rank whom that agent could serve goes first: nobody is overtaken (RTE-7).

    Args:
        conversation_id: it.
        is_head: it stands at the head of a line, in which others are likely to stand, too. An arrival is likely alone.

    Returns:
        The offer; nothing when it no longer waits or nobody can take it.
    """
    for _ in range(PATIENCE):
        offer, ahead = _offer_unless_ahead(conversation_id, is_head)
        if ahead is None:
            return offer
        if ahead != conversation_id:
            conversation_dispatch(conversation_id=ahead, is_head=True)
    return None


@transaction.atomic
def _offer_unless_ahead(conversation_id: UUID, is_head: bool) -> tuple[Offer | None, UUID | None]:
    """One try: the offer, or who has to be served before; itself where it has to be tried once more."""
    conversation = conversation_lock(conversation_id)
    if conversation.state != State.WAITING:
        return None, None
    demand = demand_of(conversation, at=timezone.now())
    agent, ahead = _claim_agent(demand, is_head)
    if agent is None:
        return None, ahead
    explanation = offer_explanation(demand, agent)
    return offer_create(conversation, agent, explanation=explanation, rules=demand.rules, skills=demand.skills), None


def agent_dispatch(*, agent_id: UUID) -> int:
    """This agent has room: heads of the lines they serve are offered, to the best agent each, until there is none.

    Returns:
        How many offers were made.
    """
    made = 0
    while (head := selectors.queue_head_for(agent_id, at=timezone.now())) is not None:
        offer = conversation_dispatch(conversation_id=head, is_head=True)
        made += offer is not None
        if offer is not None and offer.agent_id == agent_id and not is_ready(offer.agent.agent):
            break  # That was their last slot of any family.
        if offer is None and _still_waits(head):
            break  # Else somebody has placed it meanwhile; look at the line again.
    return made


def queue_head_dispatch(*, conversation_id: UUID) -> None:
    """Set a line that stood still in motion again: its head is placed, and then whatever its agent has room for."""
    offer = conversation_dispatch(conversation_id=conversation_id, is_head=True)
    if offer is not None:
        agent_dispatch(agent_id=offer.agent_id)


def _still_waits(conversation_id: UUID) -> bool:
    return Conversation.objects.filter(pk=conversation_id, state=State.WAITING).exists()


def _claim_agent(demand: Demand, is_head: bool) -> tuple[Agent | None, UUID | None]:
    """The best agent, locked, with a slot taken; or who waits for that agent with a better rank.

    Agents whom another router is just looking at are passed over at first; when nobody else is left, we wait for them:
    their slot may be free after all, and then nobody else would come back for this conversation. Nobody is waited for
    while another agent is locked: two routers that rank their agents differently would wait in a circle.
    """
    nearest = best_candidate(demand)
    if nearest is not None:
        claimed, ahead = _claim(demand, nearest, is_head)
        # Who was the best a moment ago no longer can: their lock is given up before anybody is waited for.
        return (nearest, None) if claimed else (None, ahead or demand.conversation.pk)
    for agent_id in agent_candidates(demand):
        agent, ahead = _claim_patiently(demand, agent_id, is_head)
        if agent is not None or ahead is not None:
            return agent, ahead
    return None, None


@transaction.atomic
def _claim_patiently(demand: Demand, agent_id: UUID, is_head: bool) -> tuple[Agent | None, UUID | None]:
    """Claim an agent whom somebody else may hold; the lock of one who can't take it goes with the savepoint."""
    agent = agent_lock(agent_id)
    claimed, ahead = _claim(demand, agent, is_head)
    if not claimed:
        transaction.set_rollback(True)
    return agent if claimed else None, ahead


def _claim(demand: Demand, agent: Agent, is_head: bool) -> tuple[bool, UUID | None]:
    """Take a slot of a locked agent who is still ready, unless somebody has to be served before."""
    if not is_ready(agent):
        return False, None
    if not is_head and slot_reserve(demand.conversation, agent, alone=True):
        return True, None
    head = selectors.queue_head_for(agent.pk, at=timezone.now())
    if head not in {None, demand.conversation.pk}:
        return False, head
    return slot_reserve(demand.conversation, agent), None
