"""The words of wrap-up."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Display(models.TextChoices):
    """How a set is shown (WRP-6)."""

    LIST = "list", _("List")
    BUTTONS = "buttons", _("Buttons")


DESCRIPTION_LENGTH = 500
"""Characters in an outcome's description."""

SYSTEM_CODE = "System"
"""Name of the code that is recorded when nobody chose one in time (WRP-2, WRP-3)."""


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CODE_IN_USE = "code_in_use"
    CODE_OF_THE_SYSTEM = "code_of_the_system"
    DISPOSITION_REQUIRED = "disposition_required"
    DISPOSITION_UNKNOWN = "disposition_unknown"
    ILLEGAL_TRANSITION = "illegal_transition"
    NOT_ALLOWED = "not_allowed"
    NOT_YOURS = "not_yours"
