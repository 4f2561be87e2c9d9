"""Routing: who is offered what, and what becomes of an offer.

Every step that assigns takes the fixed order of locks: conversation, then agent, then slot. Two entry points drive it,
`conversation_dispatch` ("this conversation needs an agent") and `agent_dispatch` ("this agent has room"); both run in a
transaction of their own, after the change that caused them has committed. So of an arrival and a freed slot that
happen at the same time, whichever commits last sees the other: none is missed.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.actions import (
    agent_console_expire,
    agent_lock,
    agent_set_idle_away,
    slot_release,
    slot_reserve,
)
from apps.agents.models import Agent
from apps.agents.selectors import is_ready
from apps.conversations.actions import (
    conversation_accept,
    conversation_lock,
    conversation_offer,
    conversation_return,
)
from apps.conversations.choices import ReturnCause, State
from apps.conversations.models import Conversation
from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.queues.choices import Family
from apps.realtime.groups import agent_group
from apps.realtime.publish import publish
from apps.routing import selectors
from apps.routing.choices import OfferState
from apps.routing.frames import OfferFrame, OfferGoneFrame, offer_view
from apps.routing.models import Offer, SlotHold
from apps.timers.actions import wakeup_clear, wakeup_set

OFFER_DEADLINE = "routing.offer"


@transaction.atomic
def conversation_dispatch(*, conversation_id: UUID) -> Offer | None:
    """This conversation needs an agent: offer it to the best one who can take it now (RTE-8).

    Returns:
        The offer; nothing when it no longer waits or nobody can take it.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.state != State.WAITING:
        return None
    agent = _claim_agent(conversation)
    return _offer(conversation, agent) if agent else None


def agent_dispatch(*, agent_id: UUID) -> int:
    """This agent has room: the heads of the lines they serve are offered, to the best agent each, until there is none.

    Returns:
        How many offers were made.
    """
    made = 0
    while (head := selectors.head_of_line(agent_id)) is not None:
        if conversation_dispatch(conversation_id=head) is not None:
            made += 1
        elif not _still_waits(head):
            continue  # Somebody else placed it meanwhile; look at the line again.
        else:
            break
    return made


def line_dispatch(*, conversation_id: UUID) -> None:
    """Set a line that stood still in motion again: its head is placed, and then whatever its agent has room for."""
    offer = conversation_dispatch(conversation_id=conversation_id)
    if offer is not None:
        agent_dispatch(agent_id=offer.agent_id)


def _still_waits(conversation_id: UUID) -> bool:
    return Conversation.objects.filter(pk=conversation_id, state=State.WAITING).exists()


def _claim_agent(conversation: Conversation) -> Agent | None:
    """The best agent, locked, with a slot taken.

    Agents whom another router is just looking at are passed over at first; when nobody else is left, we wait for them:
    their slot may be free after all, and then nobody else would come back for this conversation.
    """
    family = Family(conversation.channel)
    nearest = selectors.candidates(conversation).select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if nearest is not None and slot_reserve(nearest, family):
        return nearest
    for agent_id in list(selectors.candidates(conversation).values_list("pk", flat=True)):
        agent = agent_lock(agent_id)
        if is_ready(agent) and slot_reserve(agent, family):
            return agent
    return None


def _offer(conversation: Conversation, agent: Agent) -> Offer:
    rules = selectors.rules_of(conversation.channel)
    now = timezone.now()
    offer = Offer.objects.create(
        conversation=conversation, agent=agent.user, created_at=now, expires_at=now + rules.offer_time
    )
    SlotHold.objects.create(conversation=conversation, agent=agent, family=conversation.channel, taken_at=now)
    conversation_offer(conversation=conversation, agent=agent.user)
    wakeup_set(kind=OFFER_DEADLINE, object_id=offer.pk, due_at=offer.expires_at)
    publish(OfferFrame(offer=offer_view(offer, rules)), groups=[agent_group(agent.pk)])
    return offer


@transaction.atomic
def offer_accept(*, offer_id: UUID, actor: User) -> Conversation:
    """The agent takes the conversation (CON-2). Accepting what one has accepted already changes nothing.

    Raises:
        DomainError: ``offer_gone`` when it no longer rings, ``not_yours`` when it rings at somebody else.
    """
    offer, conversation = _lock_offer(offer_id)
    if offer.agent_id != actor.pk:
        raise DomainError("not_yours", _("This conversation was offered to somebody else."))
    if offer.state == OfferState.ACCEPTED and conversation.agent_id == actor.pk:
        return conversation
    if offer.state != OfferState.RINGING:
        raise DomainError("offer_gone", _("This offer is gone: it was not accepted in time, or the customer left."))
    _settle(offer, OfferState.ACCEPTED)
    return conversation_accept(conversation=conversation, agent=actor)


