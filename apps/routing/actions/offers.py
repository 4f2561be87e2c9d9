"""Offers: made, accepted, rejected, timed out, withdrawn (AGT-6, AGT-7)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.actions import agent_set_idle_away
from apps.agents.choices import Cause
from apps.agents.selectors import can_answer
from apps.agents.steps import agent_lock, notice_add
from apps.conversations.choices import ReturnCause, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_accept, conversation_return
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.routing import selectors, text
from apps.routing.choices import OfferState, Refusal, TransferEnd
from apps.routing.events import SlotFreed, TransferEnded
from apps.routing.models import Offer
from apps.routing.steps.offer_ends import offer_give_back
from apps.routing.steps.offers import offer_close, offer_lock
from apps.routing.steps.transfer_offers import transfer_offer_complete, transfer_offer_return


@transaction.atomic
def offer_accept(*, offer_id: UUID, actor: User) -> Conversation:
    """The agent takes the conversation, from its queue or from a colleague (CON-2, XFR-4).

    Accepting what one has accepted already changes nothing.

    Raises:
        DomainError: ``offer_gone`` when it no longer rings, ``not_yours`` when it rings at somebody else.
    """
    offer, conversation = offer_lock(offer_id)
    if offer.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation was offered to somebody else."))
    if offer.state == OfferState.ACCEPTED and conversation.agent_id == actor.pk:
        return conversation
    if offer.state != OfferState.RINGING:
        raise DomainError(
            Refusal.OFFER_GONE, _("This offer is gone: it was not accepted in time, or the customer left.")
        )
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
        raise DomainError(Refusal.NOT_YOURS, _("This conversation was offered to somebody else."))
    if offer.state != OfferState.RINGING:
        raise DomainError(Refusal.OFFER_GONE, _("This offer is gone already."))
    if offer.sender_id is None and not selectors.channel_rules_for(conversation.channel).may_reject:
        raise DomainError(Refusal.REJECT_NOT_ALLOWED, _("Offers can't be rejected here."))
    offer_give_back(offer, conversation, OfferState.REJECTED, ReturnCause.OFFER_REJECTED)
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
    offer_give_back(offer, conversation, OfferState.TIMED_OUT, ReturnCause.OFFER_TIMED_OUT)
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
    offer_give_back(offer, conversation, OfferState.WITHDRAWN, ReturnCause.OFFER_WITHDRAWN)
    return True
