"""Mails that were built to break readers."""

from apps.mime.types import Defect, Kind
from tests.mime.corpus.writing import TEXT, Case, attached, many, page, plain, wire

ANA = "ana@customer.example"

CASES = (
    Case(
        "a script in the HTML",
        many("alternative", plain(), page(f"<p>{TEXT}</p><script>alert(1)</script>")),
        html="<script>",
    ),
    Case(
        "text and HTML that differ",
        many("alternative", plain("Innocent"), page("<p>Wicked</p>")),
        text="Innocent",
        html="Wicked",
    ),
    Case(
        "HTML under another type", wire("Content-Type: text/plain", f"<script>alert(1)</script>{TEXT}"), text="<script>"
    ),
    Case(
        "HTML with its text hidden",
        wire("Content-Type: text/html", f"<p style='display:none'>hidden</p><p>{TEXT}</p>"),
        html="hidden",
    ),
    Case(
        "a line end in an encoded subject",
        wire("Subject: =?utf-8?Q?Parcel=0D=0ABcc:_x@y.example?="),
        subject="Parcel Bcc: x@y.example",
    ),
    Case(
        "markup in the subject", wire("Subject: <img src=x onerror=alert(1)>"), subject="<img src=x onerror=alert(1)>"
    ),
    Case("markup in a name", wire(f'From: "<b onclick=alert(1)>" <{ANA}>'), sender=("<b onclick=alert(1)>", ANA)),
    Case("another's address as a name", wire(f'From: "boss@acme.test" <{ANA}>'), sender=("boss@acme.test", ANA)),
    Case(
        "an address in an encoded word",
        wire("From: =?utf-8?Q?boss=40acme=2Etest_=3Cboss=40acme=2Etest=3E?= <ana@customer.example>"),
        sender=("boss@acme.test <boss@acme.test>", ANA),
    ),
    Case(
        "an image of no id, beside an attachment",
        many("mixed", page(f"<p>{TEXT}</p><img src=cid:>"), attached()),
        html="cid:",
        files=("bill.pdf",),
    ),
    Case(
        "a program shown as an image",
        many(
            "mixed",
            page(f"<p>{TEXT}</p><img src=cid:x>"),
            attached("a.exe", "application/x-any", b"MZ", "Content-ID: <x>"),
        ),
        html="cid:",
        files=("a.exe",),
    ),
    Case("a name with a NUL", many("mixed", plain(), attached("a\0.pdf")), files=("a.pdf",)),
    Case(
        "an executable behind spaces",
        many("mixed", plain(), attached("bill.pdf" + " " * 80 + ".exe")),
        files=("bill.pdf .exe",),
    ),
    Case("quotes by the thousand", wire("From: " + '"' * 20_000 + f"<{ANA}>"), sender=("", ANA)),
    Case("backslashes by the thousand", wire('From: "' + '\\"' * 20_000 + f"<{ANA}>"), sender=(('"' * 200), ANA)),
    Case("brackets by the thousand", wire("From: " + "<" * 20_000 + f"{ANA}>"), sender=("<" * 200, ANA)),
    Case("comments by the thousand", wire("From: " + "(" * 20_000 + ")" * 20_000 + f" Ana Ruiz <{ANA}>")),
    Case("encoded words by the thousand", wire("Subject: " + "=?utf-8?Q?a?= " * 4000), subject="a" * 1000),
    Case(
        "beginnings of encoded words",
        wire("Subject: " + "=?utf-8?Q?" * 5000),
        subject=("=?utf-8?Q?utf-8?Q?" * 60)[:1000],
    ),
    Case("parameters by the thousand", wire("Content-Type: text/plain" + "; a=b" * 8000)),
    Case("semicolons by the thousand", wire("Content-Type: text/plain" + ";" * 50_000)),
    Case(
        "a letter for each part of a name",
        wire("Content-Type: application/pdf" + "".join(f"; name*{n}=a" for n in range(900)), "x"),
        text="",
        files=("a" * 120,),
    ),
    Case("at signs by the thousand", wire("To: " + "a@" * 20_000), to=("a@a",), text="Where"),
    Case(
        "boundaries by the thousand",
        wire("Content-Type: multipart/mixed; boundary=b", "--b\n" * 100_000),
        text="",
        defects=(Defect.TOO_MANY_PARTS,),
    ),
    Case("blank lines by the hundred thousand", wire(body="\n" * 300_000), text=""),
    Case("fonts that never close", wire("Content-Type: text/html", "<font size=1><p>" * 20_000 + TEXT), html="<font"),
    Case("elements without end", wire("Content-Type: text/html", "<div>" * 50_000 + TEXT), html="<div>"),
    Case("comments without end", wire("Content-Type: text/html", f"<p>{TEXT}</p>" + "<!--" * 50_000), html="<!--"),
    Case(
        "a bounce that nobody's server sent",
        wire("Subject: Undeliverable\nAuto-Submitted: auto-replied"),
        subject="Undeliverable",
        kind=Kind.AUTO_REPLY,
        reason="auto-submitted: auto-replied",
    ),
)
