"""EML-4: reading never raises, whatever the bytes; what it gives can be stored, cut apart and shown; all in time."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.mime.markup import tidy_markup
from apps.mime.parse import parse_mail
from apps.mime.plain import to_text
from apps.mime.quotes import Role, split_text
from apps.mime.quotes_html import split_html
from apps.mime.safe import make_safe
from apps.mime.types import ParsedMail
from tests.mime.corpus import CASES

pytestmark = pytest.mark.slow

FORBIDDEN = {chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000))}
PIECES = (
    b"From: |To: |Subject: |Date: |Message-ID: <a@b>|Content-Type: multipart/mixed; boundary=b|--b|--b--|text/calendar"
    b"|Content-Type: text/html; charset=|utf-7|gb18030|iso-2022-jp|utf-16|hz|utf-8|=?utf-8?B?|=?gbk?Q?|?=|<|>|(|)"
    b"|format=flowed"
    b"|Content-Transfer-Encoding: base64|quoted-printable|x-uuencode|begin 644 x\n|message/delivery-status|; "
    b"|multipart/report; report-type=delivery-status|Final-Recipient: rfc822; x@y|Action: failed|BEGIN:VEVENT\nDTSTART:"
    b"|filename*0*=utf-8''%|name*1=|<blockquote type=cite>|<div class=gmail_quote>|<p>|<table><td>|On x wrote:\n> a\n"
    b"|-- \nAna|-----Original Message-----|From: x\nSent: y\nTo: z\nSubject: q\n|<!--|-->|<font size=1>|<svg>|</p>|&#x"
    b'|\r\n|\n|\r|\x00|\xff|\xc3|\\|"|=|;|:|,|@| |\t|&amp'
).split(b"|")
HOSTILE = (
    b"<div><p>|<b><p>|<font size=1><p>|<li>|<ul><li>|<table><tr><td>|<a href=x>|<|<!--|<a |<a b='|<svg>|</p>"
    b"|<table>x<b>"
    b"|<blockquote type=cite>|<p>From:|<img src=http://a>|&amp|&"
).split(b"|")


def check(mail: ParsedMail) -> None:
    """All that there is of it can be stored and shown."""
    texts = [mail.text, mail.html, mail.subject, mail.message_id, mail.list_id, *mail.references, *mail.in_reply_to]
    texts += [field for each in (*mail.from_, *mail.to, *mail.cc) for field in (each.name, each.address)]
    texts += [value for values in mail.headers.values() for value in values]
    texts += [part.name for part in mail.attachments]
    if mail.bounce:
        texts += [value for each in mail.bounce.failures for value in (each.address, each.action, each.diagnostic)]
    assert not FORBIDDEN & set("".join(texts))
    assert all(part.name and "/" not in part.name for part in mail.attachments)
    segments = split_text(mail.text)
    assert "\n".join(segment.content for segment in segments) == mail.text
    safe = make_safe(mail.html, image_address=lambda _id: None)
    for segment in split_html(safe.html):
        assert segment.role in Role
        assert make_safe(segment.content, image_address=lambda _id: None).html is not None


def assert_in_step(read: Callable[[int], object]) -> None:
    """Eight times the length takes eight times as long, give or take; 64 times would be its square."""
    short, long = (min(_seconds(read, length) for _ in range(3)) for length in (15_000, 120_000))
    assert long < 32 * max(short, 0.001)


def _seconds(read: Callable[[int], object], length: int) -> float:
    began = time.process_time()
    read(length)
    return time.process_time() - began


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    check(parse_mail(raw))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=50))
def test_any_pieces_of_mails(pieces: list[bytes]) -> None:
    check(parse_mail(b"".join(pieces)))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CASES), st.data())
def test_mails_with_bytes_changed(case: object, data: st.DataObject) -> None:
    raw = bytearray(case.raw[:5000])  # type: ignore[attr-defined]
    for _ in range(data.draw(st.integers(1, 8)) if raw else 0):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    check(parse_mail(bytes(raw)))


def test_what_a_report_says_of_a_recipient_is_clean() -> None:
    report = next(case.raw for case in CASES if b"Final-Recipient: rfc822; ana" in case.raw)
    mail = parse_mail(
        report.replace(b"rfc822; ana", b"rfc822;\x00 ana").replace(b"Action: failed", b"Action: failed\x01")
    )
    assert mail.bounce is not None
    check(mail)
    assert {each.action for each in mail.bounce.failures} == {"failed"}


@pytest.mark.parametrize("piece", [piece.decode() for piece in HOSTILE])
def test_html_takes_time_in_step_with_its_length(piece: str) -> None:
    def read(length: int) -> None:
        text = piece * (length // len(piece))
        split_html(make_safe(text, image_address=lambda _id: None).html)
        to_text(text)

    assert_in_step(read)


@pytest.mark.parametrize("piece", ["> a\n", "On x wrote:\n", "From: x\n", "-- \n", "a", " ", "\n", "On ", ">"])
def test_text_takes_time_in_step_with_its_length(piece: str) -> None:
    assert_in_step(lambda length: split_text(piece * (length // len(piece))))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([piece.decode("latin-1") for piece in PIECES]), max_size=40))
def test_tidied_html_is_tidy(pieces: list[str]) -> None:
    once = tidy_markup("".join(pieces)).html
    assert tidy_markup(once).html == once
