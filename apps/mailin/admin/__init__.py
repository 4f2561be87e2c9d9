"""Admin pages of received mail, and of where it comes from."""

from apps.mailin.admin.received import MailDayAdmin, RawMailAdmin
from apps.mailin.admin.sources import MailboxAdmin, MailHookAdmin

__all__ = ["MailDayAdmin", "MailHookAdmin", "MailboxAdmin", "RawMailAdmin"]
