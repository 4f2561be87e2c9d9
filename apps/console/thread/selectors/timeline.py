"""Lines of a thread that only agents see: what happened to the conversation and is no message (SNZ-3, WRP-3, XFR-4).

They are read from the timeline, and are outside the numbering that both sides share (CHAT-10).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.console.dates import day_and_time
from apps.console.forms.text import FORM_EVENTS, form_words
from apps.console.thread.messages import MessageLine
from apps.conversations.choices import EventKind, MessageKind
from apps.conversations.models import Conversation, ConversationEvent
from apps.routing.choices import RoutingEventKind
from apps.snooze.choices import Cause
from apps.surveys.choices import SurveyEventKind
from apps.transfers.choices import TransferEventKind
from apps.transfers.text import outcome_line, skills_line, transfer_line

EVENTS_SHOWN = (
    EventKind.SNOOZED,
    EventKind.WAKING,
    EventKind.WOKEN,
    EventKind.CLOSED,
    RoutingEventKind.SKILLS_CHANGED,
    TransferEventKind.TRANSFER_ASKED,
    TransferEventKind.TRANSFER_BACK,
    SurveyEventKind.SURVEY_ASKED,
    SurveyEventKind.SURVEY_ANSWERED,
    EventKind.OUTCOME_CORRECTED,
    *FORM_EVENTS,
)

SURVEY_WORDS: dict[str, Promise] = {
    SurveyEventKind.SURVEY_ASKED: _lazy("The survey was sent"),
    SurveyEventKind.SURVEY_ANSWERED: _lazy("The survey was answered"),
}

WOKEN_WORDS: dict[str, str | Promise] = {
    Cause.TIME: _lazy("It woke up: the time of its snooze was up"),
    Cause.CUSTOMER: _lazy("It woke up: the customer wrote"),
    Cause.REPLY: _lazy("It woke up: the agent replied"),
    Cause.AGENT: _lazy("%(name)s woke it"),
    Cause.REQUEUED: _lazy("It woke up: it was put back into its queue by hand"),
    Cause.ENDED: _lazy("It woke up: the conversation ended"),
}
"""Each says who or what did it to what: it stands among lines about other things."""

TRANSFER_WORDS: dict[str, Callable[[ConversationEvent], str]] = {
    RoutingEventKind.SKILLS_CHANGED: skills_line,
    TransferEventKind.TRANSFER_ASKED: transfer_line,
    TransferEventKind.TRANSFER_BACK: outcome_line,
}


@dataclass(frozen=True)
class EventLine:
    """One of them.

    Attributes:
        passes_on: it tells of a transfer into a queue: whose, and into which.
    """

    id: int
    at: datetime
    text: str
    passes_on: bool = False

    is_event_line = True


def event_lines_of(conversation: Conversation) -> list[EventLine]:
    """All of a conversation, in order, in one query."""
    told = ConversationEvent.objects.filter(conversation=conversation, kind__in=EVENTS_SHOWN).select_related("actor")
    lines = ((event, _words(event)) for event in told.order_by("id"))
    return [EventLine(event.pk, event.at, text, _passes_on(event)) for event, text in lines if text]


def _passes_on(event: ConversationEvent) -> bool:
    return event.kind == TransferEventKind.TRANSFER_ASKED and "queue" in event.data


def mark_repeated_transfers(lines: Iterable[MessageLine], events: Iterable[EventLine]) -> list[MessageLine]:
    """Lines; the customer's of a transfer into a queue is not shown where the timeline names the queue, too."""
    passed_on = any(event.passes_on for event in events)
    return [replace(line, told_beside=passed_on and line.message.kind == MessageKind.PASSED_ON) for line in lines]


def entries_by_time(lines: Iterable[Any], events: Iterable[Any], *, since: datetime | None) -> list[Any]:
    """Messages and events as they stand under one another, by time.

    Args:
        lines: in order, each with its `message`.
        events: each with a time, `at`.
        since: the time of the oldest message that is shown, when older ones are not.
    """
    shown = (event for event in events if since is None or event.at >= since)
    entries: chain[Any] = chain(lines, shown)
    return sorted(entries, key=entry_time)


def entry_time(entry: Any) -> datetime:
    """When a line of a thread was said, or happened."""
    at: datetime = entry.message.created_at if hasattr(entry, "message") else entry.at
    return at


def _words(event: ConversationEvent) -> str:
    """What an event says to agents; nothing for one that is not told."""
    if event.kind == EventKind.CLOSED:
        return _("Closed by itself: the time to wrap up was over") if event.data.get("expired") else ""
    if event.kind in FORM_EVENTS:
        return form_words(event)
    if event.kind in SURVEY_WORDS:
        return str(SURVEY_WORDS[event.kind])
    if event.kind == EventKind.OUTCOME_CORRECTED:
        took_back = _("%(name)s took back that it is spam") % {"name": _name(event)}
        return took_back if event.data.get("spam") is False else ""
    if event.kind in TRANSFER_WORDS:
        return TRANSFER_WORDS[event.kind](event)
    if event.kind == EventKind.SNOOZED:
        values = {"name": _name(event), "until": _moment(event)}
        return _("%(name)s snoozed it until %(until)s") % values
    if event.kind == EventKind.WAKING:
        return _("It wakes up, and waits for a free slot until %(until)s") % {"until": _moment(event)}
    return str(WOKEN_WORDS.get(event.data.get("cause", ""), "")) % {"name": _name(event)}


def _name(event: ConversationEvent) -> str:
    return event.actor.public_name if event.actor else ""


def _moment(event: ConversationEvent) -> str:
    return day_and_time(datetime.fromisoformat(event.data["until"]), seen_from=event.at)
