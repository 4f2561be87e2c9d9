"""Hosts that would take all of the listener's time, or say what is no address (EML-1)."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from apps.email.models import RawMail
from apps.mailin.listener import MOST_CONNECTIONS, MOST_OF_PEER
from tests.support.inbound_mails import SUPPORT, make_channel, write
from tests.support.mail_listener import mail_listener
from tests.support.media import media_in

pytestmark = pytest.mark.django_db(transaction=True)
RAW = write().replace(b"\n", b"\r\n")


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


@contextmanager
def crowd(port: int, *hosts: str) -> Iterator[list[tuple[socket.socket, bytes]]]:
    """Connections from hosts, each with what it is greeted with."""
    with ExitStack() as stack:
        found = []
        for host in hosts:
            link = stack.enter_context(socket.create_connection(("127.0.0.1", port), 20, (host, 0)))
            found.append((link, link.recv(200)))
        yield found


def rest_of(link: socket.socket) -> bytes:
    """What it still hears until it is left."""
    link.settimeout(20)
    heard = b""
    try:
        while piece := link.recv(1000):
            heard += piece
    except ConnectionResetError:
        pass
    return heard


def sends_from(port: int, host: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20, source_address=(host, 0)) as smtp:
        assert smtp.sendmail("bounces@customer.example", [SUPPORT], RAW) == {}


def test_eml_1_one_host_leaves_room_for_the_others(acme: Any) -> None:
    make_channel()
    with mail_listener() as port, crowd(port, *["127.0.0.1"] * MOST_CONNECTIONS) as links:
        greeted = [said[:3] for _link, said in links]
        assert greeted == [b"220"] * MOST_OF_PEER + [b"421"] * (MOST_CONNECTIONS - MOST_OF_PEER)
        sends_from(port, "127.0.0.2")
    assert RawMail.objects.count() == 1


def test_eml_1_many_hosts_make_room_for_who_has_a_mail(acme: Any) -> None:
    make_channel()
    hosts = [f"127.0.1.{number // MOST_OF_PEER}" for number in range(MOST_CONNECTIONS)]
    with mail_listener() as port, crowd(port, *hosts) as links:
        assert {said[:3] for _link, said in links} == {b"220"}
        sends_from(port, "127.0.0.2")
        assert rest_of(links[0][0]).startswith(b"421 ")
        links[1][0].sendall(b"NOOP\r\n")
        assert links[1][0].recv(100).startswith(b"250 ")
    assert RawMail.objects.count() == 1


def test_eml_1_who_begins_no_mail_is_sent_away(acme: Any) -> None:
    with mail_listener(patience=0.5) as port, crowd(port, "127.0.0.1", "127.0.0.3") as links:
        links[1][0].sendall(b"EHLO there\r\n")
        assert rest_of(links[0][0]).startswith(b"421 4.4.2")
        assert b"\r\n421 4.4.2" in rest_of(links[1][0])


@pytest.mark.parametrize(
    "begins", [b"MAIL FROM:<a@x.example>\r\n", b"MAIL FROM:<a@x.example>\r\nRCPT TO:<%s>\r\nDATA\r\n"]
)
def test_eml_1_a_mail_that_does_not_come_is_cut(acme: Any, begins: bytes) -> None:
    make_channel()
    with mail_listener(grace=0.5) as port, crowd(port, "127.0.0.1") as links:
        link = links[0][0]
        link.sendall(b"EHLO there\r\nMAIL FROM:<a@x.example>\r\n" + begins.replace(b"%s", SUPPORT.encode()))
        assert b"421 4.4.2" in rest_of(link)
        sends_from(port, "127.0.0.2")
    assert RawMail.objects.count() == 1


@pytest.mark.parametrize(
    "address", [b"\xff@acme.test", b"a\x01b@acme.test", b"sup\x7fport@acme.test", b"a\xc2\x85@acme.test"]
)
def test_eml_1_what_is_no_address_is_refused_for_good(acme: Any, address: bytes) -> None:
    make_channel()
    with mail_listener() as port, crowd(port, "127.0.0.1") as links:
        link = links[0][0]
        for command, reply in (
            (b"HELO there", b"250"),
            (b"MAIL FROM:<" + address + b">", b"55"),
            (b"MAIL FROM:<a@x.example>", b"250"),
            (b"RCPT TO:<" + address + b">", b"55"),
            (b"RCPT TO:<" + SUPPORT.encode() + b">", b"250"),
        ):
            link.sendall(command + b"\r\n")
            assert link.recv(2000).startswith(reply), command
