"""Offers: made, accepted, rejected, timed out, withdrawn (AGT-6, AGT-7)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.actions import agent_lock, agent_set_idle_away, notice_add
from apps.agents.choices import Cause
from apps.agents.models import Agent
from apps.agents.selectors import can_answer
from apps.conversations.actions import conversation_accept, conversation_offer, conversation_return
from apps.conversations.choices import ReturnCause, Side, State
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_add
from apps.routing import selectors, text
from apps.routing.choices import OfferState, TransferEnd
from apps.routing.events import SlotFreed, TransferEnded
from apps.routing.models import Offer
from apps.routing.steps.offers import offer_auto_accept, offer_close, offer_lock, offer_ring, ringing_offer
from apps.routing.steps.slots import slot_hold_add, slots_release
from apps.routing.steps.transfer_offers import ENDS, transfer_offer_complete, transfer_offer_fail, transfer_offer_return


def offer_create(
    conversation: Conversation, agent: Agent, *, explanation: dict[str, Any], forced: bool = False, opens: bool = False
) -> Offer:
    """Offer a locked, waiting conversation to a locked agent whose slot has been taken for it.

    Args:
        conversation: it.
        agent: who is asked.
        explanation: why they (RTE-10).
        forced: the slot was forced by a supervisor.
        opens: it opens at once, whatever the channel's answer mode: the agent picked it, or was assigned.
    """
    rules = selectors.channel_rules_for(conversation.channel)
    now = timezone.now()
    offer = row_add(
        Offer(
            conversation=conversation,
            agent=agent.user,
            created_at=now,
            expires_at=now + rules.offer_time,
            explanation=explanation,
        )
    )
    slot_hold_add(conversation, agent, forced=forced)
    conversation_offer(conversation=conversation, agent=agent.user)
    if opens or rules.is_auto:
        _open(offer, conversation, None if opens else rules.first_word_due)
    else:
        offer_ring(offer, rules)
    return offer


def _open(offer: Offer, conversation: Conversation, first_word_due: timedelta | None) -> None:
    """Accept in the agent's place; in auto mode a first response to a chat is due (AGT-6)."""
    offer_auto_accept(offer, first_word_due)
    conversation_accept(conversation=conversation, agent=offer.agent, reply_first=first_word_due is not None)


@transaction.atomic
def offer_accept(*, offer_id: UUID, actor: User) -> Conversation:
    """The agent takes the conversation, from its queue or from a colleague (CON-2, XFR-4).

    Accepting what one has accepted already changes nothing.

    Raises:
        DomainError: ``offer_gone`` when it no longer rings, ``not_yours`` when it rings at somebody else.
    """
    offer, conversation = offer_lock(offer_id)
    if offer.agent_id != actor.pk:
        raise DomainError("not_yours", _("This conversation was offered to somebody else."))
    if offer.state == OfferState.ACCEPTED and conversation.agent_id == actor.pk:
        return conversation
    if offer.state != OfferState.RINGING:
        raise DomainError("offer_gone", _("This offer is gone: it was not accepted in time, or the customer left."))
    offer_close(offer, OfferState.ACCEPTED)
    if offer.sender_id is not None:
        return transfer_offer_complete(offer, conversation)
    return conversation_accept(conversation=conversation, agent=actor)


@transaction.atomic
def offer_reject(*, offer_id: UUID, actor: User) -> None:
    """The agent passes, where that is allowed: back to the queue, no change of status (AGT-7).

    A transfer can always be declined: it goes back to its sender (XFR-4).

    Raises:
        DomainError: ``offer_gone``, ``not_yours``, ``reject_not_allowed``.
    """
    offer, conversation = offer_lock(offer_id)
    if offer.agent_id != actor.pk:
        raise DomainError("not_yours", _("This conversation was offered to somebody else."))
    if offer.state != OfferState.RINGING:
        raise DomainError("offer_gone", _("This offer is gone already."))
    if offer.sender_id is None and not selectors.channel_rules_for(conversation.channel).may_reject:
        raise DomainError("reject_not_allowed", _("Offers can't be rejected here."))
    _give_back(offer, conversation, OfferState.REJECTED, ReturnCause.OFFER_REJECTED)
    announce(SlotFreed(actor.pk))


