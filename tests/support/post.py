"""Mail for stories that look from outside: channels that send, and customers who write by SMTP."""

import re
import smtplib
from email.message import EmailMessage
from typing import Any

from apps.email.models import MailChannel
from apps.email.setup import channel_save
from apps.queues.models import Queue


def channel_make(address: str, queue: str, port: int) -> None:
    """An active channel of this queue, whose mail leaves by a server on this port."""
    channel_save(
        channel=MailChannel(
            address=address,
            display_name="Acme Support",
            signature="Acme Support",
            queue=Queue.objects.get(pk=queue),
            is_active=True,
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="none",
        )
    )


def port_of(stack: Any) -> int:
    """Where the stack takes mail in, as its process says."""
    found = re.search(r"Mail is taken in on [\w.]+:(\d+)", stack.logs.tail("mail", 200))
    assert found, "the process that takes mail in has said nothing"
    return int(found[1])


def mail_from(sender: str, to: str, subject: str, body: str, **headers: str) -> EmailMessage:
    """A mail as a customer's program writes it; header names have underscores for hyphens."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return mail


def deliver(stack: Any, mail: EmailMessage, to: str) -> None:
    """Hand a mail over to the stack, as a server does."""
    with smtplib.SMTP("127.0.0.1", port_of(stack), timeout=20) as client:
        client.sendmail(str(mail["From"]), [to], mail.as_bytes())
