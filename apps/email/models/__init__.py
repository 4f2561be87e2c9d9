"""Every model of mail."""

from apps.email.models._fields import ID_LENGTH, SUBJECT_LENGTH
from apps.email.models.channels import MailChannel, MailText
from apps.email.models.display import ImageSender, MailView
from apps.email.models.outbox import MailDraft, MailDraftFile, OutboundMail
from apps.email.models.received import MailDay, OriginalView, RawContent, RawMail
from apps.email.models.sources import Mailbox, MailboxItem, MailHook
from apps.email.models.threads import MailMessage, MailNotice, MailPart, MailShift, MailThread, Participant

__all__ = [
    "ID_LENGTH",
    "SUBJECT_LENGTH",
    "ImageSender",
    "MailChannel",
    "MailDay",
    "MailDraft",
    "MailDraftFile",
    "MailHook",
    "MailMessage",
    "MailNotice",
    "MailPart",
    "MailShift",
    "MailText",
    "MailThread",
    "MailView",
    "Mailbox",
    "MailboxItem",
    "OriginalView",
    "OutboundMail",
    "Participant",
    "RawContent",
    "RawMail",
]
