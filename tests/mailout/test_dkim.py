"""Mails are signed by their domain, as other people's code checks it (EML-10, RFC 6376)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dkim
import pytest
from django.db import IntegrityError, transaction

from apps.core.errors import DomainError
from apps.email.actions.channels import channel_save
from apps.email.models import MailChannel, OutboundMail
from apps.email.secrets import SIGNING, signing_key
from apps.mailout.actions.delivery import mail_deliver
from apps.mailout.outgoing_mail import outgoing_mail
from apps.mime.compose import compose_mail
from apps.mime.sign import dns_record, key_make, sign_mail
from apps.mime.types import Address, OutgoingMail, Part
from apps.vault.actions import data_keys_erase
from tests.support.browser import signed_in, user_as
from tests.support.inbound_mails import SUPPORT, make_channel
from tests.support.mail_server import MailServer, mail_server
from tests.support.media import media_in
from tests.support.outbound_mails import channel_to, due_now, mailer, reply, sent, thread_with

PRIVATE, PUBLIC = key_make()
NAME = b"parley._domainkey.acme.example."


def zone(public: str = PUBLIC, name: bytes = NAME) -> Any:
    """A DNS that knows one record, in the strings in which we show it."""
    text = "".join(dns_record(public)[1:-1].split('" "')).encode()
    return lambda asked, timeout=5: text if asked == name else None


def mail(**changes: Any) -> OutgoingMail:
    given: dict[str, Any] = {
        "message_id": "m1@acme.example",
        "date": datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        "from_": Address("Acme, Support", "support@acme.example"),
        "to": (Address("Ana", "ana@customer.example"),),
        "subject": "Your order",
        "text": "Hello Ana,\n\nit is on its way.\n",
    }
    return OutgoingMail(**(given | changes))


def signed(raw: bytes) -> bytes:
    return sign_mail(raw, domain="acme.example", selector="parley", private=PRIVATE)


MAILS = {
    "plain": mail(),
    "nothing": mail(text=""),
    "empty lines at its end": mail(text="Hello\n\n\n\n"),
    "spaces": mail(text="a  b \t c \n\tindented   \n \n"),
    "dots and from": mail(text=".\n..\nFrom me\n"),
    "other scripts": mail(subject="Vaše objednávka №7 " * 9, text="Здравствуйте, 你好 👋\n" * 40),
    "html and a file": mail(html="<p>Hello</p>", attachments=(Part("a.bin", "application/x-a", bytes(range(256))),)),
    "many": mail(cc=tuple(Address(f"Person {n}", f"p{n}@customer.example") for n in range(30)), is_automatic=True),
    "an answer": mail(in_reply_to="q@x.example", references=tuple(f"r{n}@x.example" for n in range(30))),
    "long lines": mail(text="word " * 3000),
}


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_of_any_shape_is_verified_by_somebody_else(name: str) -> None:
    raw = signed(compose_mail(MAILS[name]))
    assert dkim.verify(raw, dnsfunc=zone()) is True
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) < 100
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert signed(compose_mail(MAILS[name])) == raw


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"on its way", b"on its wax"),
        (b"Subject: Your", b"Subject: No"),
        (b"support@acme", b"suppord@acme"),
        (b"MIME-Version", b"Reply-To: eve@x.example\r\nMIME-Version"),
        (b"MIME-Version", b"Subject: Another\r\nMIME-Version"),
        (b"MIME-Version", b"From: eve@x.example\r\nMIME-Version"),
    ],
)
def test_what_is_changed_or_added_on_the_way_is_noticed(was: bytes, becomes: bytes) -> None:
    raw = signed(compose_mail(mail()))
    head, _mark, rest = raw.partition(b"\r\nDate:")
    changed = head + b"\r\nDate:" + rest.replace(was, becomes, 1)
    assert changed != raw
    assert dkim.verify(changed, dnsfunc=zone()) is False
    assert dkim.verify(raw, dnsfunc=zone(key_make()[1])) is False


def test_what_servers_do_to_spaces_on_the_way_is_no_change() -> None:
    raw = (
        signed(compose_mail(mail()))
        .replace(b"Subject: Your order", b"subject:Your   order")
        .replace(b"way.", b"way.  ")
    )
    assert dkim.verify(raw, dnsfunc=zone()) is True


def test_the_record_is_in_strings_that_a_zone_file_holds() -> None:
    strings = dns_record(PUBLIC)[1:-1].split('" "')
    assert [len(each) <= 255 for each in strings] == [True, True]
    assert "".join(strings) == f"v=DKIM1; k=rsa; p={PUBLIC}"


# --- Of a channel


@pytest.fixture
def server(acme: Any, settings: Any, tmp_path: Any) -> Iterator[MailServer]:
    media = media_in(settings, tmp_path)
    next(media)
    with mail_server() as found:
        yield found
    next(media, None)


def sign_by(channel: MailChannel, selector: str, *, signs: bool = True) -> MailChannel:
    channel.dkim_selector, channel.signs = selector, signs
    return channel_save(channel=channel)


def again(row: OutboundMail) -> OutboundMail:
    due_now(row)
    mail_deliver(outbound_id=row.pk)
    return OutboundMail.objects.get(pk=row.pk)


def record_of(channel: MailChannel) -> Any:
    domain = channel.address.rpartition("@")[2]
    return zone(channel.dkim_public, f"{channel.dkim_selector}._domainkey.{domain}.".encode())


@pytest.mark.django_db(transaction=True)
def test_eml_10_each_attempt_is_the_same_signed_mail(server: MailServer) -> None:
    agent, channel = mailer(), sign_by(channel_to(server), "Parley")
    thread = thread_with(agent, channel)
    server.says[""] = "451 Later"
    row = sent(reply(thread, agent))
    assert (row.state, server.mails) == ("queued", [])
    del server.says[""]
    before = compose_mail(outgoing_mail(row))
    first = again(row)
    (taken,) = server.mails
    assert (first.state, dkim.verify(taken.content, dnsfunc=record_of(channel))) == ("sent", True)
    assert taken.content.endswith(before) and b"s=parley;" in taken.content


@pytest.mark.django_db(transaction=True)
def test_eml_10_a_key_that_was_erased_lets_nothing_leave_unsigned(server: MailServer) -> None:
    agent, channel = mailer(), sign_by(channel_to(server), "parley")
    thread = thread_with(agent, channel)
    data_keys_erase(purpose=SIGNING)
    row = sent(reply(thread, agent))
    assert (row.state, server.mails) == ("queued", [])
    assert row.error == "The key by which this channel signs was erased: give it another selector."
    sign_by(channel, "parley2")
    assert again(row).state == "sent"
    assert dkim.verify(server.mails[0].content, dnsfunc=record_of(channel)) is True


@pytest.mark.django_db(transaction=True)
def test_without_a_switch_or_a_selector_nothing_is_signed(server: MailServer) -> None:
    agent, channel = mailer(), sign_by(channel_to(server), "parley", signs=False)
    sent(reply(thread_with(agent, channel), agent))
    assert (b"DKIM-Signature" in server.mails[0].content, signing_key(channel)) == (False, None)


@pytest.mark.django_db
def test_a_selector_stands_for_one_key_and_another_one_for_another(acme: Any) -> None:
    channel = sign_by(make_channel(), "one")
    first, private = channel.dkim_public, signing_key(channel)
    assert (sign_by(channel, "one").dkim_public, signing_key(channel)) == (first, private)
    assert sign_by(channel, "two").dkim_public != first
    with pytest.raises(DomainError, match="mail_selector_missing"):
        sign_by(channel, "")
    sign_by(channel, "", signs=False)
    assert (channel.dkim_public, channel.dkim_sealed) == ("", None)
    with pytest.raises(IntegrityError, match="email_channel_signs_by_a_key"), transaction.atomic():
        MailChannel.objects.filter(pk=channel.pk).update(signs=True)


@pytest.mark.django_db
def test_the_administrator_reads_the_record_and_never_the_key(acme: Any) -> None:
    channel, browser = make_channel(), signed_in(user_as("administrator"))
    page = f"/admin/email/mailchannel/{channel.pk}/change/"
    form = {
        "address": SUPPORT,
        "queue": str(channel.queue_id),
        "inbound": "listener",
        "smtp_port": "587",
        "smtp_security": "starttls",
        "flood_limit": "100",
        "reopen_days": "7",
    }
    refused = browser.post(page, form | {"signs": "on"})
    assert (refused.status_code, "name its selector" in refused.content.decode()) == (200, True)
    assert browser.post(page, form | {"dkim_selector": "no dots."}).status_code == 200
    assert browser.post(page, form | {"dkim_selector": "parley", "signs": "on"}).status_code == 302
    channel.refresh_from_db()
    shown = browser.get(page).content.decode()
    assert (f"parley._domainkey.{SUPPORT.rpartition('@')[2]}" in shown, channel.dkim_public[:40] in shown) == (
        True,
        True,
    )
    assert "v=DKIM1; k=rsa; p=" in shown
