"""The tree of a mail's parts (RFC 2045, RFC 2046), with a floor and a ceiling for whatever somebody built."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from apps.mime.charsets import codec_name
from apps.mime.headers import Fields, decode_base64, parse_headers, parse_parameters
from apps.mime.types import Defect

MAX_DEPTH = 30
"""Of parts in parts; what is deeper is one attachment."""
MAX_PARTS = 500
"""Of one mail; what comes after is not read."""

_BLANK = re.compile(rb"\n\r?\n")
_FIRST_LINE = re.compile(rb"[!-9;-~]{1,200}[ \t]*:|>?From ")
_HEADER_LINE = re.compile(rb"(?:[!-9;-~]{1,200}[ \t]*:|[ \t]|>?From )[^\n]*(?:\n|$)")
_BOUNDARY = re.compile(r"(?:^|;)\s*boundary\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", re.IGNORECASE)
_GUESSED = re.compile(rb"--([^\s-][^\r\n]{0,200}?|-{1,60}[^\s-][^\r\n]{0,200}?)[ \t]*\r?\n")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)


@dataclass(slots=True)
class Entity:
    """A mail or one of its parts: where it stands in the raw bytes, and what it says that it is."""

    raw: bytes = field(repr=False)
    start: int
    end: int
    fields: Fields
    media_type: str
    parameters: dict[str, str]
    children: "list[Entity]" = field(default_factory=list)

    @property
    def main(self) -> str:
        """The first half of the media type."""
        return self.media_type.partition("/")[0]

    @property
    def is_multipart(self) -> bool:
        """Whether it is nothing but its children."""
        return bool(self.children)

    @property
    def disposition(self) -> str:
        """`attachment`, `inline`, or empty."""
        return parse_parameters(self.fields.first("content-disposition"))[0]

    @property
    def name(self) -> str:
        """Its file name, as the sender wrote it; empty when there is none."""
        said = parse_parameters(self.fields.first("content-disposition"))[1]
        return said.get("filename") or said.get("name") or self.parameters.get("name", "")

    @property
    def content_id(self) -> str:
        """Without angle brackets."""
        return self.fields.first("content-id").strip("<> \t")[:500]

    def content(self) -> tuple[bytes, bool]:
        """Its body, decoded, and whether the encoding was as it says."""
        body = self.raw[self.start : self.end]
        encoding = self.fields.first("content-transfer-encoding").partition(";")[0].strip().strip('"').lower()
        if encoding == "base64":
            return _base64(body, is_text=self.main == "text")
        if encoding == "quoted-printable":
            return _quoted_printable(body), True
        if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
            return _uu(body)
        return body, encoding in ("", "7bit", "8bit", "binary")

    def walk(self) -> "Iterator[Entity]":
        """It and everything below, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Tree:
    """A mail taken apart."""

    root: Entity
    defects: set[Defect]


def take_apart(raw: bytes) -> Tree:
    """Find a mail's parts. Never raises; looks at each byte a few times per level."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    builder = _Builder(raw)
    root = builder.entity(0, len(raw), 0, "text/plain")
    _read_bare(root)
    return Tree(root, builder.defects)


def _read_bare(root: Entity) -> None:
    """Read bytes above 127 in headers by the charset of the mail's text."""
    bare = [each for each in root.walk() if not all(map(str.isascii, chain(*each.fields.raw.values())))]
    if not bare:
        return
    texts = (each.parameters.get("charset", "") for each in root.walk() if each.main == "text")
    charset = next((label for label in texts if codec_name(label) not in ("", "ascii", "cp1252")), "")
    for each in bare:
        each.fields = each.fields.meant(charset)
        each.parameters = parse_parameters(each.fields.first("content-type"))[1]


