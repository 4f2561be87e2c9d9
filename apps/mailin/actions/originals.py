"""Somebody has a mail as it came, with all that is taken out of it elsewhere: it is written down (EML-2, FRM-6)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import Permission, Scope
from apps.audit.actions import audit_record
from apps.conversations.selectors import may_redact
from apps.core.errors import DomainError
from apps.core.rows import row_add
from apps.email.models import OriginalView, RawMail
from apps.mailin.actions.reception import mail_content
from apps.mailin.choices import AuditVerb, Refusal


def may_see_original(user: User, raw: RawMail) -> bool:
    """Whether a user may have a mail as it came: it holds what is masked, and is a download.

    Who supervises some queues has those of their conversations alone, and none that is in no conversation.
    """
    if not (user.may(Permission.REVEAL) and user.may(Permission.CORRECT)):
        return False
    if user.reach == Scope.ALL:
        return True
    return raw.conversation is not None and may_redact(user, raw.conversation)


@transaction.atomic
def mail_original(*, raw_id: UUID, actor: User) -> bytes:
    """A mail as it came. Who has had it, and when, is kept for good.

    Args:
        raw_id: the mail.
        actor: who wants it.

    Raises:
        DomainError: ``mail_original_refused``, ``mail_unknown``.
        DecryptionError: its key was erased.
    """
    raw = RawMail.objects.select_related("conversation").filter(pk=raw_id).first()
    if raw is None:
        raise DomainError(Refusal.MAIL_UNKNOWN, _("There is no such mail."))
    if not may_see_original(actor, raw):
        raise DomainError(Refusal.MAIL_ORIGINAL_REFUSED, _("You may not see this mail as it came."))
    content = mail_content(raw)
    row_add(OriginalView(raw=raw, by=actor))
    audit_record(AuditVerb.ORIGINAL, actor=actor, target=raw, conversation=raw.conversation_id)
    return content
