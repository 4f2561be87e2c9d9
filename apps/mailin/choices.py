"""The words of received mail."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CHANNEL_UNKNOWN = "channel_unknown"
    MAIL_EMPTY = "mail_empty"
    MAIL_NOT_QUARANTINED = "mail_not_quarantined"
    MAIL_ORIGINAL_REFUSED = "mail_original_refused"
    MAIL_UNKNOWN = "mail_unknown"


class AuditVerb(models.TextChoices):
    """What is done with mails as they came, in the audit log (AUD-1)."""

    ORIGINAL = "mail.original", _("Mail downloaded as it came")
    RELEASE = "mail.release", _("Mail released from quarantine")
