"""The mail catcher: outbound mail of local mode is kept for `/demo/mail/`, and leaves for nowhere."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

import structlog
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django_tenants.utils import get_public_schema_name

from apps.demo.actions import mail_catch

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
