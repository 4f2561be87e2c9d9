"""A mail comes in: it is stored, encrypted, before anything else is done with it (EML-2)."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.rows import row_add, row_add_once
from apps.email.models import ID_LENGTH, MailChannel, RawContent, RawMail
from apps.mailin.choices import Refusal
from apps.mailin.duplicate_key import duplicate_key_of
from apps.mailin.steps.ledger import mails_count, mails_file_soon, sweep_schedule
from apps.vault.encryption import decrypt_value, encrypt_value

PURPOSE = "mail"
"""Under which of the tenant's keys mail is encrypted."""


@dataclass(frozen=True)
class Envelope:
    """What the other server said when it handed a mail over.

    Attributes:
        sender: where it is returned to; empty for reports of machines.
        recipient: for whom it was, of those that lead to the channel.
        peer: the other server's address.
        helo: by what name it greeted.
        came_by: a value of `Inbound`.
        authentication: what a provider that is trusted says of the sender, as `Authentication.told` has it.
        is_put_together: whether it came in pieces.
    """

    sender: str = ""
    recipient: str = ""
    peer: str = ""
    helo: str = ""
    came_by: str = ""
    authentication: dict[str, Any] = field(default_factory=dict)
    is_put_together: bool = False


@transaction.atomic
def mail_receive(*, channel_id: UUID, raw: bytes, envelope: Envelope) -> RawMail:
    """Store a mail, once: when this has committed it is ours to file, whatever happens (EML-2).

    Args:
        channel_id: an active channel.
        raw: the mail as it came.
        envelope: what was said beside it.

    Returns:
        The mail; of one that came before, the row of then.

    Raises:
        DomainError: ``channel_unknown``, ``mail_empty``.
    """
    channel = MailChannel.objects.filter(pk=channel_id, is_active=True).first()
    if channel is None:
        raise DomainError(Refusal.CHANNEL_UNKNOWN, _("No mail is received here."))
    if not raw.strip():
        raise DomainError(Refusal.MAIL_EMPTY, _("There is no mail."))
    identity = duplicate_key_of(raw)
    row = RawMail(
        channel=channel,
        digest=identity.digest,
        mail_id=identity.mail_id[:ID_LENGTH],
        size=len(raw),
        envelope_from=_kept(envelope.sender),
        envelope_to=_kept(envelope.recipient),
        peer=_kept(envelope.peer)[:64],
        helo=_kept(envelope.helo)[:255],
        came_by=envelope.came_by,
        authentication=envelope.authentication,
        is_put_together=envelope.is_put_together,
    )
    # The same mail on two connections at once: the unique key decides, and the loser has what the winner stored.
    if not row_add_once(row):
        return RawMail.objects.get(channel=channel, digest=identity.digest)
    row_add(RawContent(raw=row, sealed=encrypt_value(raw, purpose=PURPOSE, owner=row.pk)))
    sweep_schedule()
    mails_count(row, received=1)
    after_commit(mails_file_soon, channel_id=channel.pk)
    return row


def _kept(text: str) -> str:
    """As PostgreSQL takes it, and on one line."""
    return "".join(each for each in text if unicodedata.category(each) not in ("Cc", "Cs"))[:320]


def mail_content(raw: RawMail) -> bytes:
    """The bytes of a mail as it came.

    Raises:
        DecryptionError: its key was erased.
    """
    return decrypt_value(RawContent.objects.get(pk=raw.pk).sealed, purpose=PURPOSE, owner=raw.pk)
