"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.email.models import Mailbox, MailChannel, MailHook, MailText, MailView

audited_model(MailChannel, "mail_channel", secret=["smtp_sealed", "dkim_sealed"])
audited_model(MailText, "mail_text")
audited_model(MailView, "mail_view")
# How far a mailbox has been fetched, and by which process.
FETCHED = (
    "version",
    "uid_validity",
    "last_uid",
    "held_by",
    "held_until",
    "checked_at",
    "imported",
    "failures",
    "retry_at",
    "error",
)
audited_model(Mailbox, "mailbox", secret=["sealed"], ignored=FETCHED)
audited_model(MailHook, "mail_hook", secret=["sealed"], ignored=["last_at"])
