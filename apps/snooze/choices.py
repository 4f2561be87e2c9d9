"""The words of snooze."""

from typing import Final

from django.db import models
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


TOMORROW: Final = "tomorrow"
CUSTOM: Final = "custom"
"""What is chosen beside a number of minutes."""

LONGEST_DAYS: Final = 30
"""The furthest end of a snooze (SNZ-1)."""
