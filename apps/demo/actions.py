"""What customers of the demo do: they write mails and read theirs, and sign in to a shop."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.chat.identity import keys_now, token_sign
from apps.chat.models import IdentityKey, WidgetChannel
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.demo.choices import Refusal
from apps.demo.customer_mail import customer_mail
from apps.demo.models import CaughtMail
from apps.demo.selectors import MOST_KEPT
from apps.demo.shop import ShopCustomer
from apps.email.body import mail_body
from apps.email.choices import Inbound
from apps.mailin.actions import Envelope, mail_receive
from apps.mailin.authentication import Authentication, Check, Result
from apps.mime.compose import compose_mail
from apps.mime.parse import parse_mail
from apps.mime.types import Address, Part
from apps.tenants.selectors import mail_address_of

PEER = "demo"
"""Stands where the address of a server does."""
TOKEN_LIFE = timedelta(minutes=10)
MOST_BYTES = 100 * 1024 * 1024
"""With `MOST_KEPT`, how much mail a tenant keeps: the newest, whichever of the two is reached first."""

_FORGET = """
DELETE FROM demo_caughtmail WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER newest AS place, sum(size) OVER newest AS bytes
        FROM demo_caughtmail WINDOW newest AS (ORDER BY id DESC)
    ) AS kept WHERE place > %s OR (bytes > %s AND place > 1)
)
"""


@transaction.atomic
def mail_write(
    *, author: Address, to: str, subject: str, body: str, answers: CaughtMail | None = None, files: Sequence[Part] = ()
) -> CaughtMail:
    """Write a mail as a customer, and hand it over as another server would.

    Args:
        author: the customer.
        to: whom it is for; an answer goes where the mail that it answers wants it.
        subject: of a mail that begins a thread.
        body: what it says.
        answers: the mail that it answers.
        files: what comes with it.

    Raises:
        DomainError: ``mail_refused`` when nobody here takes mail for the address, or what writing and receiving refuse.
    """
    before = parse_mail(bytes(answers.raw)) if answers else None
    target = Address("", to)
    if before:
        target = next(iter((*before.reply_to, *before.from_)), target)
    mail = customer_mail(key=uuid7(), author=author, to=target, body=body, subject=subject, answers=before, files=files)
    raw = compose_mail(mail)
    found = mail_address_of(target.address)
    if found is None or found.tenant.schema_name != connection.schema_name:  # type: ignore[attr-defined]
        raise DomainError(
            Refusal.MAIL_REFUSED, _("No mail is received here for %(address)s.") % {"address": target.address}
        )
    domain = author.address.rpartition("@")[2]
    vouched = Authentication(by=PEER, dmarc=Check(Result.PASS, domain))
    envelope = Envelope(author.address, target.address, PEER, came_by=Inbound.WEBHOOK, authentication=vouched.told())
    mail_receive(channel_id=found.channel, raw=raw, envelope=envelope)
    return mail_catch(raw=raw, sender=author.address, recipients=[target.address], is_written=True)


@transaction.atomic
def mail_catch(*, raw: bytes, sender: str, recipients: Sequence[str], is_written: bool = False) -> CaughtMail:
    """Keep a mail, and forget the oldest where there are too many.

    Args:
        raw: as it would have gone over the wire.
        sender: where it would be returned to.
        recipients: everybody of its envelope.
        is_written: a customer has written it.
    """
    mail = parse_mail(raw)
    row: CaughtMail = CaughtMail.objects.create(
        is_written=is_written,
        sender=sender[:320],
        recipients=[each[:320] for each in recipients],
        subject=mail.subject[:500],
        preview=" ".join(mail_body(mail).body.split())[:160],
        raw=raw,
        size=len(raw),
    )
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [MOST_KEPT, MOST_BYTES])
    return row


@transaction.atomic
def identity_token_sign(*, channel: WidgetChannel, customer: ShopCustomer) -> str:
    """A token as the server of a demo shop would sign it (CHAT-12); a widget without a secret gets one.

    Args:
        channel: the shop's widget.
        customer: who has signed in to the shop.
    """
    WidgetChannel.objects.select_for_update().get(pk=channel.pk)
    key = keys_now(channel.pk).first() or IdentityKey.objects.create(channel=channel)
    expires = timezone.now() + TOKEN_LIFE
    return token_sign(key, sub=customer.key, name=customer.name, email=customer.email, exp=int(expires.timestamp()))
