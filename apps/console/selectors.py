"""Reads of the console: each with a number of queries that does not grow with what it reads."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import User
from apps.agents.choices import Base, Reserved
from apps.agents.models import Agent, Status
from apps.agents.selectors import selectable_statuses, status_totals
from apps.chat.models import Visitor
from apps.clocks.choices import Stage
from apps.console.arrival import is_preparing
from apps.console.lines import Line, lines_of
from apps.console.reminders import reminders_for
from apps.conversations.choices import OWNED, Side, State
from apps.conversations.models import Conversation, Mark, Message
from apps.conversations.selectors import PAGE, marks_of, messages_before, tray_of
from apps.dispositions.models import Choice
from apps.dispositions.selectors import OfferedSet, sets_for
from apps.routing.frames import OfferView, offer_view
from apps.routing.models import ChannelRules
from apps.routing.selectors import ringing_for

THREAD = 100
"""Lines that a conversation opens with; what is older comes as one scrolls up."""
SYNC_CHARACTERS = 500_000
"""Text that one answer to a sync carries at most: what is left over is named as more, and asked for next."""
EARLIER = 8
"""Earlier conversations that the contact panel lists."""
MARKS = {Stage.DUE: "due", Stage.OVERDUE: "overdue", Stage.IDLE: "idle"}
"""The stages of a reply clock that a card is marked with (CON-1)."""


def agent_of(user_id: UUID) -> Agent | None:
    """The agent that this user is, with user, role and status loaded."""
    return Agent.objects.select_related("user__role", "status").filter(user=user_id).first()


# --- The tray


@dataclass(frozen=True)
class Card:
    """One conversation in the tray (CON-1).

    Attributes:
        stage: how far its reply clock has come; none where the channel has no clocks.
        reminder: what the agent is told of it while their answer is due or overdue (CHAT-11).
    """

    conversation: Conversation
    unread: int
    read: int
    delivered: int
    stage: str | None
    reminder: str

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
    )


def cards_of(user: User) -> QuerySet[Conversation]:
    """The tray's cards, each with `agent_read`, `agent_delivered`, `unread` and the `stage` of its clock (CON-1)."""
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


# --- One conversation


@dataclass(frozen=True)
class Thread:
    """A conversation as the pane and the contact panel show it."""

    conversation: Conversation
    messages: list[Message]
    marks: dict[str, Mark]
    sets: list[OfferedSet]
    choices: list[Choice]
    earlier: list[Conversation]
    visitor: Visitor | None

    @property
    def owes_first_word(self) -> bool:
        """It opened by itself: there is no End until the agent has said something (AGT-6)."""
        return self.conversation.state == State.ACTIVE and self.conversation.reply_first

    @property
    def page(self) -> dict[str, str]:
        """The page the customer's browser was last on, as far as it is known (CHAT-14)."""
        told = self.visitor.page if self.visitor else {}
        return {name: str(told.get(name) or "") for name in ("url", "title", "language", "time_zone")}

    @property
    def length(self) -> timedelta | None:
        """From the acceptance to the end."""
        accepted_at, ended_at = self.conversation.accepted_at, self.conversation.ended_at
        return ended_at - accepted_at if accepted_at and ended_at else None

    @property
    def lines(self) -> list[Line]:
        """The messages as they are shown."""
        return lines_of(self.messages, self.marks)

    @property
    def has_more(self) -> bool:
        """Whether older lines than these exist."""
        return bool(self.messages) and self.messages[0].number > 1


def thread_of(agent: Agent, conversation_id: UUID) -> Thread | None:
    """One of this agent's conversations with all that its pane shows; none when it is not theirs."""
    conversation = (
        Conversation.objects.select_related("contact", "queue", "agent")
        .filter(pk=conversation_id, agent=agent.user)
        .first()
    )
    if conversation is None:
        return None
    wraps_up = conversation.state == State.WRAP_UP
    return Thread(
        conversation=conversation,
        messages=messages_before(conversation.pk, conversation.last_number + 1, limit=THREAD),
        marks=marks_of(conversation.pk),
        sets=sets_for(conversation.queue) if wraps_up else [],
        choices=list(conversation.dispositions.all()) if conversation.state == State.CLOSED else [],
        earlier=_earlier(conversation),
        visitor=Visitor.objects.filter(visits__conversation=conversation).first(),
    )


def _earlier(conversation: Conversation) -> list[Conversation]:
    """The same customer's other conversations, the newest first (CON-5)."""
    others = Conversation.objects.filter(contact=conversation.contact_id).exclude(pk=conversation.pk)
    newest = others.select_related("queue", "agent").prefetch_related("dispositions")
    return list(newest.order_by("-first_arrived_at")[:EARLIER])


def owned(agent_id: UUID, conversation_id: UUID) -> Conversation | None:
    """A conversation that stands in this agent's tray."""
    return Conversation.objects.filter(pk=conversation_id, agent=agent_id, state__in=OWNED).first()


# --- Catching up


@dataclass(frozen=True)
class Missed:
    """What a console did not hold yet (CHAT-10)."""

    conversations: list[Conversation]
    messages: dict[UUID, list[Message]]
    more: list[UUID]
    marks: list[Mark]


def missed_by(agent: Agent, held: dict[UUID, int]) -> Missed:
    """What was added to this agent's conversations after the numbers held, in three queries.

    Args:
        agent: conversations of others are passed over.
        held: the last number held, by conversation.
    """
    mine = list(Conversation.objects.select_related("agent").filter(pk__in=held, agent=agent.user))
    behind = [each for each in mine if each.last_number > held[each.pk]]
    messages: dict[UUID, list[Message]] = {each.pk: [] for each in behind}
    room = SYNC_CHARACTERS
    for message in _lines_after({each.pk: held[each.pk] for each in behind}):
        if room > 0:
            messages[message.conversation_id].append(message)
        room -= len(message.body)
    return Missed(
        conversations=mine,
        messages={pk: lines for pk, lines in messages.items() if lines},
        more=[each.pk for each in behind if each.last_number > held[each.pk] + len(messages[each.pk])],
        marks=list(Mark.objects.filter(conversation__in=mine)),
    )


def _lines_after(held: dict[UUID, int]) -> QuerySet[Message]:
    """Up to a page of lines of each conversation: numbers have no gaps, so the page's end is known beforehand."""
    if not held:
        return Message.objects.none()
    ranges = (Q(conversation=pk, number__gt=number, number__lte=number + PAGE) for pk, number in held.items())
    lines = Message.objects.filter(reduce(or_, ranges))
    return lines.select_related("author").order_by("conversation", "number")


def page_before(agent_id: UUID, conversation_id: UUID, number: int) -> list[Message] | None:
    """The lines before a number; none when the conversation is not this agent's."""
    if not Conversation.objects.filter(pk=conversation_id, agent=agent_id).exists():
        return None
    return messages_before(conversation_id, number, limit=THREAD)
