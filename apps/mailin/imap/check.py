"""Whether a mailbox can be fetched from, for whoever sets it up."""

from django.utils.translation import gettext as _

from apps.email.models import Mailbox
from apps.mailin.imap.mailbox import Access, folder_open
from apps.mailin.imap.watchers import failure_text


def mailbox_check(row: Mailbox, password: str) -> str:
    """Connect, sign in and open the folder.

    Returns:
        How that went.

    Raises:
        RuntimeError: it did not; the sentence says why.
    """
    access = Access(row.host, row.port, row.security, row.user, password, row.folder)
    try:
        with folder_open(access) as folder:
            folder.since(row.last_uid)
    except Exception as failure:
        raise RuntimeError(failure_text(failure)) from failure
    return _("It works: the folder was opened.")