@transaction.atomic
def offer_expire(*, offer_id: UUID, due_at: datetime) -> None:
    """An offer rang in vain: the conversation goes back, returned first, and the agent becomes Away (Idle) (AGT-7).

    A transfer goes back to its sender.

    Args:
        offer_id: the offer.
        due_at: the deadline that is due; an offer answered meanwhile makes it void.
    """
    offer, conversation = offer_lock(offer_id)
    if offer.state != OfferState.RINGING or offer.expires_at != due_at:
        return
    notice_add(agent_id=offer.agent_id, text=text.offer_missed_text(conversation), about=offer.agent_id)
    _give_back(offer, conversation, OfferState.TIMED_OUT, ReturnCause.OFFER_TIMED_OUT)
    agent_set_idle_away(agent_id=offer.agent_id)


@transaction.atomic
def first_response_expire(*, offer_id: UUID, due_at: datetime) -> None:
    """An auto-answered conversation heard nothing from its agent in time: back, and Away (Idle) (AGT-7).

    A transfer goes back to its sender if they can take it now, else to the front of its queue.

    Args:
        offer_id: the offer that opened by itself.
        due_at: the deadline that is due; a first word, or an end, made meanwhile makes it void.
    """
    offer, conversation = offer_lock(offer_id)
    if offer.first_response_due_at != due_at:
        return
    offer.first_response_due_at = None
    mine = conversation.state == State.ACTIVE and conversation.agent_id == offer.agent_id and conversation.reply_first
    owed = mine and selectors.latest_offer(conversation) == offer.pk
    if owed:
        offer.state = OfferState.TIMED_OUT
    offer.save(update_fields=["state", "first_response_due_at"])
    if not owed:
        return
    notice_add(agent_id=offer.agent_id, text=text.first_response_missed_text(conversation), about=offer.agent_id)
    if not transfer_offer_return(offer, conversation):
        conversation_return(conversation=conversation, cause=ReturnCause.NO_FIRST_RESPONSE)
    if offer.sender_id is not None:
        announce(TransferEnded(offer, conversation, TransferEnd.UNANSWERED))
    agent_set_idle_away(agent_id=offer.agent_id, cause=Cause.IDLE)


def agent_offers_withdraw(*, agent_id: UUID) -> int:
    """Take back what rings at an agent who can no longer answer (EDG-1): re-queued, no Away (Idle).

    Returns:
        How many offers were withdrawn.
    """
    ringing = Offer.objects.filter(agent=agent_id, state=OfferState.RINGING).values_list("pk", flat=True)
    return sum(_withdraw(offer_id) for offer_id in list(ringing))


@transaction.atomic
def _withdraw(offer_id: UUID) -> bool:
    offer, conversation = offer_lock(offer_id)
    # The agent may be back by now, or the offer answered: look again under the locks.
    if offer.state != OfferState.RINGING or can_answer(agent_lock(offer.agent_id)):
        return False
    _give_back(offer, conversation, OfferState.WITHDRAWN, ReturnCause.OFFER_WITHDRAWN)
    return True


def offer_withdraw(conversation: Conversation, cause: ReturnCause) -> None:
    """Withdraw what rings of a locked conversation: it waits again. Nothing happens when it does not ring."""
    offer = ringing_offer(conversation)
    if offer is not None:
        notice_add(agent_id=offer.agent_id, text=text.offer_withdrawn_text(conversation), about=conversation.pk)
        _give_back(offer, conversation, OfferState.WITHDRAWN, cause)


def offer_drop(conversation: Conversation, *, ended_by: Side | None = None) -> None:
    """The conversation left while it was offered: its offer is withdrawn. The caller holds the conversation's lock.

    A transfer is dropped by it: nobody gets the conversation (XFR-5). Slots are the caller's to release.

    Args:
        conversation: it.
        ended_by: the side that ended it; none when it went back to its queue.
    """
    offer = ringing_offer(conversation)
    if offer is not None:
        why = text.offer_ended_text(conversation, ended_by) if ended_by else text.transfer_dropped_text(conversation)
        notice_add(agent_id=offer.agent_id, text=why, about=conversation.pk)
        offer_close(offer, OfferState.WITHDRAWN)
        if offer.sender_id is not None:
            announce(TransferEnded(offer, conversation, TransferEnd.DROPPED))


def _give_back(offer: Offer, conversation: Conversation, state: OfferState, cause: ReturnCause) -> None:
    offer_close(offer, state)
    if offer.sender_id is not None:
        return transfer_offer_fail(offer, conversation, ENDS[state])
    slots_release(conversation)
    conversation_return(conversation=conversation, cause=cause)
    return None
