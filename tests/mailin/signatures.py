"""Mails with signatures, and what their domains publish."""

import base64
from typing import Any

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from apps.email.choices import Inbound
from apps.email.models import MailChannel, RawMail
from apps.mailin.actions import mails_file
from apps.mailin.authentication import Authentication
from tests.support.dns import Zone
from tests.support.inbound_mails import receive

ANA, PEER = "ana@customer.example", "8.8.4.4"


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)


PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()


def signed(raw: bytes, domain: str = "customer.example", **options: Any) -> bytes:
    return bytes(dkim.sign(raw, b"k1", domain.encode(), PRIVATE, **options)) + raw


def publish(zone: Zone, domain: str = "customer.example", *, policy: str = "", spf: str = "") -> None:
    """What a domain says of its mail, its key always."""
    zone.txt(f"k1._domainkey.{domain}", f"v=DKIM1; k=rsa; p={PUBLIC}")
    if policy:
        zone.txt(f"_dmarc.{domain}", f"v=DMARC1; {policy}")
    if spf:
        zone.txt(domain, spf)


def filed(channel: MailChannel, raw: bytes, *, by: str = Inbound.LISTENER, peer: str = PEER, **said: Any) -> RawMail:
    """A mail that came to the listener from outside, unless it is said otherwise."""
    said.setdefault("sender", ANA)
    row = receive(channel, raw, came_by=by, peer=peer, helo="mx.customer.example", **said)
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    return row


def found(row: RawMail) -> Authentication:
    return Authentication.read(row.authentication)


def words(row: RawMail) -> tuple[str, str, str, str]:
    said = found(row)
    return said.spf.result, said.dkim.result, said.dmarc.result, said.verified


EVE = "eve@home.example"
