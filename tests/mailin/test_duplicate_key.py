"""When two mails are the same one (EML-2)."""

import pytest

from apps.mailin.duplicate_key import duplicate_key_of

MAIL = (
    b"Message-ID: <a1@x.example>\r\nFrom: ana@x.example\r\nSubject: Hi\r\n there\r\n"
    b"Date: Mon, 2 Feb 2026 10:00:00 +0000\r\n\r\nHello\r\n"
)
SAME = {
    "line ends": MAIL.replace(b"\r\n", b"\n"),
    "another way": b"Received: from b by c;\r\n\tMon, 2 Feb 2026 10:00:01 +0000\r\nReturn-Path: <ana@x.example>\r\n"
    + MAIL,
    "another mailbox": b"Delivered-To: support@acme.test\r\nX-Original-To: s@acme.test\r\nreceived: x\r\n" + MAIL,
}
OTHER = {
    "body": MAIL.replace(b"Hello", b"Hello!"),
    "subject": MAIL.replace(b"there", b"There"),
    "id": MAIL.replace(b"a1@", b"a2@"),
    "sender": MAIL.replace(b"From: ana", b"From: eva"),
    "date": MAIL.replace(b"10:00:00", b"10:00:05"),
    "a header in the body": MAIL.replace(b"Hello", b"Received: x\r\nHello"),
}


@pytest.mark.parametrize("name", SAME)
def test_eml_2_the_same_mail_by_another_way(name: str) -> None:
    assert duplicate_key_of(SAME[name]) == duplicate_key_of(MAIL)


@pytest.mark.parametrize("name", OTHER)
def test_eml_2_another_mail(name: str) -> None:
    assert duplicate_key_of(OTHER[name]).digest != duplicate_key_of(MAIL).digest


def test_eml_2_without_an_id_every_byte_counts() -> None:
    plain = MAIL.replace(b"Message-ID: <a1@x.example>\r\n", b"")
    assert duplicate_key_of(plain).mail_id == ""
    assert duplicate_key_of(b"Received: a\r\n" + plain).digest != duplicate_key_of(plain).digest
    assert duplicate_key_of(plain.replace(b"\r\n", b"\n")).digest == duplicate_key_of(plain).digest


@pytest.mark.parametrize(
    ("raw", "mail_id"),
    [
        (MAIL, "a1@x.example"),
        (b"MESSAGE-id:\r\n <a1@x.example> (comment)\r\n\r\nx", "a1@x.example"),
        (b"Message-ID: none\r\n\r\nx", ""),
        (b"Subject: x\r\n\r\nMessage-ID: <a1@x.example>\r\n", ""),
        (b"no headers at all", ""),
        (b"", ""),
        (b"\r\n\r\n", ""),
        (b"Message-ID: <\xff\x00@x>\r\n\r\nx", "\ufffd@x"),
    ],
)
def test_eml_2_ids_are_found_in_headers_alone(raw: bytes, mail_id: str) -> None:
    assert duplicate_key_of(raw).mail_id == mail_id
