"""Admin pages of mail."""

from apps.email.admin.channels import MailChannelAdmin, MailTextAdmin
from apps.email.admin.display import MailViewAdmin
from apps.email.admin.split_merge import MailShiftAdmin

__all__ = ["MailChannelAdmin", "MailShiftAdmin", "MailTextAdmin", "MailViewAdmin"]
