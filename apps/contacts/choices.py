"""The words of contacts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldKind(models.TextChoices):
    """What a field of the company's own holds."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    YES_NO = "yes_no", _("Yes or no")


class ChangeKind(models.TextChoices):
    """How a contact came to be changed."""

    EDITED = "edited", _("Edited")
    TOLD = "told", _("Told by the customer")
    VOUCHED = "vouched", _("Vouched for by the company")
    MERGED = "merged", _("Another contact merged into it")
    MERGED_AWAY = "merged_away", _("Merged into another contact")


class MergeState(models.TextChoices):
    """What became of a merge that an agent has asked a supervisor for."""

    WAITING = "waiting", _("Waiting")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
