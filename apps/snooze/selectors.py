"""Reads of snooze."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.clocks.models import ReplyClock
from apps.conversations.choices import ENDED_STATES, State
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.snooze.choices import TOMORROW, Refusal
from apps.snooze.models import Snooze, SnoozeSettings

HOUR = 60
OVERDUE = _lazy("Your answer is overdue: reply before you snooze.")
REPLY_OWED = _lazy("The customer waits for your answer: reply before you snooze.")


@dataclass(frozen=True)
class Option:
    """A length that is offered (SNZ-1).

    Attributes:
        key: what is sent for it.
        label: its length in words.
        until: when a snooze of this length that begins now ends.
    """

    key: str
    label: str
    until: datetime


@dataclass(frozen=True)
class Snoozes:
    """All the times that a conversation was snoozed, an open one included (SNZ-5).

    Attributes:
        rows: the oldest first.
    """

    rows: list[Snooze]

    @property
    def open(self) -> Snooze | None:
        """The one that goes on."""
        return next((row for row in self.rows if row.ended_at is None), None)

    @property
    def count(self) -> int:
        """How often."""
        return len(self.rows)

    def total(self, now: datetime) -> timedelta:
        """For how long altogether, up to now."""
        return sum(((row.ended_at or now) - row.started_at for row in self.rows), timedelta())


def snoozes_of(conversation_ids: Iterable[UUID]) -> dict[UUID, Snoozes]:
    """Every snooze of these conversations, in one query; those that never were are not in it."""
    found: dict[UUID, Snoozes] = {}
    rows = Snooze.objects.filter(conversation__in=list(conversation_ids)).order_by("started_at")
    for row in rows:
        found.setdefault(row.conversation_id, Snoozes([])).rows.append(row)
    return found


def waking_of(agent_id: UUID) -> QuerySet[Snooze]:
    """What wakes up and waits for this agent's next free slot, the oldest first."""
    waking = Snooze.objects.filter(agent=agent_id, ended_at=None, waking_at__isnull=False)
    return waking.order_by("waking_at", "pk")


def options_for(settings: SnoozeSettings, agent: User, now: datetime) -> list[Option]:
    """The lengths that a tenant offers, as they are for this agent now; tomorrow is by their own clock (SNZ-1)."""
    options = [Option(str(minutes), _length(minutes), now + timedelta(minutes=minutes)) for minutes in settings.minutes]
    if settings.tomorrow_at is not None:
        zone = ZoneInfo(agent.time_zone)
        day = now.astimezone(zone).date() + timedelta(days=1)
        at = datetime.combine(day, settings.tomorrow_at, tzinfo=zone)
        label = _("Tomorrow, %(time)s") % {"time": f"{settings.tomorrow_at:%H:%M}"}
        options.append(Option(TOMORROW, label, at.astimezone(timezone.get_default_timezone())))
    return options


def _length(minutes: int) -> str:
    if minutes % (24 * HOUR) == 0:
        days = minutes // (24 * HOUR)
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if minutes % HOUR == 0:
        hours = minutes // HOUR
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def snooze_refusal(
    conversation: Conversation, clock: ReplyClock | None, settings: SnoozeSettings
) -> DomainError | None:
    """Why this conversation can't be snoozed now, if it can't (SNZ-1, SNZ-2).

    Args:
        conversation: with an agent.
        clock: its reply clock.
        settings: the tenant's.
    """
    if not settings.is_on:
        return DomainError(Refusal.SNOOZE_OFF, _("Snooze is switched off."))
    if conversation.state in ENDED_STATES:
        return DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended: wrap it up instead."))
    if conversation.state == State.SNOOZED:
        return DomainError(Refusal.SNOOZED_ALREADY, _("This conversation is snoozed already."))
    if clock is not None and clock.is_overdue:
        return DomainError(Refusal.OVERDUE, str(OVERDUE))
    if conversation.unanswered_since is not None:
        return DomainError(Refusal.REPLY_OWED, str(REPLY_OWED))
    if conversation.reply_first:
        return DomainError(Refusal.REPLY_FIRST, _("Send a first message before you snooze this conversation."))
    return None
