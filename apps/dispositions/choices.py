"""The words of wrap-up."""

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
