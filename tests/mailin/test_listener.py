"""The built-in SMTP listener, spoken to by a real client (EML-1, EML-2, TEN-1)."""

import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django_tenants.utils import tenant_context

from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.email.actions.channels import channel_delete, channel_save
from apps.email.models import MailChannel, RawMail
from apps.email.tokens import reply_address
from apps.mailin.listener import MOST_RECIPIENTS
from apps.tenants.actions import tenant_freeze
from apps.tenants.models import MailAddress, Tenant
from tests.support.inbound_mails import SUPPORT, make_channel, write
from tests.support.mail_listener import mail_listener
from tests.support.media import media_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> Any:
    yield from media_in(settings, tmp_path)


@pytest.fixture
def port(acme: Any) -> Iterator[int]:
    with mail_listener() as port:
        yield port


def client(port: int) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", port, timeout=20)


def test_eml_1_what_is_acknowledged_is_stored_and_filed(port: int) -> None:
    make_channel()
    raw = write(".\n..two dots, and a long line\n" + "x" * 5000).replace(b"\n", b"\r\n")
    with client(port) as smtp:
        assert smtp.sendmail("bounces@customer.example", [SUPPORT.upper()], raw) == {}
        assert smtp.sendmail("bounces@customer.example", [SUPPORT], raw) == {}
    row = RawMail.objects.get()
    assert (row.state, row.envelope_from, row.envelope_to, row.peer) == (
        "new",
        "bounces@customer.example",
        SUPPORT.upper(),
        "127.0.0.1",
    )
    assert Conversation.objects.get().messages.get().body.startswith(".\n..two dots")


def test_eml_3_an_answer_to_a_conversations_own_address_finds_it(port: int) -> None:
    make_channel()
    with client(port) as smtp:
        smtp.sendmail("a@x.example", [SUPPORT], write())
        conversation = Conversation.objects.get()
        smtp.sendmail("a@x.example", [reply_address(SUPPORT, conversation.pk)], write("More"))
    assert [each.body for each in conversation.messages.order_by("number")] == ["Where is my parcel?", "More"]


def test_eml_11_the_empty_sender_of_machines_is_taken(port: int) -> None:
    make_channel()
    with client(port) as smtp:
        smtp.sendmail("", [SUPPORT], write(Auto_Submitted="auto-replied"))
    row = RawMail.objects.get()
    assert (row.envelope_from, row.state, row.reason) == ("", "quarantined", "auto_reply")


@pytest.mark.parametrize("address", ["nobody@acme.test", "support@globex.test", "support@acme.test.example", "support"])
def test_eml_1_who_is_nobody_here_is_told_so_before_anything_is_sent(port: int, address: str) -> None:
    make_channel()
    with client(port) as smtp:
        smtp.ehlo()
        smtp.mail("a@x.example")
        assert smtp.rcpt(address)[0] in {550, 553}
        assert smtp.docmd("DATA")[0] == 503
    assert RawMail.objects.count() == 0


def test_ten_1_each_tenant_gets_its_own_and_nothing_else(port: int, globex: Any) -> None:
    make_channel()
    with tenant_context(globex):
        make_channel("help@globex.test")
        with pytest.raises(DomainError, match="mail_address_taken"):
            make_channel(SUPPORT)
        assert not MailChannel.objects.filter(address=SUPPORT).exists()
    with client(port) as smtp:
        smtp.sendmail("a@x.example", [SUPPORT, "help@globex.test", "HELP+x@globex.test"], write("To both"))
        smtp.sendmail("a@x.example", ["help@globex.test"], write("To globex"))
    assert RawMail.objects.count() == 1
    with tenant_context(globex):
        assert RawMail.objects.count() == 2
        assert {each.messages.get().body for each in Conversation.objects.all()} == {"To both", "To globex"}


def test_ten_2_a_frozen_tenants_mail_is_to_be_sent_again_later(port: int, acme: Any) -> None:
    make_channel()
    tenant = Tenant.objects.get(schema_name="acme")
    tenant_freeze(tenant=tenant, frozen=True)
    with client(port) as smtp:
        smtp.ehlo()
        smtp.mail("a@x.example")
        assert smtp.rcpt(SUPPORT)[0] == 450
        tenant_freeze(tenant=tenant, frozen=False)
        assert smtp.rcpt(SUPPORT)[0] == 250


def test_eml_1_an_address_leads_to_a_channel_while_it_is_active(port: int, globex: Any) -> None:
    channel = make_channel(is_active=False)

    def answer(address: str) -> int:
        with client(port) as smtp:
            smtp.ehlo()
            smtp.mail("a@x.example")
            return int(smtp.rcpt(address)[0])

    assert answer(SUPPORT) == 550
    channel.is_active = True
    channel_save(channel=channel)
    assert answer(SUPPORT) == 250
    channel.address = "New@acme.test"
    channel_save(channel=channel)
    assert (answer(SUPPORT), answer("new@acme.test")) == (550, 250)
    with tenant_context(globex):
        make_channel(SUPPORT)  # Nobody's any more.
    channel_delete(channel=channel)
    assert answer("new@acme.test") == 550
    assert list(MailAddress.objects.values_list("address", flat=True)) == [SUPPORT]


def test_eml_1_what_is_too_large_is_refused_for_good(port: int) -> None:
    make_channel()
    raw = write("x\n" * 60_000)
    with client(port) as smtp:
        assert smtp.ehlo()[0] == 250
        assert smtp.esmtp_features["size"] == "100000"
        assert smtp.docmd("MAIL", "FROM:<a@x.example> SIZE=200000")[0] == 552
        smtp.mail("a@x.example")
        smtp.rcpt(SUPPORT)
        assert smtp.data(raw)[0] == 552
        assert smtp.sendmail("a@x.example", [SUPPORT], write()) == {}
    assert RawMail.objects.count() == 1


def test_eml_1_recipients_have_a_limit_and_a_reset_forgets_them(port: int) -> None:
    make_channel()
    with client(port) as smtp:
        smtp.ehlo()
        smtp.mail("a@x.example")
        assert {smtp.rcpt(SUPPORT)[0] for _ in range(MOST_RECIPIENTS)} == {250}
        assert smtp.rcpt(SUPPORT)[0] == 452
        smtp.rset()
        smtp.mail("a@x.example")
        assert smtp.docmd("DATA")[0] == 503
    assert RawMail.objects.count() == 0


def test_eml_2_nothing_is_no_mail(port: int) -> None:
    make_channel()
    with client(port) as smtp:
        smtp.ehlo()
        smtp.mail("a@x.example")
        smtp.rcpt(SUPPORT)
        assert smtp.data(b"\r\n")[0] == 554


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that nobody vouches for."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "mail.pem"
    path.write_bytes(pem + built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


def test_eml_1_with_a_certificate_it_speaks_tls(acme: Any, tmp_path: Path) -> None:
    make_channel()
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with mail_listener(tls=certificate(tmp_path)) as port, client(port) as smtp:
        smtp.ehlo()
        assert smtp.has_extn("starttls")
        smtp.starttls(context=trusting)
        assert smtp.sendmail("a@x.example", [SUPPORT], write()) == {}
    assert RawMail.objects.count() == 1


def test_eml_1_without_one_it_does_not_claim_to(port: int) -> None:
    with client(port) as smtp:
        smtp.ehlo()
        assert not smtp.has_extn("starttls")
