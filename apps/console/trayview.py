"""What of the tray an agent looks at: a filter, a search, an order (CON-1)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import QueryDict

from apps.console.choices import Order, Show
from apps.conversations.choices import State

if TYPE_CHECKING:
    from apps.console.selectors.tray import Card

HEADER = "Parley-Tray"
"""How a page says with each request what its tray shows, so that every answer brings the same part of it."""

LONGEST = 80
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class TrayView:
    """Which cards, and in which order.

    Attributes:
        show: the filter.
        q: part of a name, an email address or a phone number.
        order: as the agent has chosen it.
    """

    show: Show = Show.ALL
    q: str = ""
    order: Order = Order.LATEST

    @classmethod
    def of(cls, request: Any, order: str) -> "TrayView":
        """What this request asks for: by its own parameters, else as its page says."""
        said = QueryDict(request.headers.get(HEADER, ""))
        show = request.GET.get("show", said.get("show", ""))
        q = request.GET.get("q", said.get("q", ""))
        # NUL: PostgreSQL never sees it, but the page would carry it on.
        q = " ".join(q.replace("\0", "").split())[:LONGEST]
        return cls(Show(show) if show in Show.values else Show.ALL, q, Order(order))

    @property
    def is_narrowed(self) -> bool:
        """Whether something may be hidden."""
        return self.show != Show.ALL or bool(self.q)

    def address_part(self, **other: str) -> str:
        """This view as the query of an address, with something else in it."""
        wanted = {"show": self.show.value, "q": self.q} | other
        return urlencode({name: value for name, value in wanted.items() if value and value != Show.ALL})

    def chosen(self, cards: Iterable["Card"]) -> list["Card"]:
        """The cards to show, in order."""
        return self._sorted([card for card in cards if self._shows(card) and finds(self.q, card)])

    def _shows(self, card: "Card") -> bool:
        # What was accepted while a filter is on would be nowhere: it shows until the agent has said something.
        return belongs(card, self.show) or (card.is_new and not self.q)

    def _sorted(self, cards: list["Card"]) -> list["Card"]:
        if self.order == Order.WAITING:
            return sorted(cards, key=lambda card: (card.waits_since or FAR, card.taken_at, card.conversation.pk))
        return sorted(cards, key=lambda card: (card.taken_at, card.conversation.pk), reverse=self.order == Order.LATEST)


def belongs(card: "Card", show: Show) -> bool:
    """Whether a card is one of those that a filter is for."""
    match show:
        case Show.ALL:
            return True
        case Show.ONGOING:
            return card.conversation.state == State.ACTIVE
        case Show.SNOOZED:
            return card.conversation.state == State.SNOOZED
        case Show.WRAP_UP:
            return card.conversation.state == State.WRAP_UP
        case Show.OVERDUE | Show.IDLE:
            return card.mark == show


def finds(q: str, card: "Card") -> bool:
    """Whether every word of a search is in the contact's name, email address or phone number."""
    if not q:
        return True
    contact = card.conversation.contact
    text = plain(f"{contact.display_name} {contact.email}")
    digits = re.sub(r"\D", "", contact.phone)
    number = re.sub(r"[\s()./+-]", "", q)
    if number.isdigit() and number in digits:
        return True
    return all(word in text for word in plain(q).split())


def plain(text: str) -> str:
    """Text without case and accents: José is found as jose."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
