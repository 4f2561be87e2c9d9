"""By which server or backend a channel's mail leaves, and which servers are away just now (EML-10)."""

from contextlib import suppress
from email.utils import format_datetime

import structlog
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from redis import RedisError

from apps.email.choices import Security
from apps.email.models import MailChannel, OutboundMail
from apps.email.secrets import smtp_password
from apps.email.servers import server_check
from apps.email.tokens import bounce_address
from apps.mailout.selectors.outbox import SMTP_BACKEND
from apps.mailout.transport import DeliveryOutcome, SmtpServer, UndeliveredError
from apps.mime.types import OutgoingMail

# A server that is away costs each worker time until it gives up: for a while others don't try. Valkey may be away, too.

log = structlog.get_logger(__name__)


AWAY_SECONDS = 30
"""How long nobody else tries a server that did not answer."""


def refuse_away_server(server: SmtpServer) -> None:
    """Refuse a server that did not answer a moment ago.

    Raises:
        UndeliveredError: with what was wrong then.
    """
    said = None
    with suppress(RedisError):
        said = cache.get(_away(server))
    if said is not None:
        raise UndeliveredError(said)


def remember_away_server(server: SmtpServer, failure: UndeliveredError) -> None:
    """Have others leave a server alone for a while."""
    with suppress(RedisError):
        cache.set(_away(server), failure.text, AWAY_SECONDS)


def _away(server: SmtpServer) -> str:
    return f"email.away.{server.host}.{server.port}"


def outgoing_server(channel: MailChannel) -> SmtpServer | None:
    """The SMTP server that takes a channel's mail: its own, else this installation's; None where a backend does."""
    if channel.smtp_host:
        security = Security(channel.smtp_security)
        return SmtpServer(
            channel.smtp_host, channel.smtp_port, security, channel.smtp_user, smtp_password(channel), server_check
        )
    if settings.EMAIL_BACKEND != SMTP_BACKEND:
        return None
    if not settings.EMAIL_HOST:
        raise UndeliveredError(_("This channel has no outgoing server."))
    security = (
        Security.TLS if settings.EMAIL_USE_SSL else Security.STARTTLS if settings.EMAIL_USE_TLS else Security.NONE
    )
    return SmtpServer(
        settings.EMAIL_HOST, settings.EMAIL_PORT, security, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD
    )


def return_address(row: OutboundMail) -> str:
    """Where reports about a mail go: an address of its own, by which it is known again, where the server takes such."""
    address = bounce_address(row.channel.address, row.pk)
    fits = row.channel.plus_addresses and len(address.rpartition("@")[0]) <= 64
    return address if fits else row.channel.address


def backend_send(mail: OutgoingMail, recipients: list[str], sender: str) -> DeliveryOutcome:
    """By a backend of Django's, such as a provider's: it takes a mail as a whole, or not at all."""
    message = django_message(mail, recipients, sender)
    try:
        sent = get_connection(fail_silently=False).send_messages([message])
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:
        log.exception("email.backend_failed", mail=mail.message_id)
        raise UndeliveredError(_("The mail provider has not taken it.")) from error
    if not sent:
        raise UndeliveredError(_("The mail provider has not taken it."))
    return DeliveryOutcome(tuple(recipients))


def django_message(mail: OutgoingMail, recipients: list[str], sender: str) -> EmailMultiAlternatives:
    """A mail as Django's backends take it, for those of its recipients who have still to get it."""
    wanted = {each.casefold() for each in recipients}

    def written(addresses: tuple[object, ...]) -> list[str]:
        return [_address_line(each) for each in addresses if getattr(each, "key", "") in wanted]

    headers = {"Message-ID": f"<{mail.message_id}>", "Date": format_datetime(mail.date)}
    if mail.in_reply_to:
        headers["In-Reply-To"] = f"<{mail.in_reply_to}>"
    if mail.references:
        headers["References"] = " ".join(f"<{each}>" for each in mail.references)
    if mail.is_automatic:
        headers |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=_address_line(mail.from_),
        to=written(mail.to),
        cc=written(mail.cc),
        bcc=written(mail.bcc),
        reply_to=[_address_line(mail.reply_to)] if mail.reply_to else None,
        headers=headers | dict(mail.headers),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for part in mail.attachments:
        message.attach(part.name, part.content, part.media_type)
    message.envelope_sender = sender  # type: ignore[attr-defined]  # Providers' backends take it from here.
    return message


def _address_line(address: object) -> str:
    name, plain = getattr(address, "name", ""), getattr(address, "address", "")
    if not name:
        return str(plain)
    quoted = str(name).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{plain}>'
