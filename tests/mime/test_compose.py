"""EML-5, EML-10: what is written is what is read again; nothing breaks out of its line; answers go to everybody."""

import re
import unicodedata
from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.errors import DomainError
from apps.mime.compose import compose_mail, message_id_for
from apps.mime.parse import parse_mail
from apps.mime.quotes import new_text, split_text
from apps.mime.quotes_html import split_html
from apps.mime.replies import (
    attribution_line,
    forward_html,
    forward_subject,
    forward_text,
    quote_html,
    quote_text,
    references_for,
    references_trim,
    reply_all_recipients,
    reply_recipients,
    reply_subject,
    subject_base,
)
from apps.mime.types import Address, Kind, OutgoingMail, ParsedMail, Part

ANA, BO, CY = (Address(name, f"{name.lower()}@customer.example") for name in ("Ana", "Bo", "Cy"))
US = Address("Acme Support", "support@acme.test")
WHEN = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
OWN = ("support@acme.test", "sales@acme.test")


def outgoing(**fields: object) -> OutgoingMail:
    plain = {
        "message_id": "1@acme.test",
        "date": WHEN,
        "from_": US,
        "to": (ANA,),
        "subject": "Parcel",
        "text": "It left.",
    }
    return OutgoingMail(**plain | fields)  # type: ignore[arg-type]


def incoming(**fields: object) -> ParsedMail:
    plain = {
        "from_": (ANA,),
        "to": (US,),
        "subject": "Parcel",
        "text": "Where is it?",
        "message_id": "m1@x",
        "date": WHEN,
    }
    return ParsedMail(**plain | fields)  # type: ignore[arg-type]


# What the reading side keeps: no control or hidden characters, no spaces at the ends or in rows.
LETTERS = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
words = st.text(LETTERS, max_size=80).map(lambda text: " ".join(text.split()))
names = words.map(lambda text: text.strip("' \"").strip())
files = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters='/\\<>:"|?*%. '), min_size=1, max_size=90
).map(lambda text: unicodedata.normalize("NFC", text))
local_parts = st.from_regex(r"[a-z0-9]+([._+-][a-z0-9]+)*", fullmatch=True).filter(lambda text: len(text) < 60)
mailboxes = st.builds(lambda name, local: Address(name, f"{local}@x.example"), names, local_parts)
bodies = st.text(st.characters(exclude_categories=("C", "Zl", "Zp"), include_characters="\n \t"), max_size=400)
ids = st.from_regex(r"[A-Za-z0-9.$!-]{1,40}@[a-z.]{1,20}[a-z]", fullmatch=True)
parts = st.builds(
    lambda name, content: Part(f"{name}.bin", "application/x-any", content), files, st.binary(max_size=200)
)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(
    st.builds(
        outgoing,
        from_=mailboxes,
        to=st.lists(mailboxes, min_size=1, max_size=4, unique_by=lambda each: each.key).map(tuple),
        cc=st.lists(mailboxes, max_size=3).map(tuple),
        subject=words,
        text=bodies,
        html=bodies.map(lambda text: f"<p>{text}</p>" if text else ""),
        attachments=st.lists(parts, max_size=3).map(tuple),
        in_reply_to=ids,
        references=st.lists(ids, max_size=5, unique=True).map(tuple),
        message_id=ids,
    )
)
def test_what_is_written_is_read_again(mail: OutgoingMail) -> None:
    raw = compose_mail(mail)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    read = parse_mail(raw)
    assert (read.subject, read.message_id, read.date) == (mail.subject, mail.message_id, mail.date)
    assert read.from_ == (_seen(mail.from_),)
    assert (read.to, read.cc) == (tuple(map(_seen, mail.to)), tuple(map(_seen, mail.cc)))
    assert read.in_reply_to == (mail.in_reply_to,)
    assert read.references == references_trim((*mail.references, mail.in_reply_to))
    if mail.text.strip():
        assert read.text == mail.text.strip("\n")
    assert read.html == mail.html
    assert [(part.name, part.content) for part in read.attachments] == [
        (part.name, part.content) for part in mail.attachments
    ]
    assert read.kind == Kind.HUMAN
    assert read.defects == ()
    assert compose_mail(mail) == raw


@pytest.mark.parametrize(
    "text", ["word " * 3000, "ä" + "word " * 3000, "word " * 200 + "\n" + "word " * 200], ids=str.__len__
)
def test_a_text_of_one_long_line_ends_its_lines_as_servers_want_them(text: str) -> None:
    raw = compose_mail(outgoing(text=text))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert parse_mail(raw).text == text


def _seen(address: Address) -> Address:
    return Address("" if address.name.casefold() == address.address.casefold() else address.name, address.address)