@transaction.atomic
def offer_reject(*, offer_id: UUID, actor: User) -> None:
    """The agent passes, where that is allowed: back to the queue, no change of status (AGT-7).

    Raises:
        DomainError: ``offer_gone``, ``not_yours``, ``reject_not_allowed``.
    """
    offer, conversation = _lock_offer(offer_id)
    if offer.agent_id != actor.pk:
        raise DomainError("not_yours", _("This conversation was offered to somebody else."))
    if offer.state != OfferState.RINGING:
        raise DomainError("offer_gone", _("This offer is gone already."))
    if not selectors.rules_of(conversation.channel).may_reject:
        raise DomainError("reject_not_allowed", _("Offers can't be rejected here."))
    _give_back(offer, conversation, OfferState.REJECTED, ReturnCause.OFFER_REJECTED)
    after_commit(agent_dispatch, agent_id=actor.pk)


@transaction.atomic
def offer_expire(*, offer_id: UUID, due_at: datetime) -> None:
    """An offer rang in vain: the conversation goes back, returned first, and the agent becomes Away (Idle) (AGT-7).

    Args:
        offer_id: the offer.
        due_at: the deadline that is due; an offer answered meanwhile makes it void.
    """
    offer, conversation = _lock_offer(offer_id)
    if offer.state != OfferState.RINGING or offer.expires_at != due_at:
        return
    _give_back(offer, conversation, OfferState.TIMED_OUT, ReturnCause.OFFER_TIMED_OUT)
    agent_set_idle_away(agent_id=offer.agent_id)


def offers_withdraw(*, agent_id: UUID) -> int:
    """Take back what rings at an agent who can no longer answer (EDG-1): re-queued, no Away (Idle).

    Returns:
        How many offers were withdrawn.
    """
    ringing = Offer.objects.filter(agent=agent_id, state=OfferState.RINGING).values_list("pk", flat=True)
    return sum(_withdraw(offer_id) for offer_id in list(ringing))


@transaction.atomic
def _withdraw(offer_id: UUID) -> bool:
    offer, conversation = _lock_offer(offer_id)
    # The agent may be back by now, or the offer answered: look again under the locks.
    if offer.state != OfferState.RINGING or is_ready(agent_lock(offer.agent_id)):
        return False
    _give_back(offer, conversation, OfferState.WITHDRAWN, ReturnCause.OFFER_WITHDRAWN)
    return True


@transaction.atomic
def agent_lost(*, agent_id: UUID, due_at: datetime) -> None:
    """A console did not come back in its grace: Offline, and live chats and calls go back, returned first (AGT-9)."""
    live = Conversation.objects.filter(agent=agent_id, state=State.ACTIVE).exclude(channel=Family.EMAIL)
    mine = [conversation_lock(pk) for pk in live.order_by("pk").values_list("pk", flat=True)]
    if not agent_console_expire(agent_id=agent_id, due_at=due_at):
        return
    for conversation in mine:
        if conversation.state == State.ACTIVE and conversation.agent_id == agent_id:
            conversation_return(conversation=conversation, cause=ReturnCause.CONSOLE_LOST)


def offer_drop(conversation: Conversation) -> None:
    """The conversation left while it was offered: its offer is withdrawn. The caller holds the conversation's lock."""
    offer = Offer.objects.filter(conversation=conversation, state=OfferState.RINGING).first()
    if offer is not None:
        _settle(offer, OfferState.WITHDRAWN)


def slots_release(conversation: Conversation) -> None:
    """Give back every slot that is held for a conversation. The caller holds its lock."""
    holds = SlotHold.objects.filter(conversation=conversation).order_by("agent")
    for hold in holds:
        agent = agent_lock(hold.agent_id)
        slot_release(agent, Family(hold.family), forced=hold.forced)
        hold.delete()


def _lock_offer(offer_id: UUID) -> tuple[Offer, Conversation]:
    owner = Offer.objects.filter(pk=offer_id).values_list("conversation", flat=True).first()
    if owner is None:
        raise DomainError("offer_unknown", _("There is no such offer."))
    conversation = conversation_lock(owner)
    # An offer changes only under its conversation's lock.
    return Offer.objects.select_related("agent").get(pk=offer_id), conversation


def _settle(offer: Offer, state: OfferState) -> None:
    offer.state, offer.ended_at = state, timezone.now()
    offer.save(update_fields=["state", "ended_at"])
    wakeup_clear(kind=OFFER_DEADLINE, object_id=offer.pk)
    gone = OfferGoneFrame(offer=offer.pk, conversation=offer.conversation_id, reason=state)
    publish(gone, groups=[agent_group(offer.agent_id)])


def _give_back(offer: Offer, conversation: Conversation, state: OfferState, cause: ReturnCause) -> None:
    _settle(offer, state)
    slots_release(conversation)
    conversation_return(conversation=conversation, cause=cause)
