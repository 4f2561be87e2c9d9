"""Offers that end without being accepted. The caller holds the conversation's lock."""

from apps.agents.steps import notice_add
from apps.conversations.choices import ReturnCause, Side
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_return
from apps.core.events import announce
from apps.routing import text
from apps.routing.choices import OfferState, TransferEnd
from apps.routing.events import TransferEnded
from apps.routing.models import Offer
from apps.routing.steps.offers import offer_close, ringing_offer
from apps.routing.steps.slots import slots_release
from apps.routing.steps.transfer_offers import ENDS, transfer_offer_fail


def offer_withdraw(conversation: Conversation, cause: ReturnCause) -> None:
    """Withdraw what rings of a locked conversation: it waits again. Nothing happens when it does not ring."""
    offer = ringing_offer(conversation)
    if offer is not None:
        notice_add(agent_id=offer.agent_id, text=text.offer_withdrawn_text(conversation), about=conversation.pk)
        offer_give_back(offer, conversation, OfferState.WITHDRAWN, cause)


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


def offer_give_back(offer: Offer, conversation: Conversation, state: OfferState, cause: ReturnCause) -> None:
    """An offer that rings is not accepted: back to its queue, a transfer to its sender.

    Args:
        offer: it.
        conversation: its conversation, locked.
        state: what became of the offer.
        cause: why the conversation returns to its queue.
    """
    offer_close(offer, state)
    if offer.sender_id is not None:
        return transfer_offer_fail(offer, conversation, ENDS[state])
    slots_release(conversation)
    conversation_return(conversation=conversation, cause=cause)
    return None
