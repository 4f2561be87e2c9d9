"""The words of snooze."""

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Cause(models.TextChoices):
    """What ended a snooze (SNZ-4, SNZ-5)."""

    TIME = "time", _("Its time was over")
    CUSTOMER = "customer", _("The customer wrote")
    REPLY = "reply", _("The agent replied")
    AGENT = "agent", _("The agent woke it")
    REQUEUED = "requeued", _("It was put back into its queue by hand")
    ENDED = "ended", _("The conversation ended")


class Kind(models.TextChoices):
    """What a part of a conversation's life is spent with: these four, without gap or overlap."""

    WAITING = "waiting", _("Waiting")
    HANDLING = "handling", _("Handling")
    SNOOZED = "snoozed", _("Snoozed")
    WRAP_UP = "wrap_up", _("Wrap-up")


MEANINGS: Final[dict[Kind, str | Promise]] = {
    Kind.WAITING: _("Waiting: with its queue, from its arrival or return until an agent has it."),
    Kind.HANDLING: _("Handling: from accepting a conversation until it ends or moves on; snoozed time is left out."),
    Kind.SNOOZED: _("Snoozed: put aside by its agent, until it is active again, goes to its queue, or ends."),
    Kind.WRAP_UP: _("Wrap-up: from the end of the conversation until it is closed."),
}
"""What each kind of interval is, as figures that are made of them say it (SUP-4)."""

TOMORROW: Final = "tomorrow"
CUSTOM: Final = "custom"
"""What is chosen beside a number of minutes."""

LONGEST_DAYS: Final = 30
"""The furthest end of a snooze (SNZ-1)."""


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CONVERSATION_ENDED = "conversation_ended"
    NO_FREE_SLOT = "no_free_slot"
    NOT_SNOOZED = "not_snoozed"
    NOT_YOURS = "not_yours"
    OVERDUE = "overdue"
    REPLY_FIRST = "reply_first"
    REPLY_OWED = "reply_owed"
    SNOOZE_NOT_OFFERED = "snooze_not_offered"
    SNOOZE_OFF = "snooze_off"
    SNOOZE_TOO_LONG = "snooze_too_long"
    SNOOZE_UNTIL_PAST = "snooze_until_past"
    SNOOZED_ALREADY = "snoozed_already"
    USER_BUSY = "user_busy"
