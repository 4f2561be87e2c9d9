"""Mail that a demo tenant has received: as it came, and what it was filed as."""

from apps.email.choices import RawState
from apps.email.models import RawContent, RawMail
from apps.mailin.actions.reception import PURPOSE
from apps.mailin.duplicate_key import duplicate_key_of
from apps.mailin.steps.ledger import mails_count
from apps.mime.types import ParsedMail
from apps.vault.encryption import encrypt_value


def received_mail_write(row: RawMail, mail: ParsedMail, raw: bytes) -> RawMail:
    """Write down a mail that was received and filed.

    Args:
        row: new; with its channel, its conversation, its sender, when it came, and what it was filed as.
        mail: it, read.
        raw: it, as it came.
    """
    row.digest = duplicate_key_of(raw).digest
    row.mail_id, row.subject, row.size = mail.message_id, mail.subject, len(raw)
    row.envelope_from, row.envelope_to, row.peer = row.sender, mail.to[0].address, "127.0.0.1"
    row.filed_at, row.attempts = row.received_at, 1
    row.save(force_insert=True)
    RawContent.objects.create(raw=row, sealed=encrypt_value(raw, purpose=PURPOSE, owner=row.pk))
    mails_count(row, received=1)
    mails_count(row, state=RawState(row.state))
    return row
