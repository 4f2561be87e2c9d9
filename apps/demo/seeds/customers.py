"""Invented customers, and what they talk about."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unicodedata import normalize

STOCK: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
"""Names, cities and days by language, and the goods that are talked about."""


@dataclass(frozen=True)
class Customer:
    """Somebody who writes."""

    first: str
    last: str
    language: str
    city: str
    email: str
    phone: str

    @property
    def zone(self) -> str:
        """Their time zone."""
        return str(STOCK[self.language]["zone"])

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


def invent_customer(rng: Random, language: str, number: int) -> Customer:
    """Invent a customer.

    Args:
        rng: where chance comes from.
        language: tag of their language.
        number: a different one for each, so that no two share an address.
    """
    first, last = rng.choice(STOCK[language]["first"]), rng.choice(STOCK[language]["last"])
    plain = normalize("NFKD", f"{first}.{last}").encode("ascii", "ignore").decode().lower()
    host = rng.choice(("mail.example", "post.example", "inbox.example"))
    # Numbers that the regulator keeps free for fiction.
    phone = f"+447700900{number % 1000:03}" if rng.random() < 0.4 else ""
    return Customer(first, last, language, rng.choice(STOCK[language]["cities"]), f"{plain}{number}@{host}", phone)


def dialogue_values(rng: Random, who: Customer, agent: str, at: datetime) -> dict[str, str]:
    """What a dialogue's gaps are filled with.

    Args:
        rng: where chance comes from.
        who: the customer.
        agent: the agent's name as customers see it.
        at: when it takes place: "on Monday" lies before it, "next Friday" behind it.
    """
    past = (at - timedelta(days=rng.randint(2, 4))).weekday() % 6
    coming = (at + timedelta(days=rng.randint(1, 3))).weekday() % 6
    said = {key: rng.choice(options) for key, options in STOCK["goods"].items()}
    named = {
        f"{word}_{tag}": STOCK[tag]["days"][day]
        for tag in ("es", "de")
        for word, day in (("day", past), ("next", coming))
    }
    return {
        **said,
        **named,
        "name": who.first,
        "agent": agent,
        "order": f"{rng.choice('KV')}-{rng.randint(21000, 48999)}",
        "city": who.city,
        "day": STOCK["en"]["days"][past],
        "next": STOCK["en"]["days"][coming],
        "height": str(rng.randint(158, 195)),
        "weight": str(rng.randint(55, 98)),
    }
