"""Admin pages of mail."""

from apps.email.admin.channels import MailChannelAdmin
from apps.email.admin.mails import MailDayAdmin, RawMailAdmin

__all__ = ["MailChannelAdmin", "MailDayAdmin", "RawMailAdmin"]
