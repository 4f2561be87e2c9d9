"""Somebody has a mail as it came, with all that is taken out of it elsewhere: it is written down (EML-2, FRM-6)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.core.errors import DomainError
from apps.core.rows import row_add
from apps.email.actions.receive import mail_content
from apps.email.models import OriginalView, RawMail


def may_see_originals(user: User) -> bool:
    """Whether a user may have mails as they came: they hold what is masked, and are downloads."""
    return user.is_active and user.may(Permission.REVEAL) and user.may(Permission.CORRECT)


@transaction.atomic
def mail_original(*, raw_id: UUID, actor: User) -> bytes:
    """A mail as it came. Who has had it, and when, is kept for good.

    Args:
        raw_id: the mail.
        actor: who wants it.

    Raises:
        DomainError: ``mail_original_refused``, ``mail_unknown``.
        Unreadable: its key was erased.
    """
    if not may_see_originals(actor):
        raise DomainError("mail_original_refused", _("You may not see mails as they came."))
    raw = RawMail.objects.filter(pk=raw_id).first()
    if raw is None:
        raise DomainError("mail_unknown", _("There is no such mail."))
    content = mail_content(raw)
    row_add(OriginalView(raw=raw, by=actor))
    return content
