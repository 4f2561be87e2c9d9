"""Lines of a thread that only agents see: what happened to the conversation and is no message (SNZ-3, WRP-3, XFR-4).

They are read from the timeline, and are outside the numbering that both sides share (CHAT-10).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.console.formwords import FORM_TOLD, form_words
from apps.console.moments import day_and_time
from apps.conversations.choices import EventKind
from apps.conversations.models import Conversation, ConversationEvent
from apps.snooze.choices import Cause
from apps.transfers.text import words_of_asking, words_of_coming_back, words_of_skills

TOLD = (
    EventKind.SNOOZED,
    EventKind.WAKING,
    EventKind.WOKEN,
    EventKind.CLOSED,
    EventKind.SKILLS_CHANGED,
    EventKind.TRANSFER_ASKED,
    EventKind.TRANSFER_BACK,
    EventKind.SURVEY_ASKED,
    EventKind.SURVEY_ANSWERED,
    EventKind.OUTCOME_CORRECTED,
    *FORM_TOLD,
)

SURVEY_WORDS = {
    EventKind.SURVEY_ASKED: _lazy("The survey was sent"),
    EventKind.SURVEY_ANSWERED: _lazy("The survey was answered"),
}

TRANSFER_WORDS: dict[EventKind, Callable[[ConversationEvent], str]] = {
    EventKind.SKILLS_CHANGED: words_of_skills,
    EventKind.TRANSFER_ASKED: words_of_asking,
    EventKind.TRANSFER_BACK: words_of_coming_back,
}


@dataclass(frozen=True)
class Aside:
    """One of them."""

    id: int
    at: datetime
    text: str

    is_aside = True


def asides_of(conversation: Conversation) -> list[Aside]:
    """All of a conversation, in order, in one query."""
    told = ConversationEvent.objects.filter(conversation=conversation, kind__in=TOLD).select_related("actor")
    lines = ((event, _words(event)) for event in told.order_by("id"))
    return [Aside(event.pk, event.at, text) for event, text in lines if text]


def entries_of(lines: Iterable[Any], asides: Iterable[Any], *, since: datetime | None) -> list[Any]:
    """Messages and asides as they stand under one another, by time.

    Args:
        lines: in order, each with its `message`.
        asides: each with a time, `at`.
        since: the time of the oldest message that is shown, when older ones are not.
    """
    shown = (aside for aside in asides if since is None or aside.at >= since)
    entries: chain[Any] = chain(lines, shown)
    return sorted(entries, key=time_of)


def time_of(entry: Any) -> datetime:
    """When a line of a thread was said, or happened."""
    at: datetime = entry.message.created_at if hasattr(entry, "message") else entry.at
    return at


def _words(event: ConversationEvent) -> str:
    """What an event says to agents; nothing for one that is not told."""
    if event.kind == EventKind.CLOSED:
        return _("Closed by itself: the time to wrap up was over") if event.data.get("expired") else ""
    if event.kind in FORM_TOLD:
        return form_words(event)
    if event.kind in SURVEY_WORDS:
        return str(SURVEY_WORDS[EventKind(event.kind)])
    if event.kind == EventKind.OUTCOME_CORRECTED:
        took_back = _("%(name)s took back that it is spam") % {"name": event.actor.public_name if event.actor else ""}
        return took_back if event.data.get("spam") is False else ""
    if event.kind in TRANSFER_WORDS:
        return TRANSFER_WORDS[EventKind(event.kind)](event)
    if event.kind == EventKind.SNOOZED:
        values = {"name": event.actor.public_name if event.actor else "", "until": _moment(event)}
        return _("%(name)s snoozed it until %(until)s") % values
    if event.kind == EventKind.WAKING:
        return _("It wakes up, and waits for a free slot until %(until)s") % {"until": _moment(event)}
    return str(Cause(event.data["cause"]).label) if event.data.get("cause") in Cause.values else ""


def _moment(event: ConversationEvent) -> str:
    return day_and_time(datetime.fromisoformat(event.data["until"]), seen_from=event.at)
