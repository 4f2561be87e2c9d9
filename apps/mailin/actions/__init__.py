"""Every change of received mail: it comes in, is filed, is let out of quarantine; where it comes from is set up."""

from apps.mailin.actions.filing import mail_file, mails_file
from apps.mailin.actions.originals import mail_original, may_see_original
from apps.mailin.actions.quarantine import mail_release
from apps.mailin.actions.reception import Envelope, mail_content, mail_receive

__all__ = [
    "Envelope",
    "mail_content",
    "mail_file",
    "mail_original",
    "mail_receive",
    "mail_release",
    "mails_file",
    "may_see_original",
]
