"""Admin pages of received mail, and of where it comes from."""

from apps.mailin.admin.channel_dns import channel_dns_view
from apps.mailin.admin.received import MailDayAdmin, RawMailAdmin
from apps.mailin.admin.sources import MailboxAdmin, MailHookAdmin

__all__ = ["MailDayAdmin", "MailHookAdmin", "MailboxAdmin", "RawMailAdmin", "channel_dns_view"]
