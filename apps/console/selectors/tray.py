"""The tray: status, offers, cards, and the digest that stands for them all."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left
from django.utils import timezone

from apps.accounts.models import User
from apps.agents.choices import Base, Reserved
from apps.agents.models import Agent, Status
from apps.agents.selectors import selectable_statuses, status_totals
from apps.clocks.choices import Stage
from apps.console.arrival import is_preparing
from apps.console.reminders import reminders_for
from apps.conversations.choices import Side, State
from apps.conversations.models import Conversation, Mark, Message
from apps.conversations.selectors import tray_of
from apps.responses.selectors import drafts_of
from apps.routing.frames import OfferView, offer_view
from apps.routing.models import ChannelRules
from apps.routing.selectors import ringing_for

MARKS = {Stage.DUE: "due", Stage.OVERDUE: "overdue", Stage.IDLE: "idle"}
"""The stages of a reply clock that a card is marked with (CON-1)."""
DRAFT_SHOWN = 120
"""Characters of a draft that a card has room for, and then some."""


def agent_of(user_id: UUID) -> Agent | None:
    """The agent that this user is, with user, role and status loaded."""
    return Agent.objects.select_related("user__role", "status").filter(user=user_id).first()


@dataclass(frozen=True)
class Card:
    """One conversation in the tray (CON-1).

    Attributes:
        stage: how far its reply clock has come; none where the channel has no clocks.
        reminder: what the agent is told of it while their answer is due or overdue (CHAT-11).
        draft: how what they have begun to write in it begins.
    """

    conversation: Conversation
    unread: int
    read: int
    delivered: int
    stage: str | None
    reminder: str
    draft: str

    @property
    def waits_since(self) -> datetime | None:
        """Since when this agent owes the customer an answer."""
        since, accepted_at = self.conversation.unanswered_since, self.conversation.accepted_at
        return max(since, accepted_at) if since and accepted_at else since

    @property
    def mark(self) -> str:
        """Due, overdue, idle or nothing, as the reply clock says (CON-1)."""
        return MARKS.get(Stage(self.stage), "") if self.stage else ""


@dataclass(frozen=True)
class Tray:
    """What stands in the tray: status, offers, cards; and the digest that stands for it all."""

    agent: Agent
    cards: list[Card]
    offers: list[OfferView]
    statuses: list[Status]
    today: dict[str, timedelta]
    digest: str

    @property
    def is_available(self) -> bool:
        """Whether conversations may ring here."""
        return self.agent.base == Base.AVAILABLE

    @property
    def may_drain(self) -> bool:
        """Whether "Away after these" makes a difference: there is something to finish, and more could come (AGT-5)."""
        return bool(self.cards) and (self.is_available or self.agent.status.code == Reserved.SYSTEM_BUSY)

    @property
    def stays_away(self) -> bool:
        """Whether it has to be said that this agent is Away until they change it (AGT-4)."""
        return self.agent.base == Base.AWAY and not self.agent.is_draining and not is_preparing(self.agent)


def tray_for(agent: Agent) -> Tray:
    """The whole tray, in five queries, and one more where an answer is due."""
    rows, offers = list(cards_of(agent.user)), offers_for(agent)
    reminders = reminders_for(agent.user, rows)
    cards = [_card(row, reminders.get(row.pk, "")) for row in rows]
    now = timezone.localtime()
    return Tray(
        agent=agent,
        cards=cards,
        offers=offers,
        statuses=list(selectable_statuses()),
        today=status_totals(agent.pk, since=now.replace(hour=0, minute=0, second=0, microsecond=0), until=now),
        digest=_digest(
            agent,
            ((c.conversation.pk, c.conversation.version, c.conversation.last_number, c.read, c.stage) for c in cards),
            (offer.id for offer in offers),
        ),
    )


def _card(row: Any, reminder: str) -> Card:
    return Card(
        conversation=row,
        unread=row.unread,
        read=row.agent_read,
        delivered=row.agent_delivered,
        stage=row.stage,
        reminder=reminder,
        draft=row.draft or "",
    )


def cards_of(user: User) -> QuerySet[Conversation]:
    """The tray's cards, each with `agent_read`, `agent_delivered`, `unread`, `draft`, and its clock's `stage`."""
    mark = Mark.objects.filter(conversation=OuterRef("pk"), side=Side.AGENT)
    unread = (
        Message.objects.filter(conversation=OuterRef("pk"), side=Side.CUSTOMER, number__gt=OuterRef("agent_read"))
        .order_by()
        .values("conversation")
        .annotate(lines=Count("pk"))
        .values("lines")
    )
    owned = tray_of(user).select_related("contact", "queue", "reply_clock")
    return owned.annotate(
        stage=F("reply_clock__stage"),
        draft=Subquery(drafts_of(OuterRef("pk"), user.pk).values(start=Left("body", DRAFT_SHOWN))),
        agent_read=Coalesce(Subquery(mark.values("read")), 0),
        agent_delivered=Coalesce(Subquery(mark.values("delivered")), 0),
        unread=Coalesce(Subquery(unread), 0),
    )


def live_of(user: User) -> int:
    """How many conversations would be left if this agent went away now (AGT-5)."""
    return Conversation.objects.filter(agent=user, state=State.ACTIVE).count()


def digest_for(agent: Agent) -> str:
    """What the tray and its offers stand for now, in two queries: the same as `Tray.digest`."""
    cards = cards_of(agent.user).values_list("pk", "version", "last_number", "agent_read", "stage")  # type: ignore[misc]
    return _digest(agent, cards, ringing_for(agent.user).values_list("pk", flat=True))


def _digest(agent: Agent, cards: Iterable[tuple[Any, ...]], offers: Iterable[UUID]) -> str:
    """A word that changes when anything that the tray shows has changed."""
    parts = [f"{agent.status_id} {agent.status_since.isoformat()} {agent.is_draining}"]
    parts += [" ".join(map(str, card)) for card in cards]
    parts += [f"offer {offer}" for offer in offers]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def offers_for(agent: Agent) -> list[OfferView]:
    """What rings at this agent, the oldest first (CON-2), in two queries."""
    rules = {rule.family: rule for rule in ChannelRules.objects.all()}
    return [
        offer_view(offer, rules.get(offer.conversation.channel) or ChannelRules(family=offer.conversation.channel))
        for offer in ringing_for(agent.user)
    ]