def test_other_readers_agree() -> None:
    part = Part("Größe – a very long name, with a comma; and 'quotes'.pdf", "application/pdf", b"%PDF")
    mail = outgoing(
        subject="Größe – " * 12,
        text="Grüße\n",
        html="<p>Grüße</p>",
        attachments=(part,),
        cc=(Address("Müller, Hans", "h@bücher.example"),),
    )
    read = message_from_bytes(compose_mail(mail), policy=policy.default)
    assert read["Subject"].split() == mail.subject.split()
    assert [each.display_name for each in read["Cc"].addresses] == ["Müller, Hans"]
    assert [each.addr_spec for each in read["Cc"].addresses] == ["h@xn--bcher-kva.example"]
    assert read.get_body(("plain",)).get_content().rstrip() == "Grüße"  # type: ignore[union-attr]
    assert read.get_body(("html",)).get_content().rstrip() == "<p>Grüße</p>"  # type: ignore[union-attr]
    assert [each.get_filename() for each in read.iter_attachments()] == [part.name]
    assert not [each.defects for each in read.walk() if each.defects]


def test_the_shape_of_a_mail_with_everything() -> None:
    picture = Part("logo.png", "image/png", b"png", "logo@acme", is_inline=True)
    enclosed = Part("old.eml", "message/rfc822", b"From: bo@x.example\r\nSubject: Old\r\n\r\nOld\r\n")
    mail = outgoing(
        html='<img src="cid:logo@acme">', attachments=(picture, Part("a.pdf", "application/pdf", b"%PDF"), enclosed)
    )
    read = message_from_bytes(compose_mail(mail))
    assert [each.get_content_type() for each in read.walk()] == [
        *("multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"),
        *("application/pdf", "message/rfc822", "text/plain"),
    ]
    assert [(part.name, part.is_inline) for part in parse_mail(compose_mail(mail)).attachments] == [
        ("logo.png", True),
        ("a.pdf", False),
        ("old.eml", False),
    ]
    assert parse_mail(compose_mail(mail)).attachments[2].content == enclosed.content


def test_copies_that_nobody_sees_stand_on_the_envelope_alone() -> None:
    mail = outgoing(to=(), bcc=(BO, Address("", "ANA@customer.example"), ANA))
    assert b"bo@customer.example" not in compose_mail(mail)
    assert b"To: undisclosed-recipients:;\r\n" in compose_mail(mail)
    assert mail.recipients == ("bo@customer.example", "ana@customer.example")


def test_an_automatic_answer_says_so() -> None:
    read = parse_mail(compose_mail(outgoing(is_automatic=True)))
    assert read.kind == Kind.AUTO_REPLY
    assert read.header("auto-submitted") == "auto-replied"
    assert read.header("x-auto-response-suppress") == "All"


def test_more_headers() -> None:
    raw = compose_mail(
        outgoing(
            headers={"List-Id": "Acme <news.acme.test>", "X-Parley-Channel": "ü"},
            reply_to=Address("Acme", "support+t@acme.test"),
        )
    )
    assert b"List-Id: Acme <news.acme.test>\r\n" in raw
    assert b"Reply-To: Acme <support+t@acme.test>\r\n" in raw
    assert parse_mail(raw).header("x-parley-channel") == "ü"


BREAK = "x\r\nBcc: evil@x.example"


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": BREAK},
        {"subject": "x\nBcc: evil@x.example"},
        {"subject": "x\rBcc: evil@x.example"},
        {"subject": "x\x00"},
        {"subject": "x\u2028y"},
        {"from_": Address(BREAK, "a@x.example")},
        {"to": (Address("", "a@x.example\r\nBcc: evil@x.example"),)},
        {"reply_to": Address("a\nb", "a@x.example")},
        {"message_id": "a@x>\r\nBcc: <evil@x.example"},
        {"message_id": ""},
        {"in_reply_to": "a b@x"},
        {"references": ("a@x", "b@x>\n<c")},
        {"headers": {"X-More": BREAK}},
        {"headers": {"X-More\r\nBcc": "evil@x.example"}},
        {"headers": {"Bcc": "evil@x.example"}},
        {"headers": {"From": "evil@x.example"}},
        {"attachments": (Part('a"\r\nX: y.pdf', "application/pdf", b""),)},
        {"attachments": (Part("a", "application/pdf", b"", "id>\r\nX: y"),)},
    ],
)
def test_nothing_breaks_out_of_its_line(fields: dict[str, object]) -> None:
    with pytest.raises(DomainError) as refused:
        compose_mail(outgoing(**fields))
    assert refused.value.code == "mail_header_invalid"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "@x.example",
        "ana@",
        "a b@x.example",
        "a@b@x.example",
        "a,b@x.example",
        "<a@x.example>",
        ".a@x.example",
        "a..b@x.example",
        "ána@x.example",
        "a@x..example",
        f"{'a' * 65}@x.example",
        "a@" + "x" * 300,
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(DomainError) as refused:
        compose_mail(outgoing(to=(Address("", address),)))
    assert refused.value.code == "mail_address_invalid"


