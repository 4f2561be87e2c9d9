"""People look at what is in quarantine, and let go what belongs to them (EML-2)."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.actions import audit_record
from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.rows import row_lock
from apps.email.choices import RawState
from apps.email.models import RawMail
from apps.mailin.choices import AuditVerb, Refusal
from apps.mailin.steps.ledger import mails_count, mails_file_soon, sweep_schedule


@transaction.atomic
def mail_release(*, raw_id: UUID, actor: User) -> RawMail:
    """Have a mail filed after all, as a person's mail. Nobody gets round a block by it, nor round having no sender.

    Args:
        raw_id: one that is in quarantine.
        actor: who has looked at it.

    Raises:
        DomainError: ``mail_not_quarantined``.
    """
    raw = row_lock(RawMail, raw_id)
    if raw is None or raw.state != RawState.QUARANTINED:
        raise DomainError(Refusal.MAIL_NOT_QUARANTINED, _("This mail is not in quarantine any more."))
    raw.state, raw.reason, raw.detail, raw.filed_at = RawState.RECEIVED, "", "", None
    raw.attempts, raw.retry_at, raw.error = 0, None, ""
    raw.released_by, raw.released_at = actor, timezone.now()
    raw.save()
    audit_record(AuditVerb.RELEASE, actor=actor, target=raw)
    sweep_schedule()
    mails_count(raw, was=RawState.QUARANTINED)
    after_commit(mails_file_soon, channel_id=raw.channel_id)
    return raw
