"""Mail for stories that look from outside: channels that send, and customers who write by SMTP."""

import re
import smtplib
from email.message import EmailMessage
from typing import Any

from apps.email.actions.channels import channel_save
from apps.email.choices import OutboundState
from apps.email.models import MailChannel, OutboundMail
from apps.mailout.actions import outbound_release
from apps.queues.models import Queue
from tests.support.mail_server import Taken


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
    hand_over(stack, mail.as_bytes(), to, sender=str(mail["From"]))


def hand_over(stack: Any, content: bytes, to: str, *, sender: str = "") -> None:
    """Hand any bytes over to the stack; from nobody, as reports are."""
    with smtplib.SMTP("127.0.0.1", port_of(stack), timeout=20) as client:
        client.sendmail(sender, [to], content)


def report_of(taken: Taken, why: str = "550 5.2.2 The mailbox is full") -> bytes:
    """What a server sends back that could not deliver a mail after all (RFC 3464)."""
    failed = "".join(
        f"\r\nFinal-Recipient: rfc822; {each}\r\nAction: failed\r\nStatus: {why.split()[1]}\r\n"
        f"Diagnostic-Code: smtp; {why}\r\n"
        for each in taken.recipients
    )
    lines = [
        "From: Mail Delivery System <mailer-daemon@mx.customers.example>",
        f"To: {taken.sender}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Message-ID: <report.{taken.mail_id}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="part"',
        "",
        "--part",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "I am sorry to have to inform you that your message could not be delivered.",
        "--part",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.customers.example",
        failed,
        "--part--",
        "",
    ]
    return "\r\n".join(lines).encode()


def leave(queue: str) -> None:
    """Whatever agents of a queue can still take back leaves now (EML-8)."""
    held = OutboundMail.objects.filter(conversation__queue=queue, state=OutboundState.HELD)
    for pk in held.values_list("pk", flat=True):
        outbound_release(outbound_id=pk)
