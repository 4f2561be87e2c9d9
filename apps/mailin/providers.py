"""What providers' webhooks say, as mails (EML-1): Anymail knows each of them, and we take the mail as it came.

Where a provider sends the whole mail, its bytes are used as they are. Where it sends pieces, the mail is put together
again, the same each time, so that one that is brought twice is known.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import Any, Final

from anymail.exceptions import AnymailConfigurationError, AnymailError
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.mailjet import MailjetInboundWebhookView
from anymail.webhooks.postal import PostalInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sparkpost import SparkPostInboundWebhookView
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from apps.email.choices import Provider
from apps.mailin.authentication.results import Authentication, Check, Result
from apps.mime.addresses import parse_addresses

FOLDS: Final = policy.SMTP.clone(max_line_length=None)


class UnreadableRequestError(Exception):
    """This is not what the provider sends when a mail came."""


@dataclass(frozen=True)
class ProviderMail:
    """A mail that a provider brought.

    Attributes:
        raw: it.
        sender: where it is returned to, if that is known.
        recipient: for whom it was, if that is known.
        authentication: what the provider says of the sender beside the mail; in it, anybody may have written that.
        is_put_together: whether it came in pieces, so that no signature fits any more.
    """

    raw: bytes
    sender: str = ""
    recipient: str = ""
    authentication: Authentication | None = None
    is_put_together: bool = False


def provider_mails(provider: str, request: HttpRequest, body: bytes) -> list[ProviderMail]:
    """The mails that a request brings.

    Args:
        provider: a value of `Provider`.
        request: its body was read; how large it may be is the caller's business.
        body: of the request.

    Raises:
        Unread: it brings none.
    """
    try:
        if provider == Provider.SES:
            return list(_ses(body))
        _fill(request, body)
        view, raw_of = READERS[provider]
        return [_brought(event, raw_of(event.esp_event)) for event in view().parse_events(request)]
    except (AnymailConfigurationError, AnymailError, LookupError, TypeError, ValueError, AttributeError) as failure:
        raise UnreadableRequestError(repr(failure)[:300]) from failure


def _fill(request: Any, body: bytes) -> None:
    """Let the request have its body and its fields: Django would take no more than a page's form of them."""
    request._body = body  # noqa: SLF001 - as reading it would
    request._post, request._files = QueryDict(mutable=True), MultiValueDict()  # noqa: SLF001
    if request.content_type == "application/x-www-form-urlencoded":
        request._post = QueryDict(body, encoding="utf-8")  # noqa: SLF001
    elif request.content_type == "multipart/form-data":
        for part in _parts(request.headers["Content-Type"], body):
            content = part.get_payload(decode=True)
            name = str(part.get_param("name", header="content-disposition") or "")
            if not isinstance(content, bytes):
                continue
            if (file := part.get_filename()) is None:
                request._post.appendlist(name, content.decode("utf-8", "surrogateescape"))  # noqa: SLF001
            else:
                kept = SimpleUploadedFile(file, content, part.get_content_type())
                request._files.appendlist(name, kept)  # noqa: SLF001


def _parts(content_type: str, body: bytes) -> Iterator[Message]:
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", "replace")
    read = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    yield from (part for part in read.iter_parts() if isinstance(part, Message))


def _brought(event: Any, raw: bytes | None) -> ProviderMail:
    message = event.message
    if raw is None and not message.get("From"):
        raise UnreadableRequestError("nobody has written it")
    sender, recipient = message.envelope_sender or "", message.envelope_recipient or ""
    return ProviderMail(raw or _put_together(message), sender, recipient, is_put_together=not raw)


def _put_together(message: Any) -> bytes:
    """A mail that came in pieces, as bytes; what separates them is by its id, not by chance."""
    seed = str(message.get("Message-ID", "")) or "none"
    for number, part in enumerate(each for each in message.walk() if each.is_multipart()):
        part.set_boundary(f"=_{hashlib.sha256(f'{seed}/{number}'.encode()).hexdigest()[:32]}")
    return bytes(message.as_bytes(policy=FOLDS))


def _text(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _mailgun(request: Any) -> bytes | None:
    return _text(request.POST["body-mime"]) if "body-mime" in request.POST else None


def _postmark(event: Any) -> bytes | None:
    return _text(event["RawEmail"]) if event.get("RawEmail") else None


def _sparkpost(event: Any) -> bytes:
    content = event["msys"]["relay_message"]["content"]
    text = content["email_rfc822"]
    return base64.b64decode(text) if content.get("email_rfc822_is_base64") else _text(text)


def _postal(event: Any) -> bytes | None:
    return base64.b64decode(event["message"]) if event.get("base64") else _text(event["message"])


def _mailjet(_event: Any) -> None:
    return None


READERS: Final[dict[str, tuple[Callable[[], Any], Callable[[Any], bytes | None]]]] = {
    Provider.MAILGUN: (
        lambda: MailgunInboundWebhookView(webhook_signing_key="none", webhook_secret="none"),  # noqa: S106
        _mailgun,
    ),
    Provider.POSTMARK: (lambda: PostmarkInboundWebhookView(webhook_secret="none"), _postmark),  # noqa: S106
    Provider.SPARKPOST: (lambda: SparkPostInboundWebhookView(webhook_secret="none"), _sparkpost),  # noqa: S106
    Provider.MAILJET: (lambda: MailjetInboundWebhookView(webhook_secret="none"), _mailjet),  # noqa: S106
    Provider.POSTAL: (lambda: PostalInboundWebhookView(webhook_key="none"), _postal),
}
"""Who reads, and where the whole mail stands. The keys are none: that the provider speaks, the address tells."""


def _ses(body: bytes) -> Iterator[ProviderMail]:
    """Amazon tells of mail by its notification service, which Anymail reads with a library of Amazon's alone."""
    said = json.loads(body)
    if said.get("Type") != "Notification":
        raise UnreadableRequestError("a subscription, to be confirmed by hand")
    told = json.loads(said["Message"])
    if told.get("notificationType") != "Received":
        raise UnreadableRequestError("no mail")
    action = told["receipt"]["action"]
    encoding = str(action.get("encoding", "UTF-8")).upper()
    try:
        raw = base64.b64decode(told["content"]) if encoding == "BASE64" else _text(told["content"])
    except binascii.Error as failure:
        raise UnreadableRequestError("its encoding") from failure
    recipients = told["receipt"].get("recipients") or [""]
    sender = str(told["mail"].get("source", ""))
    yield ProviderMail(raw, sender, str(recipients[0]), _ses_verdicts(told, sender))


_SES_WORDS: Final = {"PASS": Result.PASS, "FAIL": Result.FAIL, "GRAY": Result.NONE}


def _ses_verdicts(told: Any, sender: str) -> Authentication:
    """Amazon's own words about the sender. Whose signature was good it doesn't say: that is checked again."""
    receipt, authors = told["receipt"], told["mail"].get("commonHeaders", {}).get("from") or []

    def check(name: str, domain: str) -> Check:
        status = str((receipt.get(name) or {}).get("status", ""))
        return Check(_SES_WORDS.get(status, Result.UNKNOWN), domain) if status else Check()

    author = parse_addresses(str(authors[0])) if len(authors) == 1 else ()
    seen = author[0].address.rpartition("@")[2] if len(author) == 1 else ""
    return Authentication(
        by="Amazon SES",
        spf=check("spfVerdict", sender.rpartition("@")[2].lower()),
        dmarc=check("dmarcVerdict", seen),
        policy=str(receipt.get("dmarcPolicy", "")).lower(),
    )
