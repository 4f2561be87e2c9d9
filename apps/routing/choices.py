"""The words of routing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfferState(models.TextChoices):
    """What became of an offer; unanswered, rejected and withdrawn are counted apart (AGT-7)."""

    RINGING = "ringing", _("Ringing")
    ACCEPTED = "accepted", _("Accepted")
    TIMED_OUT = "timed_out", _("Not accepted in time")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