def test_the_id_is_the_same_at_each_try() -> None:
    key = UUID("01900000-0000-7000-8000-000000000001")
    assert message_id_for(key, "Bücher.example") == "01900000000070008000000000000001@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("fields", "to", "cc"),
    [
        ({}, (ANA,), ()),
        ({"to": (US, BO), "cc": (CY,)}, (ANA,), (BO, CY)),
        ({"reply_to": (CY,), "to": (US, BO)}, (CY,), (BO,)),
        ({"reply_to": (CY, BO), "cc": (ANA,)}, (CY, BO), (ANA,)),
        ({"to": (US, ANA), "cc": (ANA, BO, BO)}, (ANA,), (BO,)),
        ({"to": (Address("", "Support@ACME.test"), Address("", "support+token1234@acme.test"), BO)}, (ANA,), (BO,)),
        ({"cc": (Address("Sales", "sales@acme.test"), CY)}, (ANA,), (CY,)),
        ({"from_": (US,), "to": (ANA, BO), "cc": (CY,)}, (ANA, BO), (CY,)),
        ({"from_": (US,), "reply_to": (ANA,), "to": (US,)}, (ANA,), ()),
        ({"reply_to": (Address("", "support+token1234@acme.test"),)}, (ANA,), ()),
        ({"to": (US, Address("", "undisclosed"))}, (ANA,), ()),
    ],
)
def test_reply_all_keeps_everybody_and_leaves_ourselves_out(
    fields: dict[str, object], to: tuple[Address, ...], cc: tuple[Address, ...]
) -> None:
    found = reply_all_recipients(incoming(**fields), OWN)
    assert (found.to, found.cc) == (to, cc)
    assert reply_recipients(incoming(**fields), OWN).to == to
    assert reply_recipients(incoming(**fields), OWN).cc == ()


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Parcel", "Parcel"),
        ("Re: Parcel", "Parcel"),
        ("RE: re: Re : Parcel", "Parcel"),
        ("AW: WG: SV: Parcel", "Parcel"),
        ("Re[2]: Parcel", "Parcel"),
        ("Re(3): Parcel", "Parcel"),
        ("回复：包裹", "包裹"),
        ("Antw: Fwd: TR: RV: Parcel [#K7QA-M2XB]", "Parcel [#K7QA-M2XB]"),
        ("Regarding: Parcel", "Regarding: Parcel"),
        ("Parcel: Re: x", "Parcel: Re: x"),
        ("Re:", ""),
        ("  ", ""),
    ],
)
def test_prefixes(subject: str, base: str) -> None:
    assert subject_base(subject) == base
    assert reply_subject(subject) == f"Re: {base}".strip()
    assert forward_subject(subject) == f"Fwd: {base}".strip()


def test_references_of_an_answer() -> None:
    assert references_for(incoming()) == ("m1@x",)
    assert references_for(incoming(in_reply_to=("o@x",))) == ("o@x", "m1@x")
    assert references_for(incoming(references=("a@x", "b@x"), in_reply_to=("b@x",))) == ("a@x", "b@x", "m1@x")
    assert references_for(incoming(message_id="", references=("a@x",))) == ("a@x",)
    many = tuple(f"{number}@x" for number in range(60))
    assert references_trim(many) == ("0@x", *(f"{number}@x" for number in range(41, 60)))


def test_what_a_reply_quotes_is_folded_again() -> None:
    mail = incoming(text="Where is it?\n> It left.\n\nAna")
    with translation.override("en"), timezone.override("Europe/Madrid"):
        assert attribution_line(mail) == "On Nov. 20, 2026, 9:30 a.m., Ana wrote:"
        text = f"Tomorrow.\n\n{quote_text(mail)}"
        html = f"<p>Tomorrow.</p>{quote_html(mail, '<p>Where is it?</p>')}"
    assert text.endswith("wrote:\n> Where is it?\n>> It left.\n>\n> Ana")
    assert new_text(split_text(text)) == "Tomorrow."
    assert [segment.is_folded for segment in split_html(html)] == [False, True]
    assert attribution_line(incoming(from_=(), date=None)) == "Somebody wrote:"


def test_what_is_handed_on_is_not_folded() -> None:
    mail = incoming(cc=(BO,), from_=(Address("<Ana>", ANA.address),))
    with timezone.override("Europe/Madrid"):
        text = f"For you.\n\n{forward_text(mail)}"
        html = f"<p>For you.</p>{forward_html(mail, '<p>Where is it?</p>')}"
    assert "From: <Ana> <ana@customer.example>\nDate: Nov. 20, 2026, 9:30 a.m.\nSubject: Parcel\nTo: " in text
    assert "Cc: Bo <bo@customer.example>" in text
    assert "From: &lt;Ana&gt; &lt;ana@customer.example&gt;<br>" in html
    assert len(split_text(text)) == len(split_html(html)) == 1
