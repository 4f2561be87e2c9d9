"""Mails as providers bring them by webhooks."""

import base64
import json
from typing import Any

from apps.email.models import MailHook
from apps.mailin.actions.sources import hook_save
from tests.support.inbound_mails import SUPPORT, make_channel, write

RAW = write("Grüße aus Köln", subject="Größe", mail_id="one@customer.example").replace(b"\n", b"\r\n")


BOUNDARY = "xYzZY"


PDF = base64.b64encode(b"%PDF-1.4").decode()


RETURN, TO = "bounce@customer.example", "support+x@acme.test"


Payload = tuple[bytes, str]


def make_hook(provider: str = "mailgun", address: str = SUPPORT) -> MailHook:
    return hook_save(hook=MailHook(channel=make_channel(address), provider=provider))


def as_json(said: Any) -> Payload:
    return json.dumps(said).encode(), "application/json"


def as_form(fields: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None) -> Payload:
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode() for name, text in fields.items()
    ]
    for name, (file, content) in (files or {}).items():
        head = (
            f'Content-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: application/pdf\r\n\r\n'
        )
        parts.append(head.encode() + content + b"\r\n")
    body = b"".join(f"--{BOUNDARY}\r\n".encode() + part for part in parts) + f"--{BOUNDARY}--\r\n".encode()
    return body, f"multipart/form-data; boundary={BOUNDARY}"


TEXT = RAW.decode()


SIGNED = {"timestamp": "1763800000", "token": "a" * 50, "signature": "b" * 64}


MAILGUN = {"sender": RETURN, "recipient": TO, "body-mime": TEXT, "subject": "Größe", **SIGNED}


POSTMARK = {
    "FromName": "Ana",
    "From": "ana@customer.example",
    "FromFull": {"Email": "ana@customer.example", "Name": "Ana", "MailboxHash": ""},
    "To": SUPPORT,
    "ToFull": [{"Email": SUPPORT, "Name": "", "MailboxHash": ""}],
    "OriginalRecipient": TO,
    "Subject": "Größe",
    "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b",
    "Date": "Fri, 1 Aug 2014 16:45:32 -0400",
    "TextBody": "Grüße aus Köln",
    "HtmlBody": "<p>Grüße aus Köln</p>",
    "Headers": [
        {"Name": "Return-Path", "Value": f"<{RETURN}>"},
        {"Name": "Message-ID", "Value": "<one@x.example>"},
    ],
    "Attachments": [
        {
            "Name": "a.pdf",
            "Content": base64.b64encode(b"%PDF-1.4").decode(),
            "ContentType": "application/pdf",
            "ContentLength": 8,
        }
    ],
}


SPARKPOST = [
    {
        "msys": {
            "relay_message": {
                "content": {"email_rfc822": base64.b64encode(RAW).decode(), "email_rfc822_is_base64": True},
                "msg_from": RETURN,
                "rcpt_to": TO,
                "protocol": "smtp",
                "webhook_id": "4839201967643219",
            }
        }
    }
]


MAILJET = {
    "Sender": RETURN,
    "Recipient": TO,
    "Date": "20260810T051638",
    "From": "Ana <ana@customer.example>",
    "Subject": "Größe",
    "Headers": {
        "From": "Ana <ana@customer.example>",
        "To": SUPPORT,
        "Subject": "Größe",
        "Message-ID": "<one@x.example>",
        "Received": ["from a", "from b"],
    },
    "Parts": [
        {"Headers": {"Content-Type": "text/plain; charset=utf-8"}, "ContentRef": "Text-part"},
        {
            "Headers": {"Content-Disposition": 'attachment; filename="a.pdf"', "Content-Type": "application/pdf"},
            "ContentRef": "Attachment1",
        },
    ],
    "Text-part": "Grüße aus Köln",
    "Attachment1": PDF,
    "SpamAssassinScore": "0.5",
}


POSTAL = {"id": 1, "rcpt_to": TO, "mail_from": RETURN, "message": base64.b64encode(RAW).decode(), "base64": True}


SES = {
    "Type": "Notification",
    "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    "TopicArn": "arn:aws:sns:us-east-1:123456789012:Inbound",
    "Message": json.dumps(
        {
            "notificationType": "Received",
            "mail": {"source": RETURN, "messageId": "jili9m351il3gkburn7o2f0u6788stij94c8ld01"},
            "receipt": {"recipients": [TO], "action": {"type": "SNS", "encoding": "BASE64"}},
            "content": base64.b64encode(RAW).decode(),
        }
    ),
}
