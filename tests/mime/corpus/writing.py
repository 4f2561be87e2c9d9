"""How the mails of the corpus are written down: what is odd about each, and nothing else."""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from apps.mime.types import Defect, Kind

TEXT = "Where is my parcel?"
ID = "m1@customer.example"
WHEN = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
HEAD = {
    "From": "Ana Ruiz <ana@customer.example>",
    "To": "support@acme.test",
    "Subject": "Parcel",
    "Date": "Fri, 20 Nov 2026 09:30:00 +0100",
    "Message-ID": f"<{ID}>",
}


@dataclass(frozen=True)
class Case:
    """A mail, and what is read out of it. What is not said is as in a plain mail by Ana.

    Attributes:
        name: what is odd about it.
        raw: its bytes.
        text: how its text begins; all of it where this is empty.
        html: something that its HTML has in it; "" where it may have none.
        files: the names of what came with it, those that the HTML shows in brackets.
        failed: the recipients that a bounce names, with action and status.
    """

    name: str
    raw: bytes
    subject: str = "Parcel"
    text: str = TEXT
    html: str = ""
    files: tuple[str, ...] = ()
    sender: tuple[str, str] = ("Ana Ruiz", "ana@customer.example")
    to: tuple[str, ...] = ("support@acme.test",)
    cc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    message_id: str = ID
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = WHEN
    kind: Kind = Kind.HUMAN
    reason: str = ""
    failed: tuple[tuple[str, str, str], ...] = ()
    about: str = ""
    defects: tuple[Defect, ...] = ()


def crlf(text: str | bytes) -> bytes:
    """Line ends as on the wire."""
    content = text.encode() if isinstance(text, str) else text
    return re.sub(rb"\r?\n", b"\r\n", content)


def wire(head: str | bytes = "", body: str | bytes = TEXT + "\n", *, drop: tuple[str, ...] = ()) -> bytes:
    """A mail: Ana's head with these fields in it or in place of its own, and a body.

    Args:
        head: fields, one a line, perhaps folded.
        body: what follows the empty line.
        drop: fields of Ana's that are left out.
    """
    own = (head.encode() if isinstance(head, str) else head).strip(b"\n")
    names = {match.decode().lower() for match in re.findall(rb"(?m)^([A-Za-z-]+)[ \t]*:", own)}
    gone = names | {name.lower() for name in drop}
    lines = [f"{name}: {value}".encode() for name, value in HEAD.items() if name.lower() not in gone]
    content = body.encode() if isinstance(body, str) else body
    return crlf(b"\n".join([*lines, *([own] if own else []), b"", content]))


def part(head: str | bytes = "", body: str | bytes = TEXT + "\n") -> bytes:
    """A part of a multipart."""
    fields = (head.encode() if isinstance(head, str) else head).strip(b"\n")
    content = body.encode() if isinstance(body, str) else body
    return (fields + b"\n" if fields else b"") + b"\n" + content


def many(kind: str, *parts: bytes, boundary: str = "b1", more: str = "", head: str = "") -> bytes:
    """A mail, or with `inner` a part, of parts."""
    return wire(f"{head}\n{_type(kind, boundary, more)}", body_of(boundary, *parts))


def inner(kind: str, *parts: bytes, boundary: str = "b2", more: str = "") -> bytes:
    """A part of parts."""
    return part(_type(kind, boundary, more), body_of(boundary, *parts))


def body_of(boundary: str, *parts: bytes, end: str = "--") -> bytes:
    """The body of a multipart."""
    mark = f"--{boundary}".encode()
    return b"\n".join([*(b"\n".join([mark, each]) for each in parts), mark + end.encode(), b""])


def packed(content: bytes | str) -> bytes:
    """Content in base64."""
    return base64.encodebytes(content.encode() if isinstance(content, str) else content)


def attached(
    name: str = "bill.pdf", media_type: str = "application/pdf", content: bytes = b"%PDF-1.4", more: str = ""
) -> bytes:
    """An attachment."""
    fields = f"""Content-Type: {media_type}; name="{name}"
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64"""
    return part(f"{fields}\n{more}", packed(content))


def page(html: str = f"<p>{TEXT}</p>", charset: str = "utf-8") -> bytes:
    """A part in HTML."""
    return part(f"Content-Type: text/html; charset={charset}", html.encode(charset) + b"\n")


def plain(text: str | bytes = TEXT, more: str = "charset=utf-8") -> bytes:
    """A part in plain text."""
    return part(f"Content-Type: text/plain; {more}", (text.encode() if isinstance(text, str) else text) + b"\n")


def _type(kind: str, boundary: str, more: str) -> str:
    return f'Content-Type: multipart/{kind}; {more + "; " if more else ""}boundary="{boundary}"'
