"""Heads: missing, doubled, folded, broken, huge (RFC 5322, RFC 2047)."""

from datetime import UTC, datetime

from apps.mime.types import Defect
from tests.mime.corpus.writing import Case, crlf, many, part, plain, wire

LONG = "Where is my parcel, and who has signed for it? " * 20


def bare(subject: str, charset: str, *, said: str = "") -> Case:
    """A subject in bare bytes, above a text that says what charset it has."""
    head = f"Content-Type: text/plain; charset={said or charset}\nSubject: {subject}".encode(charset)
    return Case(f"bare {charset} under {said or charset}: {subject}", wire(head), subject=subject)


CASES = (
    Case("plain", wire()),
    Case("line feeds alone", wire().replace(b"\r\n", b"\n")),
    Case("carriage returns alone", wire().replace(b"\r\n", b"\r")),
    Case("a line of a mailbox file above", b"From ana@customer.example Fri Nov 20 09:30:00 2026\r\n" + wire()),
    Case("a quoted line of a mailbox file above", b">From ana@customer.example Fri Nov 20 2026\r\n" + wire()),
    Case("no subject", wire(drop=("Subject",)), subject=""),
    Case("an empty subject", wire("Subject: "), subject=""),
    Case("no message id", wire(drop=("Message-ID",)), message_id=""),
    Case("no date", wire(drop=("Date",)), date=None, defects=(Defect.DATE,)),
    Case("a date that is none", wire("Date: yesterday, about noon"), date=None, defects=(Defect.DATE,)),
    Case("a date beyond all", wire("Date: Fri, 20 Nov 99999 09:30:00 +0100"), date=None, defects=(Defect.DATE,)),
    Case(
        "a date of the thirty-first of February",
        wire("Date: 31 Feb 2026 09:30 +0000"),
        date=None,
        defects=(Defect.DATE,),
    ),
    Case("a zone by name", wire("Date: Fri, 20 Nov 2026 03:30:00 EST (Eastern)")),
    Case("a zone that is not known", wire("Date: Fri, 20 Nov 2026 08:30:00 -0000")),
    Case("a date without a zone", wire("Date: 20 Nov 2026 08:30:00")),
    Case(
        "a zone of many hours",
        wire("Date: Fri, 20 Nov 2026 09:30:00 +9959"),
        date=datetime(2026, 11, 16, 5, 31, tzinfo=UTC),
    ),
    Case("a year of two digits", wire("Date: Fri, 20 Nov 26 08:30:00 GMT")),
    Case(
        "a leap second",
        wire("Date: Thu, 31 Dec 2026 23:59:60 +0000"),
        date=datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    ),
    Case("a day in German", wire("Date: Fr, 20 Nov 2026 09:30:00 +0100")),
    Case("folded with tabs", wire("Subject: Where is\n\tmy parcel"), subject="Where is my parcel"),
    Case("folded with nothing in a line", wire("Subject: Where\n \n is it"), subject="Where is it"),
    Case("two subjects", wire("Subject: First\nSubject: Second"), subject="First"),
    Case("an empty subject before another", wire("Subject:\nSubject: Second"), subject="Second"),
    Case("a field in capitals, a space before its colon", wire("SUBJECT : Loud"), subject="Loud"),
    Case(
        "two message ids", wire("Message-ID: <one@x.example>\nMessage-ID: <two@x.example>"), message_id="one@x.example"
    ),
    Case("an id without brackets", wire("Message-ID: bare@x.example"), message_id="bare@x.example"),
    Case(
        "an id folded in its middle",
        wire("Message-ID:\n <very-long\n -id@x.example>"),
        message_id="very-long-id@x.example",
    ),
    Case("an id with words around it", wire("Message-ID: (by hand) <said@x.example> ok"), message_id="said@x.example"),
    Case("an id in an encoded word", wire("Message-ID: =?us-ascii?Q?<enc=40x.example>?="), message_id="enc@x.example"),
    Case("an encoded word", wire("Subject: =?utf-8?B?R3LDvMOfZQ==?="), subject="Grüße"),
    Case("encoded words side by side", wire("Subject: =?utf-8?Q?Gr=C3=BC?=\n =?utf-8?Q?=C3=9Fe?="), subject="Grüße"),
    Case(
        "a character split between two words",
        wire("Subject: =?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?="),
        subject="Grüße",
    ),
    Case(
        "an encoded word with spaces in it",
        wire("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe an alle?="),
        subject="Grüße an alle",
    ),
    Case("an encoded word glued to others", wire("Subject: Re:=?utf-8?Q?_Gr=C3=BC=C3=9Fe?=!"), subject="Re: Grüße!"),
    Case("an encoded word with a language", wire("Subject: =?utf-8*de?Q?Gr=C3=BC=C3=9Fe?="), subject="Grüße"),
    Case("an encoded word without an end", wire("Subject: =?utf-8?Q?Gr=C3=BC"), subject="=?utf-8?Q?Gr=C3=BC"),
    Case("an encoded word of no charset", wire("Subject: =?klingon?Q?Gr=C3=BC=C3=9Fe?="), subject="Grüße"),
    Case("base64 that is cut", wire("Subject: =?utf-8?B?R3LDvMOfZ?="), subject="Grüß"),
    Case("base64 without its padding", wire("Subject: =?utf-8?B?R3LDvMOfZQ?="), subject="Grüße"),
    Case("words of two charsets", wire("Subject: =?utf-8?Q?Gr=C3=BC?= =?iso-8859-1?Q?=DFe?="), subject="Grüße"),
    Case("a subject that looks encoded in the middle", wire("Subject: a =? b ?= c"), subject="a =? b ?= c"),
    Case("bare UTF-8 in the head", wire("Subject: Grüße".encode()), subject="Grüße"),
    Case("bare Latin-1 in the head", wire("Subject: Grüße".encode("latin-1")), subject="Grüße"),
    bare("我的包裹在哪里", "gb2312"),
    bare("我的包裹在哪裡", "big5"),
    bare("荷物はどこですか", "shift_jis"),
    bare("Где моя посылка", "koi8-r"),
    bare("Où est mon œuf", "windows-1252"),
    bare("联通", "gb2312"),  # Looks like UTF-8, too.
    bare("我的包裹在哪里", "utf-8", said="gb2312"),
    bare("Grüße", "utf-8", said="iso-8859-1"),
    bare("Grüße", "latin-1", said="utf-8"),
    Case(
        "bare GB2312 in the head of a mail of parts, in a name and in a file's",
        many(
            "mixed",
            plain("我的包裹".encode("gb2312"), "charset=gb2312"),
            part('Content-Disposition: attachment; filename="包裹.txt"'.encode("gb2312")),
            head="",
        ).replace(b"From: Ana Ruiz", "From: 王小明".encode("gb2312")),
        sender=("王小明", "ana@customer.example"),
        text="我的包裹",
        files=("包裹.txt",),
    ),
    Case("a NUL in the subject", wire(b"Subject: Par\x00cel")),
    Case("direction marks in the subject", wire("Subject: Par\u202ecel".encode())),
    Case("a long subject", wire(f"Subject: {LONG}"), subject=LONG.strip()),
    Case("a line that is no field", wire("this is no field\nX-More: 1"), text="Where"),
    Case("a thousand fields", wire("\n".join(f"X-{n}: {n}" for n in range(1200))), defects=(Defect.HEADERS_CUT,)),
    Case("a huge field", wire("X-Huge: " + "x" * 60_000)),
    Case(
        "a huge head",
        wire("X-Huge: " + "\n ".join(["x" * 900] * 400)),
        defects=(Defect.HEADERS_CUT,),
    ),
    Case("an empty body", wire(body=""), text=""),
    Case("a body of empty lines", wire(body="\n\n\n"), text=""),
    Case(
        "a head and no empty line",
        crlf(
            "From: Ana Ruiz <ana@customer.example>\nTo: support@acme.test\nSubject: Parcel\n"
            "Date: Fri, 20 Nov 2026 08:30:00 +0000\nMessage-ID: <m1@customer.example>\n"
        ),
        text="",
    ),
    Case("a body and no empty line", wire(drop=()).replace(b"\r\n\r\n", b"\r\n")),
    Case(
        "nothing at all",
        b"",
        subject="",
        text="",
        sender=("", ""),
        to=(),
        message_id="",
        date=None,
        defects=(Defect.DATE, Defect.SENDER),
    ),
    Case(
        "no head",
        crlf("\nWhere is my parcel?\n"),
        subject="",
        sender=("", ""),
        to=(),
        message_id="",
        date=None,
        defects=(Defect.DATE, Defect.SENDER),
    ),
    Case(
        "words alone",
        crlf("Where is my parcel?\n"),
        subject="",
        sender=("", ""),
        to=(),
        message_id="",
        date=None,
        defects=(Defect.DATE, Defect.SENDER),
    ),
)
