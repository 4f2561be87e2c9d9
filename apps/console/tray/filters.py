"""What of the tray an agent looks at: a filter, a search, an order (CON-1)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from apps.console.choices import Order, Show
from apps.conversations.choices import State

if TYPE_CHECKING:
    from apps.console.tray.selectors.cards import Card

HEADER = "Parley-Tray"
"""How a page says with each request what its tray shows, so that every answer brings the same part of it."""

LONGEST = 80
CARDS = 50
"""So many cards a tray brings at first, and so many more each time that its end comes in sight."""
MOST_CARDS = 1000


@dataclass(frozen=True)
class TrayFilters:
    """Which cards, and in which order.

    Attributes:
        show: the filter.
        q: part of a name, an email address or a phone number.
        order: as the agent has chosen it.
        since: when the filter was chosen.
        open_id: the conversation that is open beside the tray: its card is shown whatever the filter and the search.
        cards: how many of each list at most.
    """

    show: Show = Show.ALL
    q: str = ""
    order: Order = Order.NEED
    since: datetime | None = None
    open_id: str = ""
    cards: int = CARDS

    @classmethod
    def of(cls, request: Any, order: str, open_id: str = "") -> "TrayFilters":
        """What this request asks for: by its own parameters, else as its page says."""
        said = QueryDict(request.headers.get(HEADER, ""))
        show = request.GET.get("show", said.get("show", ""))
        q = request.GET.get("q", said.get("q", ""))
        # NUL: PostgreSQL never sees it, but the page would carry it on.
        q = " ".join(q.replace("\0", "").split())[:LONGEST]
        since = None if "show" in request.GET else _moment(said.get("since", ""))
        cards = _number(request.GET.get("cards", said.get("cards", "")))
        shown = Show(show) if show in Show.values else Show.ALL
        return cls(shown, q, Order(order), since or timezone.now(), open_id, min(max(cards, CARDS), MOST_CARDS))

    @property
    def address_part(self) -> str:
        """This view as the query of an address: what pages say of it from now on."""
        wanted = {"q": self.q} if self.q else {}
        if self.show != Show.ALL and self.since:
            wanted |= {"show": self.show.value, "since": self.since.isoformat()}
        if self.cards != CARDS:
            wanted |= {"cards": str(self.cards)}
        return urlencode(wanted)

    def chosen(self, cards: Iterable["Card"]) -> list["Card"]:
        """The cards to show, in the order in which they come."""
        return [card for card in cards if self.finds(card) or self.is_open(card)]

    def part(self, cards: list["Card"]) -> list["Card"]:
        """As many of a list as are brought now, and the one that is open."""
        return [card for place, card in enumerate(cards) if place < self.cards or self.is_open(card)]

    def is_open(self, card: "Card") -> bool:
        """Whether this is the conversation that is open beside the tray."""
        return self.open_id == str(card.conversation.pk)

    def finds(self, card: "Card") -> bool:
        """Whether filter and search are for this card."""
        return self._shows(card) and is_found_by(self.q, card)

    def _shows(self, card: "Card") -> bool:
        # What is accepted while a filter is on would be nowhere: it shows until the agent has said something.
        is_fresh = card.is_new and self.since is not None and card.taken_at >= self.since
        return is_filtered_in(card, self.show) or (is_fresh and not self.q)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def is_filtered_in(card: "Card", show: Show) -> bool:
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


def is_found_by(q: str, card: "Card") -> bool:
    """Whether every word of a search is in the contact's name, email address or phone number, or in the subject."""
    if not q:
        return True
    contact = card.conversation.contact
    text = search_text(f"{contact.display_name} {contact.email} {card.subject}")
    digits = re.sub(r"\D", "", contact.phone)
    number = re.sub(r"[\s()./+-]", "", q)
    if number.isdigit() and number in digits:
        return True
    return all(word in text for word in search_text(q).split())


def search_text(text: str) -> str:
    """Text without case and accents: José is found as jose."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