class _Builder:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.defects: set[Defect] = set()
        self.count = 0

    def entity(self, start: int, end: int, depth: int, default: str) -> Entity:
        head, body = self.header(start, end)
        fields = parse_headers(self.raw[start:head])
        if fields.is_cut:
            self.defects.add(Defect.HEADERS_CUT)
        media_type, said = parse_parameters(fields.first("content-type"))
        if not re.fullmatch(r"[\w!#$&^.+-]{1,100}/[\w!#$&^.+-]{1,100}", media_type, re.ASCII):
            media_type = "text/plain" if media_type == "text" else default
        found = Entity(self.raw, body, end, fields, media_type, said)
        self.count += 1
        if found.main == "multipart":
            self.children(found, depth)
        return found

    def header(self, start: int, end: int) -> tuple[int, int]:
        """Where the header ends, and where the body begins."""
        raw = self.raw
        first = raw[start : start + 2]
        if first[:1] == b"\n" or first == b"\r\n":
            return start, start + (1 if first[:1] == b"\n" else 2)
        if not _FIRST_LINE.match(raw, start, end):
            return start, start
        if blank := _BLANK.search(raw, start, end):
            return blank.start() + 1, blank.end()
        position = start
        while position < end and (line := _HEADER_LINE.match(raw, position, end)) and line.end() > position:
            position = line.end()
        return position, position

    def children(self, parent: Entity, depth: int) -> None:
        default = "message/rfc822" if parent.media_type == "multipart/digest" else "text/plain"
        spans = list(self.spans(parent))
        if not spans:
            self.defects.add(Defect.NO_BOUNDARY)
            parent.media_type = "text/plain"
            return
        if depth >= MAX_DEPTH:
            self.defects.add(Defect.TOO_DEEP)
            parent.media_type = "application/octet-stream"
            return
        for start, end in spans:
            if self.count >= MAX_PARTS:
                self.defects.add(Defect.TOO_MANY_PARTS)
                return
            parent.children.append(self.entity(start, end, depth + 1, default))

    def spans(self, parent: Entity) -> Iterator[tuple[int, int]]:
        """Where its parts are. The outer boundary is looked for first, so an inner one that never ends does no harm."""
        boundary = self.boundary(parent)
        if not boundary:
            return
        line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
        start = None
        for number, match in enumerate(line.finditer(self.raw, parent.start, parent.end)):
            if start is not None:
                yield start, max(start, self.before(match.start()))
            if match[1] or number > MAX_PARTS:
                return
            start = min(match.end() + 1, parent.end)
        if start is not None:
            yield start, parent.end

    def boundary(self, parent: Entity) -> bytes:
        said = _BOUNDARY.search(parent.fields.first("content-type"))
        text = (said[1] or said[2] or "") if said else parent.parameters.get("boundary", "")
        boundary = text.encode("latin-1", "replace").rstrip()
        if boundary and self.raw.find(b"--" + boundary, parent.start, parent.end) >= 0:
            return boundary
        guessed = _GUESSED.match(self.raw, parent.start, parent.end)
        if guessed:
            self.defects.add(Defect.NO_BOUNDARY)
        return guessed[1] if guessed else b""

    def before(self, position: int) -> int:
        """The line end in front of a boundary belongs to the boundary."""
        position -= self.raw[position - 1 : position] == b"\n"
        return position - (self.raw[position - 1 : position] == b"\r")


def _base64(body: bytes, *, is_text: bool) -> tuple[bytes, bool]:
    strange = len(body.translate(None, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"))
    if is_text and strange * 20 > len(body):
        return body, False
    return decode_base64(body), not strange


def _quoted_printable(body: bytes) -> bytes:
    try:
        return binascii.a2b_qp(body)
    except (binascii.Error, ValueError):
        return body


def _uu(body: bytes) -> tuple[bytes, bool]:
    begin = _UU_BEGIN.search(body)
    if begin is None:
        return body, False
    out = []
    for line in body[begin.end() :].splitlines():
        if line.strip() == b"end":
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some encoders are one character short or long at the end of a line.
            try:
                out.append(binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3] if line else b""))
            except binascii.Error:
                return b"".join(out), False
    return b"".join(out), True
