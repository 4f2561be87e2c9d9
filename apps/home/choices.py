"""The words of the admin's home."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tone(models.TextChoices):
    """How much something matters: the order in which it is told."""

    BROKEN = "broken", _("Not working")
    CHECK = "check", _("To check")
    NOTE = "note", _("To know")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    STEP_UNKNOWN = "step_unknown"
