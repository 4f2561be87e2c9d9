"""Every change of mail: it comes in, is filed, is let out of quarantine."""

from apps.email.actions.filing import mail_file, mails_file
from apps.email.actions.quarantine import mail_release
from apps.email.actions.receive import Envelope, mail_content, mail_receive

__all__ = ["Envelope", "mail_content", "mail_file", "mail_receive", "mail_release", "mails_file"]
