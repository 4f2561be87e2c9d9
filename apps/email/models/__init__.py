"""Every model of mail."""

from apps.email.models._fields import ID_LENGTH, SUBJECT_LENGTH
from apps.email.models.channels import MailChannel, MailText
from apps.email.models.outgoing import MailDraft, MailDraftFile, OutboundMail
from apps.email.models.received import MailDay, OriginalView, RawContent, RawMail
from apps.email.models.threads import MailMessage, MailNotice, MailPart, MailShift, MailThread, Participant
from apps.email.models.viewing import ImageSender, MailView
from apps.email.models.ways import Mailbox, MailboxItem, MailHook

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
