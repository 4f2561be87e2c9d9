"""The words of contacts."""

from enum import StrEnum

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


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CONTACT_BOTH_PROVEN = "contact_both_proven"
    CONTACT_CHANGED = "contact_changed"
    CONTACT_INVALID = "contact_invalid"
    CONTACT_ITSELF = "contact_itself"
    CONTACT_MERGED = "contact_merged"
    CONTACT_UNKNOWN = "contact_unknown"
    EXTERNAL_ID_TAKEN = "external_id_taken"
    FIELD_IN_USE = "field_in_use"
    FIELD_KIND_FIXED = "field_kind_fixed"
    FIELD_WITHOUT_CHOICES = "field_without_choices"
    MERGE_REQUESTED = "merge_requested"
    REQUEST_DECIDED = "request_decided"
    REQUEST_UNKNOWN = "request_unknown"
