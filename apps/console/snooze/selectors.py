"""Snooze as the pane and the tray show it (SNZ-1 to SNZ-5, CON-1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.clocks.models import ReplyClock
from apps.console.dates import day_and_time
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.snooze.choices import LONGEST_DAYS
from apps.snooze.models import Snooze, SnoozeSettings
from apps.snooze.selectors import OVERDUE, REPLY_OWED, Option, Snoozes, options_for, snooze_refusal, snoozes_of


@dataclass(frozen=True)
class SnoozeBar:
    """What a pane shows of snooze.

    Attributes:
        is_on: whether there is a button at all.
        options: the lengths that are offered now.
        allows_custom: whether any other end may be chosen.
        why_not: why the conversation can't be snoozed now; empty when it can.
        wakes_on_message: whether the customer's words wake it.
        snoozes: all the times that it was.
        now: the moment at which this was read.
    """

    is_on: bool
    options: list[Option]
    allows_custom: bool
    why_not: str
    wakes_on_message: bool
    snoozes: Snoozes
    now: datetime

    owed = REPLY_OWED
    overdue = OVERDUE

    @property
    def open(self) -> Snooze | None:
        """The snooze that goes on."""
        return self.snoozes.open

    def slept(self, since: datetime) -> timedelta:
        """For how long it was snoozed from a moment up to now: no part of its handling (SNZ-3)."""
        later = [row for row in self.snoozes.rows if row.started_at >= since]
        return Snoozes(later).total(self.now)

    @property
    def first_end(self) -> datetime:
        """The earliest end that can be typed in."""
        return self.now + timedelta(minutes=1)

    @property
    def last_end(self) -> datetime:
        """The furthest end (SNZ-1)."""
        return self.now + timedelta(days=LONGEST_DAYS)


def snooze_bar(conversation: Conversation, clock: ReplyClock | None) -> SnoozeBar:
    """What the pane of one of an agent's conversations shows, in two queries.

    Args:
        conversation: with its agent loaded.
        clock: its reply clock.
    """
    settings: SnoozeSettings = SnoozeSettings.load()
    now = timezone.now()
    offers = settings.is_on and conversation.state == State.ACTIVE and conversation.agent is not None
    why_not = snooze_refusal(conversation, clock, settings)
    return SnoozeBar(
        is_on=settings.is_on,
        options=options_for(settings, conversation.agent, now) if offers and conversation.agent else [],
        allows_custom=settings.allows_custom,
        why_not=str(why_not.message) if why_not else "",
        wakes_on_message=settings.wakes_on_message,
        snoozes=snoozes_of([conversation.pk]).get(conversation.pk, Snoozes([])),
        now=now,
    )


def snoozed_words(snoozes: Snoozes) -> str:
    """What a snoozed card says on hover and to screen readers: length, end, and how often (CON-1)."""
    snooze = snoozes.open
    if snooze is None:
        return ""
    if snooze.waking_at is not None and snooze.due_at is not None:
        return _("Waking up: waits for a free slot until %(until)s") % {"until": day_and_time(snooze.due_at)}
    times = ngettext("%(count)d time so far", "%(count)d times so far", snoozes.count) % {"count": snoozes.count}
    return _("Snoozed for %(length)s until %(until)s, %(times)s") % {
        "length": timesince(snooze.started_at, snooze.until, depth=2),
        "until": day_and_time(snooze.until),
        "times": times,
    }
