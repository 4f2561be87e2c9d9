"""The mail catcher: outbound mail of local mode is kept here, and leaves for nowhere (contract: `/demo/mail/`)."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

import structlog
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django_tenants.utils import get_public_schema_name

from apps.demo.models import CaughtMail
from apps.email.body import read
from apps.mime.parse import parse

MOST_KEPT = 200
MOST_BYTES = 100 * 1024 * 1024
"""How much of it a tenant keeps: the newest, whichever of the two is reached first."""

_FORGET = """
DELETE FROM demo_caughtmail WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER newest AS place, sum(size) OVER newest AS bytes
        FROM demo_caughtmail WINDOW newest AS (ORDER BY id DESC)
    ) AS kept WHERE place > %s OR (bytes > %s AND place > 1)
)
"""

log = structlog.get_logger(__name__)


class Backend(BaseEmailBackend):
    """Where Django sends mail in local mode: into the catcher of the tenant that sends it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep these; what no tenant sends has no page to be read at.

        Returns:
            How many were kept.
        """
        if connection.schema_name == get_public_schema_name():  # type: ignore[attr-defined]
            log.warning("demo.mail_dropped", count=len(email_messages))
            return 0
        for each in email_messages:
            # As Django's own SMTP backend asks for it: with the line ends of the wire.
            message: Any = each.message()
            mail_catch(
                raw=message.as_bytes(linesep="\r\n"),
                sender=_bare(each.from_email),
                recipients=list(map(_bare, each.recipients())),
            )
        return len(email_messages)


def _bare(address: Any) -> str:
    """An address without the name before it."""
    return parseaddr(str(address))[1] or str(address)


@transaction.atomic
def mail_catch(*, raw: bytes, sender: str, recipients: Sequence[str], is_written: bool = False) -> CaughtMail:
    """Keep a mail, and forget the oldest where there are too many.

    Args:
        raw: as it would have gone over the wire.
        sender: where it would be returned to.
        recipients: everybody of its envelope.
        is_written: a customer has written it.
    """
    mail = parse(raw)
    row: CaughtMail = CaughtMail.objects.create(
        is_written=is_written,
        sender=sender[:320],
        recipients=[each[:320] for each in recipients],
        subject=mail.subject[:500],
        preview=" ".join(read(mail).body.split())[:160],
        raw=raw,
        size=len(raw),
    )
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [MOST_KEPT, MOST_BYTES])
    return row
