"""What an agent is reminded of in the tray: the same words that came as a notice (CHAT-11)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.clocks.choices import Stage
from apps.clocks.models import ReplyMessage
from apps.clocks.text import DEFAULTS
from apps.conversations.variables import agent_values
from apps.core.variables import fill_variables

SAID_IN_CARDS = (Stage.DUE, Stage.OVERDUE)


def reminders_for(user: User, rows: Sequence[Any]) -> dict[UUID, str]:
    """The reminders of a tray by conversation, in one query, or none where nothing is due.

    Args:
        user: whose tray it is.
        rows: its conversations, as `selectors.cards_of` loads them.
    """
    due = [row for row in rows if row.stage in SAID_IN_CARDS]
    if not due:
        return {}
    stored = ReplyMessage.objects.filter(stage__in=SAID_IN_CARDS, language="")
    bodies = {(family, stage): body for family, stage, body in stored.values_list("rules", "stage", "body")}
    now = timezone.now()
    return {row.pk: _reminder(user, row, bodies.get((row.channel, row.stage)), now) for row in due}


def _reminder(user: User, row: Any, stored: str | None, now: datetime) -> str:
    elapsed = timesince(row.reply_clock.since, now)
    values = {**agent_values(user), "contact.name": row.contact.display_name, "elapsed": elapsed}
    return fill_variables(_(DEFAULTS[Stage(row.stage)]) if stored is None else stored, values)
