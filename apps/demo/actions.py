"""What customers of the demo write goes the way of all mail: received, filed, answered (EML-1 to EML-3)."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.demo.customer_mail import customer_mail
from apps.demo.mailbox import mail_catch
from apps.demo.models import CaughtMail
from apps.email.choices import Inbound
from apps.mailin.actions import Envelope, mail_receive
from apps.mailin.authentication import Authentication, Check, Result
from apps.mime.compose import compose
from apps.mime.parse import parse
from apps.mime.types import Address, Part
from apps.tenants.actions import mail_address_of

PEER = "demo"
"""Stands where the address of a server does."""


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
    before = parse(bytes(answers.raw)) if answers else None
    target = Address("", to)
    if before:
        target = next(iter((*before.reply_to, *before.from_)), target)
    mail = customer_mail(key=uuid7(), author=author, to=target, body=body, subject=subject, answers=before, files=files)
    raw = compose(mail)
    found = mail_address_of(target.address)
    if found is None or found.tenant.schema_name != connection.schema_name:  # type: ignore[attr-defined]
        raise DomainError("mail_refused", _("No mail is received here for %(address)s.") % {"address": target.address})
    domain = author.address.rpartition("@")[2]
    vouched = Authentication(by=PEER, dmarc=Check(Result.PASS, domain))
    envelope = Envelope(author.address, target.address, PEER, came_by=Inbound.WEBHOOK, authentication=vouched.told())
    mail_receive(channel_id=found.channel, raw=raw, envelope=envelope)
    return mail_catch(raw=raw, sender=author.address, recipients=[target.address], is_written=True)
