"""The words of mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Inbound(models.TextChoices):
    """How a channel's mail comes in (EML-1)."""

    LISTENER = "listener", _("Built-in SMTP listener")


class RawState(models.TextChoices):
    """What became of a mail (EML-2)."""

    RECEIVED = "received", _("Not filed yet")
    MATCHED = "matched", _("Matched")
    NEW = "new", _("New")
    QUARANTINED = "quarantined", _("Quarantine")


FILED = (RawState.MATCHED, RawState.NEW, RawState.QUARANTINED)
"""Each mail ends as one of these: together they are as many as were received."""


class Reason(models.TextChoices):
    """Why a mail is in quarantine (EML-2, EML-11)."""

    NO_SENDER = "no_sender", _("It names no sender who could be answered")
    OWN_ADDRESS = "own_address", _("It comes from one of our own addresses")
    LOOP = "loop", _("It goes round in circles")
    FLOOD = "flood", _("Too many mails of one sender in a short time")
    COPY = "copy", _("A copy of a mail that is filed already")
    AUTO_REPLY = "auto_reply", _("An automatic answer that belongs to nothing")
    BOUNCE = "bounce", _("A delivery report that belongs to nothing")
    LIST = "list", _("From a mailing list")
    BLOCKED = "blocked", _("Its sender is blocked")
    SPAM = "spam", _("It answers a conversation that was marked as spam")
    UNREADABLE = "unreadable", _("It could not be filed")


class Signal(models.TextChoices):
    """What speaks for a mail's belonging to a conversation (EML-3)."""

    TOKEN = "token", _("Sent to the address that only its mails name")
    IN_REPLY_TO = "in_reply_to", _("Answers one of its mails")
    REFERENCES = "references", _("Names one of its mails")
    TAG = "tag", _("Its reference stands in the subject")
    PARTICIPANT = "participant", _("Its sender takes part in it")


class NoticeKind(models.TextChoices):
    """What a machine tells about a conversation (EML-11)."""

    AUTO_REPLY = "auto_reply", _("Automatic answer")
    BOUNCE = "bounce", _("Delivery report")
