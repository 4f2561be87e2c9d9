"""Mails of many parts (RFC 2045-2047, RFC 2183, RFC 2231, RFC 2387), well built and not."""

from apps.mime.types import Defect
from tests.mime.corpus.writing import TEXT, Case, attached, body_of, crlf, inner, many, packed, page, part, plain, wire

INVITE = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Pick-up\\, at the door
DTSTART;TZID=Europe/Madrid:20261123T100000
DTEND;TZID=Europe/Madrid:20261123T103000
LOCATION:Calle Mayor 1
END:VEVENT
END:VCALENDAR
"""
ENCLOSED = crlf("From: Bo <bo@x.example>\nSubject: The bill / May\nMessage-ID: <old@x.example>\n\nSee there.\n")
PICTURE = part(
    "Content-Type: image/png; name=logo.png\nContent-ID: <logo@x>\nContent-Disposition: inline\n"
    "Content-Transfer-Encoding: base64",
    packed(b"\x89PNG"),
)
SHOWS = page(f'<p>{TEXT}</p><img src="cid:logo@x">')


def named(disposition: str, media_type: str = "application/pdf") -> bytes:
    """A mail with an attachment whose name is written like this."""
    fields = (
        f"Content-Type: {media_type}\nContent-Disposition: attachment; {disposition}\nContent-Transfer-Encoding: base64"
    )
    return many("mixed", plain(), part(fields, packed(b"%PDF-1.4")))


def deep(levels: int) -> bytes:
    """Parts in parts in parts."""
    body = plain()
    for level in range(levels):
        body = inner("mixed", body, boundary=f"level{level}")
    return wire(body.partition(b"\n\n")[0], body.partition(b"\n\n")[2])


CASES = (
    Case("HTML alone", wire("Content-Type: text/html", f"<html><body><p>{TEXT}</p></body></html>"), html=TEXT),
    Case("both forms", many("alternative", plain(), page()), html=TEXT),
    Case("both forms the wrong way round", many("alternative", page(), plain()), html=TEXT),
    Case("an empty plain form", many("alternative", plain(" "), page()), html=TEXT),
    Case("two plain forms", many("alternative", plain(), plain("Other"))),
    Case(
        "three forms, one for programs",
        many("alternative", plain(), part("Content-Type: text/x-amp-html", "<html amp4email>"), page()),
        html=TEXT,
    ),
    Case("an attachment", many("mixed", plain(), attached()), files=("bill.pdf",)),
    Case(
        "an attachment and both forms",
        many("mixed", inner("alternative", plain(), page()), attached()),
        html=TEXT,
        files=("bill.pdf",),
    ),
    Case("a picture that the HTML shows", many("related", SHOWS, PICTURE), html="cid:logo@x", files=("[logo.png]",)),
    Case(
        "forms, picture and attachment",
        many("mixed", inner("related", inner("alternative", plain(), SHOWS, boundary="b3"), PICTURE), attached()),
        html="cid:",
        files=("[logo.png]", "bill.pdf"),
    ),
    Case(
        "a picture within one of the forms",
        many("alternative", plain(), inner("related", SHOWS, PICTURE)),
        html="cid:",
        files=("[logo.png]",),
    ),
    Case("an inline picture that nothing shows", many("related", page(), PICTURE), html=TEXT, files=("logo.png",)),
    Case("a picture that is not there", many("alternative", plain(), SHOWS), html="cid:"),
    Case(
        "text, a picture, more text",
        many("mixed", plain(), PICTURE, plain("Thanks")),
        text=f"{TEXT}\n\nThanks",
        files=("logo.png",),
    ),
    Case(
        "HTML and a footer of a list",
        many("mixed", inner("alternative", plain(), page()), plain("_____\nA list")),
        text=f"{TEXT}\n\n_____",
        html="A list",
    ),
    Case("a text file", many("mixed", plain(), attached("log.txt", "text/plain", b"ok")), files=("log.txt",)),
    Case(
        "a text file shown inline",
        many("mixed", plain(), part("Content-Type: text/plain; name=log.txt\nContent-Disposition: inline", "ok")),
        files=("log.txt",),
    ),
    Case("an HTML file", many("mixed", plain(), attached("page.html", "text/html", b"<p>x")), files=("page.html",)),
    Case(
        "an attachment alone",
        wire("Content-Type: application/pdf; name=bill.pdf\nContent-Transfer-Encoding: base64", packed(b"%PDF")),
        text="",
        files=("bill.pdf",),
    ),
    Case(
        "an enclosed mail",
        many("mixed", plain(), part("Content-Type: message/rfc822", ENCLOSED)),
        files=("The bill - May.eml",),
    ),
    Case(
        "an enclosed mail in base64",
        many(
            "mixed", plain(), part("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", packed(ENCLOSED))
        ),
        files=("The bill - May.eml",),
    ),
    Case(
        "a digest",
        many("digest", part("", ENCLOSED), part("", ENCLOSED)),
        text="",
        files=("The bill - May.eml", "The bill - May.eml"),
    ),
    Case(
        "an invitation",
        many("alternative", plain(), page(), part("Content-Type: text/calendar; method=REQUEST", INVITE)),
        html=TEXT,
        files=("invite.ics",),
    ),
    Case(
        "an invitation and no words",
        wire("Content-Type: text/calendar; method=REQUEST; charset=utf-8", INVITE),
        text="Pick-up, at the door\n2026-11-23 10:00 Europe/Madrid – 2026-11-23 10:30 Europe/Madrid\nCalle Mayor 1",
        files=("invite.ics",),
    ),
    Case(
        "winmail.dat",
        many("mixed", plain(), attached("winmail.dat", "application/ms-tnef", bytes.fromhex("789f3e22"))),
        files=("winmail.dat",),
    ),
    Case(
        "winmail without a name",
        many(
            "mixed", plain(), part("Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64", packed(b"x"))
        ),
        files=("winmail.dat",),
    ),
    Case(
        "signed",
        many(
            "signed",
            plain(),
            part("Content-Type: application/pgp-signature", "-----BEGIN PGP SIGNATURE-----"),
            more="protocol=pgp",
        ),
        files=("signature.asc",),
    ),
    Case(
        "signed and whole in one part",
        wire(
            "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
            "Content-Transfer-Encoding: base64",
            packed(b"x"),
        ),
        text="",
        files=("smime.p7m",),
    ),
    Case(
        "encrypted",
        many(
            "encrypted",
            part("Content-Type: application/pgp-encrypted", "Version: 1"),
            part("Content-Type: application/octet-stream; name=encrypted.asc", "-----BEGIN PGP MESSAGE-----"),
        ),
        text="",
        files=("attachment-1.asc", "encrypted.asc"),
    ),
    Case(
        "uuencoded",
        many(
            "mixed",
            plain(),
            part(
                "Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: x-uuencode",
                "begin 644 a.bin\n#86)C\n`\nend\n",
            ),
        ),
        files=("a.bin",),
    ),
    Case(
        "no boundary said",
        wire("Content-Type: multipart/mixed", body_of("b1", plain(), attached())),
        files=("bill.pdf",),
        defects=(Defect.NO_BOUNDARY,),
    ),
    Case(
        "a boundary that is not there",
        wire("Content-Type: multipart/mixed; boundary=zz", TEXT),
        defects=(Defect.NO_BOUNDARY,),
    ),
    Case(
        "another boundary than said",
        wire("Content-Type: multipart/mixed; boundary=zz", body_of("b1", plain(), attached())),
        files=("bill.pdf",),
        defects=(Defect.NO_BOUNDARY,),
    ),
    Case(
        "no end",
        wire("Content-Type: multipart/mixed; boundary=b1", body_of("b1", plain(), attached(), end="")[:-5]),
        files=("bill.pdf",),
    ),
    Case(
        "an inner part without an end",
        many(
            "mixed",
            part("Content-Type: multipart/alternative; boundary=b2", b"--b2\n" + plain() + b"--b2\n" + page()),
            attached(),
        ),
        html=TEXT,
        files=("bill.pdf",),
    ),
    Case(
        "one boundary that begins like the other",
        many("mixed", inner("alternative", plain(), page(), boundary="b1x"), attached()),
        html=TEXT,
        files=("bill.pdf",),
    ),
    Case(
        "spaces behind the boundary",
        many("mixed", plain(), attached()).replace(b"--b1\r\n", b"--b1 \t\r\n"),
        files=("bill.pdf",),
    ),
    Case(
        "words before and after the parts",
        wire(
            "Content-Type: multipart/mixed; boundary=b1",
            b"This is a multipart message.\n" + body_of("b1", plain(), attached()) + b"The end.\n",
        ),
        files=("bill.pdf",),
    ),
    Case("an odd boundary", many("mixed", plain(), attached(), boundary="=_(a)'+,-./:=?%20"), files=("bill.pdf",)),
    Case("a part without a head", many("mixed", part("", TEXT), attached()), files=("bill.pdf",)),
    Case(
        "a part that begins with its words",
        wire("Content-Type: multipart/mixed; boundary=b1", f"--b1\n{TEXT}\n--b1--\n"),
    ),
    Case(
        "no part at all",
        wire("Content-Type: multipart/mixed; boundary=b1", "--b1--\n"),
        text="--b1--",
        defects=(Defect.NO_BOUNDARY,),
    ),
    Case("a type that is none", wire("Content-Type: text", TEXT)),
    Case("a type of no kind", wire("Content-Type: ;;;=", TEXT)),
    Case("two types", wire("Content-Type: text/plain\nContent-Type: text/html", TEXT)),
    Case("a type in capitals", wire("CONTENT-TYPE: TEXT/HTML; CHARSET=UTF-8", f"<p>{TEXT}</p>"), html=TEXT),
    Case("a name of RFC 2231", named("filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf"), files=("Grüße.pdf",)),
    Case(
        "a name in pieces",
        named("filename*0*=utf-8''Gr%C3;\n filename*1*=%BC%C3%9F;\n filename*2=e.pdf"),
        files=("Grüße.pdf",),
    ),
    Case("pieces out of order", named("filename*1=b.pdf; filename*0=a"), files=("ab.pdf",)),
    Case(
        "both ways of a name", named("filename=Gruesse.pdf; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf"), files=("Grüße.pdf",)
    ),
    Case("a name as an encoded word", named('filename="=?utf-8?B?R3LDvMOfZS5wZGY=?="'), files=("Grüße.pdf",)),
    Case("a name with percent signs", named('filename="Gr%C3%BC%C3%9Fe.pdf"'), files=("Grüße.pdf",)),
    Case(
        "a file name in bare Latin-1",
        many(
            "mixed",
            plain(),
            part(
                "Content-Type: application/pdf\nContent-Disposition: attachment; filename=Grüße.pdf".encode("latin-1"),
                b"%PDF",
            ),
        ),
        files=("Grüße.pdf",),
    ),
    Case("a name without quotes, with spaces", named("filename=my bill.pdf"), files=("my bill.pdf",)),
    Case("a name with folders", named('filename="C:\\\\Users\\\\ana\\\\bill.pdf"'), files=("bill.pdf",)),
    Case("a name that climbs", named('filename="../../etc/passwd"'), files=("passwd",)),
    Case("a name that turns round", named('filename="bill\u202efdp.exe"'), files=("billfdp.exe",)),
    Case("no name", named("x=1"), files=("attachment-1.pdf",)),
    Case(
        "a picture without a name",
        many("mixed", plain(), part("Content-Type: image/jpeg", "x")),
        files=("image-1.jpg",),
    ),
    Case("thirty levels", deep(30)),
    Case("three hundred levels", deep(300), text="", files=("attachment-1.bin",), defects=(Defect.TOO_DEEP,)),
    Case(
        "a thousand parts",
        many("mixed", plain(), *[part("Content-Type: image/png; name=a.png", "x")] * 1000),
        files=("a.png",) * 498,
        defects=(Defect.TOO_MANY_PARTS,),
    ),
    Case(
        "a text too long",
        wire("Content-Type: text/plain; charset=us-ascii", TEXT + "x" * 1_100_000),
        defects=(Defect.TEXT_CUT,),
    ),
)
