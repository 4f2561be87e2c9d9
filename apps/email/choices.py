"""The words of mail."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.event_kinds import event_kinds


class Inbound(models.TextChoices):
    """How a channel's mail comes in (EML-1)."""

    LISTENER = "listener", _("Built-in SMTP listener")
    IMAP = "imap", _("A mailbox elsewhere (IMAP)")
    WEBHOOK = "webhook", _("A provider’s webhook")


class AfterImport(models.TextChoices):
    """What becomes of a mail in the mailbox that it was fetched from."""

    LEAVE = "leave", _("Leave it as it is")
    READ = "read", _("Mark it as read")
    MOVE = "move", _("Move it to another folder")
    DELETE = "delete", _("Delete it")


class Provider(models.TextChoices):
    """Whose webhooks bring mail."""

    MAILGUN = "mailgun", "Mailgun"
    POSTMARK = "postmark", "Postmark"
    SPARKPOST = "sparkpost", "SparkPost"
    MAILJET = "mailjet", "Mailjet"
    POSTAL = "postal", "Postal"
    SES = "ses", "Amazon SES"


class RawState(models.TextChoices):
    """What became of a mail (EML-2)."""

    RECEIVED = "received", _("Not filed yet")
    MATCHED = "matched", _("Matched")
    NEW = "new", _("New")
    QUARANTINED = "quarantined", _("Quarantine")


FILED_STATES = (RawState.MATCHED, RawState.NEW, RawState.QUARANTINED)
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
    CLAIMED = "claimed", _("It says that it comes from somebody who takes part in it")


class ShiftKind(models.TextChoices):
    """How mails got from one conversation into another by hand (EML-3)."""

    SPLIT = "split", _("Split")
    MERGE = "merge", _("Merged")


class NoticeKind(models.TextChoices):
    """What a machine tells about a conversation (EML-11)."""

    AUTO_REPLY = "auto_reply", _("Automatic answer")
    BOUNCE = "bounce", _("Delivery report")


class DraftKind(models.TextChoices):
    """What a mail that an agent writes is (EML-5, EML-7)."""

    REPLY = "reply", _("Reply")
    REPLY_ALL = "reply_all", _("Reply all")
    FORWARD = "forward", _("Forward")
    NEW = "new", _("New mail")


class OutboundKind(models.TextChoices):
    """Who or what sends a mail (EML-10, EML-11)."""

    AGENT = "agent", _("Mail of an agent")
    RECEIPT = "receipt", _("Acknowledgement")
    OUT_OF_HOURS = "out_of_hours", _("Out-of-hours reply")
    TRANSCRIPT = "transcript", _("A chat, for its customer")
    SURVEY = "survey", _("Survey")
    FORM = "form", _("Form")


AUTOMATIC_KINDS = (OutboundKind.RECEIPT, OutboundKind.OUT_OF_HOURS)
"""What we answer by ourselves: once in a conversation."""

ONCE_KINDS = (*AUTOMATIC_KINDS, OutboundKind.SURVEY)
"""What follows what happens, and nobody asks for: each once in a conversation."""

LINK_KINDS = (OutboundKind.SURVEY, OutboundKind.FORM)
"""What brings a customer a link that is good for one of them alone: it is put in when the mail is sent."""


class OutboundState(models.TextChoices):
    """How far a mail of ours has come (EML-10)."""

    HELD = "held", _("Can be taken back")
    QUEUED = "queued", _("Waits to be sent")
    SENDING = "sending", _("Is being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")


UNSENT_STATES = (OutboundState.QUEUED, OutboundState.SENDING)
"""It can't be taken back any more, and is not out yet."""


class Security(models.TextChoices):
    """How the connection to a mail server is encrypted."""

    STARTTLS = "starttls", _("STARTTLS")
    TLS = "tls", _("TLS")
    NONE = "none", _("Not encrypted")


@event_kinds
class MailEventKind(models.TextChoices):
    """What mail records on the timeline."""

    SPLIT = "split", _("Split")
    MERGED = "merged", _("Merged")
    SHIFT_UNDONE = "shift_undone", _("Split or merge undone")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CHANNEL_IN_USE = "channel_in_use"
    CONVERSATION_ENDED = "conversation_ended"
    ENCLOSED_UNKNOWN = "enclosed_unknown"
    MAIL_ADDRESS_PLUS = "mail_address_plus"
    MAIL_ON_ITS_WAY = "mail_on_its_way"
    MAIL_SELECTOR_MISSING = "mail_selector_missing"
    MAIL_UNKNOWN = "mail_unknown"
    MERGE_ITSELF = "merge_itself"
    NOT_ALLOWED = "not_allowed"
    NOT_BY_MAIL = "not_by_mail"
    SERVER_PRIVATE = "server_private"
    SERVER_UNKNOWN = "server_unknown"
    SHIFT_GONE_ON = "shift_gone_on"
    SHIFT_UNKNOWN = "shift_unknown"
    SPLIT_NOTHING = "split_nothing"
