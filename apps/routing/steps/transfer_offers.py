"""Transfers to an agent: an offer that rings at a colleague while the sender keeps segment and slot (XFR-4)."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.agents.selectors import is_ready
from apps.agents.steps import agent_lock, notice_add
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_raise_version, conversation_reassign
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import rows_add
from apps.routing import selectors, text
from apps.routing.choices import OfferState, Refusal, TransferEnd
from apps.routing.events import SlotFreed, TransferEnded
from apps.routing.models import Offer
from apps.routing.steps.offers import offer_auto_accept, offer_close, offer_ring, offer_wakeup
from apps.routing.steps.slots import slot_reserve, slots_release

ENDS = {
    OfferState.TIMED_OUT: TransferEnd.TIMED_OUT,
    OfferState.REJECTED: TransferEnd.DECLINED,
    OfferState.WITHDRAWN: TransferEnd.UNREACHABLE,
}
"""What an offer that was not accepted means for the transfer."""


def transfer_offer_create(conversation: Conversation, *, receiver_id: UUID, sender: User, note: str) -> Offer:
    """Offer a locked, active conversation of the sender's to a colleague who can take it now (AGT-2, XFR-4).

    It rings; in auto mode it opens at once (EDG-3).

    Raises:
        DomainError: ``agent_unknown``, ``agent_not_available``, ``no_free_slot``.
    """
    rules = selectors.channel_rules_for(conversation.channel)
    receiver = _lock_both(receiver_id, sender.pk) if rules.is_auto else agent_lock(receiver_id)
    if not is_ready(receiver):
        raise DomainError(
            Refusal.AGENT_NOT_AVAILABLE,
            _("%(agent)s is not available any more.") % {"agent": receiver.user.public_name},
        )
    if not slot_reserve(conversation, receiver):
        raise DomainError(
            Refusal.NO_FREE_SLOT, _("%(agent)s has no free slot any more.") % {"agent": receiver.user.public_name}
        )
    now = timezone.now()
    skills = [str(row.skill_id) for row in selectors.conversation_skills(conversation.pk, at=now)]
    offer = Offer(
        conversation=conversation,
        agent=receiver.user,
        sender=sender,
        note=note,
        created_at=now,
        expires_at=now + rules.offer_time,
        explanation={"by_hand": "transferred", "by": str(sender.pk), "skills": skills},
    )
    rows_add([offer] if rules.is_auto else [offer, offer_wakeup(offer)])
    if rules.is_auto:
        offer_auto_accept(offer, rules.first_word_due)
        transfer_offer_complete(offer, conversation, reply_first=rules.first_word_due is not None)
    else:
        offer_ring(offer, rules)
        conversation_raise_version(conversation=conversation)
    return offer


def transfer_offer_cancel(conversation: Conversation) -> bool:
    """The sender of a locked conversation cancels its transfer.

    Returns:
        Whether one rang.
    """
    offer = selectors.ringing_transfer(conversation.pk)
    if offer is None:
        return False
    offer_close(offer, OfferState.WITHDRAWN)
    if offer.sender is not None:
        notice_add(
            agent_id=offer.agent_id,
            text=text.transfer_cancelled_text(conversation, offer.sender),
            about=conversation.pk,
        )
    transfer_offer_fail(offer, conversation, TransferEnd.CANCELLED)
    announce(SlotFreed(offer.agent_id))
    return True


def transfer_offer_complete(offer: Offer, conversation: Conversation, *, reply_first: bool = False) -> Conversation:
    """The receiver has accepted: the conversation is theirs, and the sender's slot is free."""
    sender_id = conversation.agent_id
    conversation_reassign(conversation=conversation, agent=offer.agent, reply_first=reply_first)
    if sender_id is not None:
        slots_release(conversation, of=sender_id)
        announce(SlotFreed(sender_id))
    announce(TransferEnded(offer, conversation, TransferEnd.ACCEPTED))
    return conversation


def transfer_offer_fail(offer: Offer, conversation: Conversation, end: TransferEnd) -> None:
    """A transfer that was settled without acceptance: the sender has the conversation as before."""
    slots_release(conversation, of=offer.agent_id)
    conversation_raise_version(conversation=conversation)
    announce(TransferEnded(offer, conversation, end))


def transfer_offer_return(offer: Offer, conversation: Conversation) -> bool:
    """A transfer that opened by itself heard nothing in time: back to its sender, if they can take it now (AGT-7).

    Returns:
        Whether the sender has it again; otherwise it still is where it was.
    """
    if offer.sender_id is None:
        return False
    sender = _lock_both(offer.sender_id, offer.agent_id)
    if not is_ready(sender) or not slot_reserve(conversation, sender):
        return False
    conversation_reassign(conversation=conversation, agent=sender.user)
    slots_release(conversation, of=offer.agent_id)
    return True


def _lock_both(agent_id: UUID, other_id: UUID) -> Agent:
    """The first of two agents, both locked; in one order everywhere, so that two transfers never wait in a circle."""
    locked = {pk: agent_lock(pk) for pk in sorted((agent_id, other_id))}
    return locked[agent_id]
