"""What an agent's console is told about offers."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from apps.conversations.subjects import conversation_subject
from apps.queues.choices import Family
from apps.routing.choices import OfferState
from apps.routing.models import ChannelRules, Offer


class OfferView(Struct, frozen=True):
    """An offer as its agent sees it (CON-2).

    Attributes:
        waiting_since: start of its wait in the present queue; none for a transfer, which waits in no queue.
        in_all_since: when its customer first arrived, where that is not the same.
        skills: names of what it asks for.
        sender: the colleague who transfers it; empty for one that comes from its queue.
        note: what they say about it.
        subject: what it is about; empty where its channel has none.
    """

    id: UUID
    conversation: UUID
    customer: str
    channel: Family
    queue: str
    waiting_since: datetime | None
    in_all_since: datetime | None
    created_at: datetime
    expires_at: datetime
    may_reject: bool
    last_line: str
    skills: list[str]
    sender: str = ""
    note: str = ""
    subject: str = ""


class OfferFrame(Struct, frozen=True, tag="offer"):
    """An offer rings."""

    offer: OfferView


class OfferGoneFrame(Struct, frozen=True, tag="offer.gone"):
    """An offer no longer rings, and why: accepted, timed_out, rejected or withdrawn."""

    offer: UUID
    conversation: UUID
    reason: OfferState


def offer_view(offer: Offer, rules: ChannelRules, skills: Mapping[str, str]) -> OfferView:
    """The offer as its agent sees it; needs conversation, contact, queue and sender loaded.

    Args:
        offer: the offer.
        rules: of its channel.
        skills: names by id, of at least those that it asks for: `selectors.offer_skill_names`.
    """
    conversation = offer.conversation
    return OfferView(
        id=offer.pk,
        conversation=conversation.pk,
        customer=conversation.contact.display_name,
        channel=Family(conversation.channel),
        queue=conversation.queue.name,
        waiting_since=None if offer.sender_id else conversation.queue_entered_at,
        in_all_since=conversation.first_arrived_at if offer.sender_id else conversation.in_all_since,
        created_at=offer.created_at,
        expires_at=offer.expires_at,
        # A transfer can always be declined: the sender still has it.
        may_reject=rules.may_reject or offer.sender is not None,
        last_line=conversation.last_line,
        skills=[skills[pk] for pk in offer.explanation.get("skills", ()) if pk in skills],
        sender=offer.sender.public_name if offer.sender else "",
        note=offer.note,
        subject=conversation_subject(conversation),
    )
