"""The words of reply clocks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """How far a wait for an answer has come (CHAT-11)."""

    RUNNING = "running", _("Running")
    DUE = "due", _("Due reminder to the agent")
    OVERDUE = "overdue", _("Overdue")
    INACTIVE = "inactive", _("Agent inactivity")
    IDLE_DUE = "idle_due", _("Idle reminder to the customer")
    IDLE = "idle", _("Idle")
    AUTO_CLOSE = "auto_close", _("Auto close")


WAITS_FOR_AGENT = (Stage.RUNNING, Stage.DUE, Stage.OVERDUE)
"""What a clock that waits for the agent can show; at `Stage.INACTIVE` the conversation leaves the agent."""

WAITS_FOR_CUSTOMER = (Stage.RUNNING, Stage.IDLE_DUE, Stage.IDLE)
"""What a clock that waits for the customer can show; at `Stage.AUTO_CLOSE` the conversation ends."""

TO_AGENT = (Stage.DUE, Stage.OVERDUE, Stage.INACTIVE)
"""Stages whose message only the agent sees."""
