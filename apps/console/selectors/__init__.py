"""Reads of the console: each with a number of queries that does not grow with what it reads."""

from apps.console.selectors.cards import Card, cards_of
from apps.console.selectors.files import file_for
from apps.console.selectors.mails import Mails, mail_of, mail_readable, mails_of, mergeable, pictures_of
from apps.console.selectors.panel import (
    candidate_of,
    contact_open,
    conversations_of_contact,
    past_of,
)
from apps.console.selectors.sync import missed_by
from apps.console.selectors.thread import Thread, is_by_mail, owned, page_before, thread_of
from apps.console.selectors.tray import (
    Tray,
    agent_of,
    digest_for,
    live_of,
    offers_for,
    preferences_of,
    tray_for,
)

__all__ = [
    "Card",
    "Mails",
    "Thread",
    "Tray",
    "agent_of",
    "candidate_of",
    "cards_of",
    "contact_open",
    "conversations_of_contact",
    "digest_for",
    "file_for",
    "is_by_mail",
    "live_of",
    "mail_of",
    "mail_readable",
    "mails_of",
    "mergeable",
    "missed_by",
    "offers_for",
    "owned",
    "page_before",
    "past_of",
    "pictures_of",
    "preferences_of",
    "thread_of",
    "tray_for",
]
