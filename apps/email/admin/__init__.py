"""Admin pages of mail."""

from apps.email.admin.channels import MailChannelAdmin, MailTextAdmin
from apps.email.admin.mails import MailDayAdmin, RawMailAdmin
from apps.email.admin.outbound import OutboundMailAdmin
from apps.email.admin.shifts import MailShiftAdmin
from apps.email.admin.sources import MailboxAdmin, MailHookAdmin
from apps.email.admin.view import MailViewAdmin

__all__ = [
    "MailChannelAdmin",
    "MailDayAdmin",
    "MailHookAdmin",
    "MailShiftAdmin",
    "MailTextAdmin",
    "MailViewAdmin",
    "MailboxAdmin",
    "OutboundMailAdmin",
    "RawMailAdmin",
]
