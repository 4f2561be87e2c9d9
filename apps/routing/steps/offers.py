"""The steps that every offer is made of, whether it comes from a queue or from a colleague."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.agents.models import Agent
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_accept, conversation_lock, conversation_offer
from apps.core.errors import DomainError
from apps.core.rows import row_get, row_save
from apps.core.statements import Parameter, Statement
from apps.realtime.publish import agent_group, publish
from apps.routing import selectors
from apps.routing.choices import OfferState, Refusal
from apps.routing.frames import OfferFrame, OfferGoneFrame, offer_view
from apps.routing.matching import CONVERSATION
from apps.routing.models import ChannelRules, Offer
from apps.timers.models import Wakeup
from apps.timers.steps import new_wakeup, wakeup_clear, wakeup_set

OFFER_DEADLINE = "routing.offer"
FIRST_RESPONSE_DEADLINE = "routing.first_response"


def offer_lock(offer_id: UUID) -> tuple[Offer, Conversation]:
    """An offer and its conversation, which is locked: an offer changes only under that lock.

    Raises:
        DomainError: ``offer_unknown``.
    """
    owner = _CONVERSATION_OF.first(offer=offer_id)
    if owner is None:
        raise DomainError(Refusal.OFFER_UNKNOWN, _("There is no such offer."))
    conversation = conversation_lock(owner)
    return row_get(Offer, offer_id) or Offer.objects.get(pk=offer_id), conversation


def ringing_offer(conversation: Conversation) -> Offer | None:
    """The offer by which a locked conversation rings, from its queue or from a colleague."""
    return _RINGING.first(conversation=conversation.pk)


_CONVERSATION_OF: Statement[UUID] = Statement(
    lambda: Offer.objects.filter(pk=Parameter("offer", UUIDField())).values_list("conversation", flat=True)
)
_RINGING: Statement[Offer] = Statement(
    lambda: Offer.objects.filter(conversation=CONVERSATION, state=OfferState.RINGING)
)


def offer_wakeup(offer: Offer) -> Wakeup:
    """What ends the ringing of a new offer when its time is over; written with it."""
    return new_wakeup(kind=OFFER_DEADLINE, object_id=offer.pk, due_at=offer.expires_at)


def offer_ring(offer: Offer, rules: ChannelRules, skills: Mapping[str, str] | None = None) -> None:
    """Tell its agent that an offer rings.

    Args:
        offer: it.
        rules: of its channel.
        skills: names, by id, of what it asks for, as the caller has just read them; none asks.
    """
    names = selectors.offer_skill_names([offer]) if skills is None else skills
    publish(OfferFrame(offer=offer_view(offer, rules, names)), groups=[agent_group(offer.agent_id)])


def offer_auto_accept(offer: Offer, first_word_due: timedelta | None) -> None:
    """Write down that an offer was accepted in its agent's place, and how soon a first word is due (AGT-6)."""
    offer.state, offer.ended_at = OfferState.ACCEPTED, offer.created_at
    if first_word_due is not None:
        offer.first_response_due_at = offer.created_at + first_word_due
        wakeup_set(kind=FIRST_RESPONSE_DEADLINE, object_id=offer.pk, due_at=offer.first_response_due_at)
    offer.save(update_fields=["state", "ended_at", "first_response_due_at"])


def offer_close(offer: Offer, state: OfferState) -> None:
    """A locked offer rings no longer."""
    offer.state, offer.ended_at = state, timezone.now()
    row_save(offer, ["state", "ended_at"])
    wakeup_clear(kind=OFFER_DEADLINE, object_id=offer.pk)
    gone = OfferGoneFrame(offer=offer.pk, conversation=offer.conversation_id, reason=state)
    publish(gone, groups=[agent_group(offer.agent_id)])


def offer_create(
    conversation: Conversation,
    agent: Agent,
    *,
    explanation: dict[str, Any],
    opens: bool = False,
    rules: ChannelRules | None = None,
    skills: Mapping[str, str] | None = None,
) -> Offer:
    """Offer a locked, waiting conversation to a locked agent whose slot has been taken for it.

    Args:
        conversation: it.
        agent: who is asked.
        explanation: why they (RTE-10).
        opens: it opens at once, whatever the channel's answer mode: the agent picked it, or was assigned.
        rules: of its channel, as the caller has just read them; none asks.
        skills: names, by id, of what it asks for; as `rules`.
    """
    rules = rules or selectors.channel_rules_for(conversation.channel)
    now = timezone.now()
    offer = Offer(
        conversation=conversation,
        agent=agent.user,
        created_at=now,
        expires_at=now + rules.offer_time,
        explanation=explanation,
    )
    rings = not opens and not rules.is_auto
    conversation_offer(
        conversation=conversation, agent=agent.user, beside=[offer, offer_wakeup(offer)] if rings else [offer]
    )
    if not rings:
        _open(offer, conversation, None if opens else rules.first_word_due)
    else:
        offer_ring(offer, rules, skills)
    return offer


def _open(offer: Offer, conversation: Conversation, first_word_due: timedelta | None) -> None:
    """Accept in the agent's place; in auto mode a first response to a chat is due (AGT-6)."""
    offer_auto_accept(offer, first_word_due)
    conversation_accept(conversation=conversation, agent=offer.agent, reply_first=first_word_due is not None)
