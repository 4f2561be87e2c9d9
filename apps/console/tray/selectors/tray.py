"""The tray: status, offers, cards, and the digest that stands for them all."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.agents.choices import Base, Reserved
from apps.agents.models import Agent, Status
from apps.agents.selectors import selectable_statuses, status_totals
from apps.console.choices import Order, Show
from apps.console.mail_editor.held_mails import HeldMail, held_mails_of
from apps.console.status.login import is_in_login_prep
from apps.console.tray.filters import CARDS, MOST_CARDS, TrayFilters, is_filtered_in
from apps.console.tray.selectors.cards import Card, card_of, cards_in_order, cards_of, skills_asked_for
from apps.console.tray.selectors.reminders import reminders_for
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.conversations.selectors import agent_tray
from apps.core.statements import Statement
from apps.routing.choices import OfferState
from apps.routing.frames import OfferView, offer_view
from apps.routing.matching import AGENT, AT
from apps.routing.models import ChannelRules, Offer
from apps.routing.selectors import offer_skill_names, offers_ringing_at
from apps.snooze.selectors import Snoozes, snoozes_of


@dataclass(frozen=True)
class StatusTotal:
    """How long an agent was in one status today (AGT-11).

    Attributes:
        label: what the status is called.
        length: how long, the interval that goes on included.
        since: of the status that they are in, from when a clock that runs shows this length; none of others.
    """

    label: str
    length: timedelta
    since: datetime | None


@dataclass(frozen=True)
class Tray:
    """What stands in the tray: status, offers, cards; and the digest that stands for it all.

    Attributes:
        cards: those that the agent looks at, in their order, and the one that is open.
        every: all of them.
        view: the filter, the search and the order that lead from the one to the other.
        held_mails: new mails that can still be taken back; when one leaves, its card changes the digest.
    """

    agent: Agent
    cards: list[Card]
    every: list[Card]
    view: TrayFilters
    offers: list[OfferView]
    statuses: list[Status]
    today: list[StatusTotal]
    digest: str
    held_mails: list[HeldMail] = field(default_factory=list)

    @property
    def shows(self) -> list[tuple[Show, int]]:
        """Every filter, and how many there are of it (CON-1)."""
        return [(show, sum(is_filtered_in(card, show) for card in self.every)) for show in Show]

    @property
    def orders(self) -> list[tuple[str, Any]]:
        """Every order, and what it is called."""
        return Order.choices

    @property
    def count(self) -> int:
        """How many there are of the filter that is on."""
        return dict(self.shows)[self.view.show]

    @property
    def found(self) -> int:
        """How many filter and search are for: the conversation that is open is shown beside them."""
        return sum(1 for card in self.cards if self.view.finds(card))

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
        return [card for card in self.cards if self.view.show == Show.SNOOZED or not card.is_snoozed]

    @property
    def snoozed_cards(self) -> list[Card]:
        """The snoozed ones, at the foot, those that wake first first."""
        if self.view.show == Show.SNOOZED:
            return []
        asleep = [card for card in self.cards if card.is_snoozed and card.snoozed_until]
        return sorted(asleep, key=lambda card: (card.snoozed_until, card.conversation.pk))

    @property
    def awake_part(self) -> list[Card]:
        """Those above that this tray brings."""
        return self.view.part(self.awake)

    @property
    def snoozed_part(self) -> list[Card]:
        """Those at the foot that this tray brings."""
        return self.view.part(self.snoozed_cards)

    @property
    def rest(self) -> list[Card]:
        """Those for which the lists are too long yet."""
        brought = {card.conversation.pk for card in (*self.awake_part, *self.snoozed_part)}
        return [card for card in self.cards if card.conversation.pk not in brought]

    @property
    def more(self) -> int:
        """How many cards a tray is to bring that brings more than this one; 0 where it brings all."""
        return min(self.view.cards + CARDS, MOST_CARDS) if self.rest and self.view.cards < MOST_CARDS else 0

    @property
    def unread_snoozed(self) -> int:
        """How much has been written into snoozed ones that nobody has read."""
        return sum(card.unread for card in self.snoozed_cards)

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
        return self.agent.base == Base.AWAY and not self.agent.is_draining and not is_in_login_prep(self.agent)


@dataclass(frozen=True)
class TrayState:
    """What a console compares its tray with.

    Attributes:
        digest: stands for its status and its cards, but for what was said last in each conversation.
        offers: what rings.
        numbers: the last number of each conversation.
    """

    digest: str
    offers: frozenset[UUID]
    numbers: dict[UUID, int]

    def is_shown_by(self, digest: str, offers: Collection[UUID], cards: Mapping[UUID, int]) -> bool:
        """Whether a tray shows all this: one with this digest, these offers, and cards that were told these numbers.

        A card that it does not show is none that is behind: its filter is not for it.
        """
        is_told = all(cards.get(pk, number) >= number for pk, number in self.numbers.items())
        return digest == self.digest and set(offers) == self.offers and is_told


def tray_for(agent: Agent, view: TrayFilters | None = None) -> Tray:
    """The whole tray, in six queries; one more where an answer is due, and one where something is snoozed.

    Args:
        agent: whose it is, as `agent_of` loads them.
        view: what of it they look at; all of it when not given.
    """
    view = view or TrayFilters()
    rows, offers = list(cards_in_order(cards_of(agent.user), view.order)), offers_for(agent)
    reminders = reminders_for(agent.user, rows)
    asleep = [row.pk for row in rows if row.state == State.SNOOZED]
    snoozes = snoozes_of(asleep) if asleep else {}
    every = [card_of(row, reminders.get(row.pk, ""), snoozes.get(row.pk, Snoozes([]))) for row in rows]
    return Tray(
        agent=agent,
        cards=view.chosen(every),
        every=every,
        view=view,
        offers=offers,
        statuses=list(selectable_statuses()),
        today=_today(agent),
        digest=_digest(agent, map(_card_state, every)),
        held_mails=held_mails_of(agent.user),
    )


def _today(agent: Agent) -> list[StatusTotal]:
    now = timezone.localtime()
    totals = status_totals(agent.pk, since=now.replace(hour=0, minute=0, second=0, microsecond=0), until=now)
    return [
        StatusTotal(label, length, now - length if label == agent.status.label else None)
        for label, length in totals.items()
    ]


def active_count(user: User) -> int:
    """How many conversations would be left if this agent went away now (AGT-5)."""
    return Conversation.objects.filter(agent=user, state=State.ACTIVE).count()


def digest_for(agent: Agent) -> str:
    """What the tray stands for now: the same as `Tray.digest`."""
    return _digest_of(agent, _CARDS.all(agent=agent.pk, at=timezone.now()))


def tray_state_for(agent: Agent) -> TrayState:
    """What a console compares its tray with, in two statements that are compiled once."""
    cards = _CARDS.all(agent=agent.pk, at=timezone.now())
    return TrayState(
        digest=_digest_of(agent, cards),
        offers=frozenset(_RINGING.all(agent=agent.pk)),
        numbers={pk: number for pk, *_state, number in cards},
    )


def _digest_of(agent: Agent, cards: Iterable[tuple[Any, ...]]) -> str:
    return _digest(agent, (card[:-1] for card in cards))


def _card_states() -> QuerySet[Any, tuple[Any, ...]]:
    states = agent_tray(AGENT).order_by().annotate(stage=F("reply_clock__stage"), skills=skills_asked_for(AT))
    return states.values_list("pk", "version", "contact__version", "stage", "skills", "last_number")


_CARDS: Statement[tuple[Any, ...]] = Statement(_card_states)
_RINGING: Statement[UUID] = Statement(
    lambda: Offer.objects.filter(agent=AGENT, state=OfferState.RINGING).order_by().values_list("pk", flat=True)
)


def _card_state(card: Card) -> tuple[Any, ...]:
    """What a card says besides what was said last: that has a number of its own, and needs no fetch."""
    it = card.conversation
    return it.pk, it.version, it.contact.version, card.stage, card.skills


def _digest(agent: Agent, cards: Iterable[tuple[Any, ...]]) -> str:
    """A word that changes when status or cards change, but for what was said last, whatever their order is."""
    parts = [f"{agent.status_id} {agent.status_since.isoformat()} {agent.is_draining}"]
    parts += [" ".join(map(str, card)) for card in sorted(cards, key=itemgetter(0))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def offers_for(agent: Agent) -> list[OfferView]:
    """What rings at this agent, the oldest first (CON-2), in two queries, and one more where skills are asked for."""
    rules = {rule.family: rule for rule in ChannelRules.objects.all()}
    ringing = list(offers_ringing_at(agent.user))
    skills = offer_skill_names(ringing)
    return [
        offer_view(
            offer, rules.get(offer.conversation.channel) or ChannelRules(family=offer.conversation.channel), skills
        )
        for offer in ringing
    ]
