"""The words of the tray."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Show(models.TextChoices):
    """Which conversations of the tray are shown (CON-1)."""

    ALL = "all", _("All")
    ONGOING = "ongoing", _("Ongoing")
    OVERDUE = "overdue", _("Overdue")
    IDLE = "idle", _("Idle")
    SNOOZED = "snoozed", _("Snoozed")
    WRAP_UP = "wrap_up", _("Wrap-up")


class Order(models.TextChoices):
    """In which order they stand (CON-1)."""

    NEED = "need", _("Who needs me first")
    LATEST = "latest", _("Latest on top")
    WAITING = "waiting", _("Longest waiting on top")
    OLDEST = "oldest", _("Oldest on top")
