"""The tray: status, offers, cards, and the digest that stands for them all."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce, JSONObject, Left
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.agents.choices import Base, Reserved
from apps.agents.models import Agent, Status
from apps.agents.selectors import selectable_statuses, status_totals
from apps.clocks.choices import Stage
from apps.console.arrival import is_preparing
from apps.console.choices import Order, Show
from apps.console.models import Preferences
from apps.console.reminders import reminders_for
from apps.console.snoozing import snoozed_words
from apps.console.trayview import TrayView, belongs
from apps.conversations.choices import Side, State
from apps.conversations.models import Conversation, Mark, Message, Segment
from apps.conversations.selectors import tray_of
from apps.email.outgoing import begun_in
from apps.responses.selectors import drafts_of
from apps.routing.frames import OfferView, offer_view
from apps.routing.matching import unexpired
from apps.routing.models import ChannelRules, Requirement
from apps.routing.selectors import ringing_for, skills_asked
from apps.snooze.selectors import Snoozes, snoozes_of

MARKS = {Stage.DUE: "due", Stage.OVERDUE: "overdue", Stage.IDLE: "idle"}
"""The stages of a reply clock that a card is marked with (CON-1)."""
DRAFT_SHOWN = 120
"""Characters of a draft that a card has room for, and then some."""

SKILLS = 2
"""Skills that a card has room for; the rest is counted."""


def agent_of(user_id: UUID) -> Agent | None:
    """The agent that this user is, with user, role, status and what they chose for their console loaded."""
    related = Agent.objects.select_related("user__role", "user__console_preferences", "status")
    return related.filter(user=user_id).first()


def preferences_of(agent: Agent) -> Preferences:
    """What this agent has chosen for their console, else the defaults."""
    try:
        return agent.user.console_preferences
    except Preferences.DoesNotExist:
        return Preferences(user=agent.user)


@dataclass(frozen=True)
class Card:
    """One conversation in the tray (CON-1).

    Attributes:
        taken_at: since when this agent has it.
        stage: how far its reply clock has come; none where the channel has no clocks.
        reminder: what the agent is told of it while their answer is due or overdue (CHAT-11).
        draft: how what they have begun to write in it begins.
        skills: what it asks for, each with `name` and `colour`.
        snoozes: all the times that it was snoozed, while it is.
        subject: of mails; empty of others.
    """

    conversation: Conversation
    unread: int
    read: int
    delivered: int
    taken_at: datetime
    stage: str | None
    reminder: str
    draft: str
    skills: list[dict[str, str]]
    snoozes: Snoozes
    subject: str = ""

    @property
    def is_asleep(self) -> bool:
        """Whether it stands at the foot, with the moon."""
        return self.conversation.state == State.SNOOZED

    @property
    def sleeps_until(self) -> datetime | None:
        """When it wakes, or stops to wait for a free slot."""
        return self.snoozes.open.due_at if self.snoozes.open else None

    @property
    def snoozed_words(self) -> str:
        """Its length, its end, and how often it was snoozed (CON-1)."""
        return snoozed_words(self.snoozes)

    @property
    def waits_since(self) -> datetime | None:
        """Since when this agent owes the customer an answer."""
        since = self.conversation.unanswered_since
        return max(since, self.taken_at) if since else None

    @property
    def is_new(self) -> bool:
        """Whether this agent has not said anything in it yet."""
        return self.conversation.state == State.ACTIVE and not self.conversation.agent_replied

    @property
    def first_skills(self) -> list[dict[str, str]]:
        """Those that there is room for."""
        return self.skills[:SKILLS]

    @property
    def more_skills(self) -> list[dict[str, str]]:
        """The rest of them."""
        return self.skills[SKILLS:]

    @property
    def mark(self) -> str:
        """Due, overdue, idle or nothing, as the reply clock says (CON-1)."""
        return MARKS.get(Stage(self.stage), "") if self.stage else ""


@dataclass(frozen=True)
class Tray:
    """What stands in the tray: status, offers, cards; and the digest that stands for it all.

    Attributes:
        cards: those that the agent looks at, in their order.
        every: all of them.
        view: the filter, the search and the order that lead from the one to the other.
    """

    agent: Agent
    cards: list[Card]
    every: list[Card]
    view: TrayView
    offers: list[OfferView]
    statuses: list[Status]
    today: dict[str, timedelta]
    digest: str

    @property
    def shows(self) -> list[tuple[Show, int]]:
        """Every filter, and how many there are of it (CON-1)."""
        return [(show, sum(belongs(card, show) for card in self.every)) for show in Show]

    @property
    def orders(self) -> list[tuple[str, Any]]:
        """Every order, and what it is called."""
        return Order.choices

    @property
    def count(self) -> int:
        """How many there are of the filter that is on."""
        return dict(self.shows)[self.view.show]

    @property
    def unread(self) -> int:
        """In how many of all conversations something is unread, for the title of the page."""
        return sum(1 for card in self.every if card.unread)

    @property
    def opens(self) -> UUID | None:
        """The newest that opened by itself and has not heard a word of its agent yet (AGT-6)."""
        owed = [card for card in self.every if card.conversation.reply_first]
        return max(owed, key=lambda card: card.taken_at).conversation.pk if owed else None

    @property
    def awake(self) -> list[Card]:
        """Those that stand above: a filter brings the snoozed ones up."""
        return [card for card in self.cards if self.view.show == Show.SNOOZED or not card.is_asleep]

    @property
    def asleep(self) -> list[Card]:
        """The snoozed ones, at the foot, those that wake first first."""
        if self.view.show == Show.SNOOZED:
            return []
        asleep = [card for card in self.cards if card.is_asleep and card.sleeps_until]
        return sorted(asleep, key=lambda card: (card.sleeps_until, card.conversation.pk))

    @property
    def unread_asleep(self) -> int:
        """How much has been written into snoozed ones that nobody has read."""
        return sum(card.unread for card in self.asleep)

    @property
    def may_write(self) -> bool:
        """Whether this agent may begin conversations by mail (EML-7)."""
        return self.agent.user.may(Permission.OUTBOUND)

    @property
    def is_available(self) -> bool:
        """Whether conversations may ring here."""
        return self.agent.base == Base.AVAILABLE

    @property
    def may_drain(self) -> bool:
        """Whether "Away after these" makes a difference: there is something to finish, and more could come (AGT-5)."""
        return bool(self.every) and (self.is_available or self.agent.status.code == Reserved.SYSTEM_BUSY)

    @property
    def stays_away(self) -> bool:
        """Whether it has to be said that this agent is Away until they change it (AGT-4)."""
        return self.agent.base == Base.AWAY and not self.agent.is_draining and not is_preparing(self.agent)


def tray_for(agent: Agent, view: TrayView | None = None) -> Tray:
    """The whole tray, in five queries; one more where an answer is due, and one where something is snoozed.

    Args:
        agent: whose it is, as `agent_of` loads them.
        view: what of it they look at; all of it when not given.
    """
    rows, offers = list(cards_of(agent.user)), offers_for(agent)
    reminders = reminders_for(agent.user, rows)
    asleep = [row.pk for row in rows if row.state == State.SNOOZED]
    snoozes = snoozes_of(asleep) if asleep else {}
    every = [_card(row, reminders.get(row.pk, ""), snoozes.get(row.pk, Snoozes([]))) for row in rows]
    view = view or TrayView()
    now = timezone.localtime()
    return Tray(
        agent=agent,
        cards=view.chosen(every),
        every=every,
        view=view,
        offers=offers,
        statuses=list(selectable_statuses()),
        today=status_totals(agent.pk, since=now.replace(hour=0, minute=0, second=0, microsecond=0), until=now),
        digest=_digest(
            agent,
            (
                (
                    c.conversation.pk,
                    c.conversation.version,
                    c.conversation.last_number,
                    c.read,
                    c.stage,
                    c.skills,
                    c.conversation.contact.version,
                )
                for c in every
            ),
            (offer.id for offer in offers),
        ),
    )


def _card(row: Any, reminder: str, snoozes: Snoozes) -> Card:
    return Card(
        conversation=row,
        unread=row.unread,
        read=row.agent_read,
        delivered=row.agent_delivered,
        taken_at=row.taken_at,
        stage=row.stage,
        reminder=reminder,
        draft=row.draft or "",
        skills=row.skills,
        snoozes=snoozes,
        subject=row.subject or "",
    )


def cards_of(user: User) -> QuerySet[Conversation]:
    """The tray's cards (CON-1), each with what belongs to it.

    `agent_read` and `agent_delivered`, `unread`, the `stage` of its clock, how a `draft` begins, `taken_at`: since
    when this agent has it, `skills`: what it asks for, each with its name and the colour of its group, and of mails
    the `subject`.
    """
    mark = Mark.objects.filter(conversation=OuterRef("pk"), side=Side.AGENT)
    stay = Segment.objects.filter(conversation=OuterRef("pk"), ended_at=None)
    unread = (
        Message.objects.filter(conversation=OuterRef("pk"), side=Side.CUSTOMER, number__gt=OuterRef("agent_read"))
        .order_by()
        .values("conversation")
        .annotate(lines=Count("pk"))
        .values("lines")
    )
    asked = Requirement.objects.filter(unexpired(timezone.now()), conversation=OuterRef("pk")).order_by("skill__name")
    said, mails = drafts_of(OuterRef("pk"), user.pk), begun_in(OuterRef("pk"), user, shown=DRAFT_SHOWN)
    owned = tray_of(user).select_related("contact", "queue", "reply_clock")
    return owned.annotate(
        stage=F("reply_clock__stage"),
        subject=F("mail_thread__subject"),
        draft=Coalesce(
            Subquery(said.values(start=Left("body", DRAFT_SHOWN))), Subquery(mails), output_field=TextField()
        ),
        agent_read=Coalesce(Subquery(mark.values("read")), 0),
        agent_delivered=Coalesce(Subquery(mark.values("delivered")), 0),
        unread=Coalesce(Subquery(unread), 0),
        taken_at=Coalesce(Subquery(stay.values("started_at")), "accepted_at"),
        skills=ArraySubquery(asked.values(found=JSONObject(name="skill__name", colour="skill__group__colour"))),
    )


def live_of(user: User) -> int:
    """How many conversations would be left if this agent went away now (AGT-5)."""
    return Conversation.objects.filter(agent=user, state=State.ACTIVE).count()


def digest_for(agent: Agent) -> str:
    """What the tray and its offers stand for now, in two queries: the same as `Tray.digest`."""
    shown = ("pk", "version", "last_number", "agent_read", "stage", "skills", "contact__version")
    cards = cards_of(agent.user).values_list(*shown)
    return _digest(agent, cards, ringing_for(agent.user).values_list("pk", flat=True))


def _digest(agent: Agent, cards: Iterable[tuple[Any, ...]], offers: Iterable[UUID]) -> str:
    """A word that changes when anything that the tray shows has changed."""
    parts = [f"{agent.status_id} {agent.status_since.isoformat()} {agent.is_draining}"]
    parts += [" ".join(map(str, card)) for card in cards]
    parts += [f"offer {offer}" for offer in offers]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def offers_for(agent: Agent) -> list[OfferView]:
    """What rings at this agent, the oldest first (CON-2), in two queries, and one more where skills are asked for."""
    rules = {rule.family: rule for rule in ChannelRules.objects.all()}
    ringing = list(ringing_for(agent.user))
    skills = skills_asked(ringing)
    return [
        offer_view(
            offer, rules.get(offer.conversation.channel) or ChannelRules(family=offer.conversation.channel), skills
        )
        for offer in ringing
    ]
