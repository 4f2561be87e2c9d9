"""Header fields: cut apart, unfolded, decoded (RFC 5322, RFC 2047, RFC 2231), and what clients make of those rules."""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from apps.mime.charsets import clean_text, decode_bare, decode_text

MAX_BYTES = 256 * 1024
"""Of one header block; what comes after is not read."""
MAX_FIELD = 64 * 1024
"""Bytes of one field."""
MAX_FIELDS = 1000

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s=]{1,60})\?([bq])\?", re.IGNORECASE)
_HEX = re.compile(rb"=([0-9a-f]{2})", re.IGNORECASE)
_PERCENT = re.compile(rb"%([0-9a-f]{2})", re.IGNORECASE)
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_PARAMETER = re.compile(
    r";\s*([^\s=;\"*]{1,100})(\*\d{1,3})?(\*)?\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"?|([^;]*))", re.DOTALL
)
# What hides in a name what it says: direction marks, and characters without width.
_HIDDEN = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad\u200b\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Fields:
    """The header of a mail or of one of its parts.

    Attributes:
        raw: every value by its field's name in small letters, unfolded, not decoded; bytes above 127 as Latin-1.
        is_cut: there was more than is read.
    """

    raw: Mapping[str, list[str]]
    is_cut: bool = False

    def first(self, name: str) -> str:
        """The first value, not decoded; empty when the field is not there."""
        return next(iter(self.raw.get(name, ())), "").strip()

    def text(self, name: str) -> str:
        """The first value that says anything, decoded, on one line."""
        return next((found for value in self.raw.get(name, ()) if (found := decode_header(value))), "")

    def joined(self, name: str) -> str:
        """All values as one list: some clients write `To` twice."""
        return ", ".join(value.strip() for value in self.raw.get(name, ()))

    def meant(self, charset: str) -> "Fields":
        """The same with bytes above 127 read as text: a client that writes them bare means its body's charset.

        Args:
            charset: by which the mail's text is declared; empty where it says nothing.
        """
        read = {name: [_meant(value, charset) for value in values] for name, values in self.raw.items()}
        return Fields(read, is_cut=self.is_cut)


def parse_headers(block: bytes) -> Fields:
    """Cut a header block into its fields. Lines that are none are passed over."""
    found: dict[str, list[str]] = {}
    folded: list[bytes] = []
    count = 0
    for line in (*block[:MAX_BYTES].splitlines(), b""):
        if line[:1] in (b" ", b"\t") and folded:
            folded.append(line)
            continue
        if folded and (field := _FIELD.match(b" ".join(map(bytes.strip, folded))[:MAX_FIELD])) and count < MAX_FIELDS:
            found.setdefault(field[1].decode("ascii").lower(), []).append(field[2].decode("latin-1").strip())
            count += 1
        folded = [line]
    return Fields(found, is_cut=len(block) > MAX_BYTES or count >= MAX_FIELDS)


def decode_header(value: str) -> str:
    """A field's text: encoded words decoded, bytes above 127 read as what they most likely are, on one line."""
    return " ".join(clean_text(_decoded(value)).split())


def name_of(value: str) -> str:
    """A name that people see: `decode_header`, without characters that would make it look like another."""
    return visible_text(decode_header(value))


def visible_text(text: str) -> str:
    """Text without characters that can't be seen, and change how others look."""
    return _HIDDEN.sub("", text).strip()


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """What a field such as Content-Type says, and its parameters: RFC 2231, encoded words, or bare bytes.

    Returns:
        The word in front in small letters, and the parameters by name in small letters, decoded.
    """
    front, _semicolon, rest = value.partition(";")
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for match in _PARAMETER.finditer(";" + rest[:MAX_FIELD]):
        name, number, is_encoded, quoted, bare = match.groups()
        text = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else (bare or "").strip()
        pieces.setdefault(name.lower(), {}).setdefault(_place(number, is_encoded), (bool(is_encoded), text))
    return front.strip().lower(), {name: _parameter(parts) for name, parts in pieces.items()}


def _place(number: str | None, is_encoded: str | None) -> int:
    # A client that writes both forms means the encoded one (RFC 6266, 4.3): it comes first.
    if number is not None:
        return int(number[1:])
    return -2 if is_encoded else -1


def _parameter(parts: Mapping[int, tuple[bool, str]]) -> str:
    if -2 in parts:
        return _extended([parts[-2]])
    if -1 in parts:
        return _undo_percent(decode_header(parts[-1][1]))
    return _extended([parts[number] for number in sorted(parts)])


def _extended(parts: list[tuple[bool, str]]) -> str:
    """RFC 2231: the charset stands before the first part, percent signs in the parts that have a star."""
    charset, first = "", parts[0][1]
    if parts[0][0] and first.count("'") >= 2:
        charset, _language, first = first.split("'", 2)
        parts = [(True, first), *parts[1:]]
    if not any(is_encoded for is_encoded, _text in parts):
        return decode_header("".join(text for _is_encoded, text in parts))
    content = b"".join(_unpercent(_latin(text)) if is_encoded else _latin(text) for is_encoded, text in parts)
    return " ".join(clean_text(decode_text(content, charset)[0]).split())


def _undo_percent(text: str) -> str:
    # Some write percent signs without saying so: only where all of it is such text.
    if " " in text or "%" not in text or not text.isascii():
        return text
    try:
        return clean_text(_unpercent(text.encode("ascii")).decode("utf-8"))
    except UnicodeDecodeError:
        return text


def _unpercent(content: bytes) -> bytes:
    return _PERCENT.sub(lambda match: bytes([int(match[1], 16)]), content)


def _latin(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def _decoded(value: str) -> str:
    """Walk from one encoded word to the next. A character may be split between two: bytes are put together first."""
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    position = 0
    while (start := _WORD.search(value, position)) and (end := value.find("?=", start.end())) >= 0:
        between = value[position : start.start()]
        # White space between two encoded words is no part of the text (RFC 2047, 6.2).
        if between.strip() or not pending:
            out += [_flush(pending), _bare(between)]
        pending.append((start[1], _content(start[2], value[start.end() : end])))
        position = end + 2
    return "".join([*out, _flush(pending), _bare(value[position:])])


def _flush(pending: list[tuple[str, bytes]]) -> str:
    out, charset, content = "", "", b""
    for label, piece in pending:
        if label.lower() != charset:
            out, charset, content = out + decode_text(content, charset)[0], label.lower(), b""
        content += piece
    pending.clear()
    return out + decode_text(content, charset)[0]


def _content(encoding: str, text: str) -> bytes:
    if encoding in "bB":
        return decode_base64(_latin(text))
    plain = _latin(text.replace("_", " "))
    return _HEX.sub(lambda match: bytes([int(match[1], 16)]), plain)


def _meant(value: str, charset: str) -> str:
    return value if value.isascii() else decode_bare(value.encode("latin-1"), charset)


def _bare(text: str) -> str:
    if text.isascii():
        return text
    try:
        return decode_text(text.encode("latin-1"), "")[0]
    except UnicodeEncodeError:
        # That was text already.
        return text


def decode_base64(content: bytes) -> bytes:
    """What base64 stands for, as far as it goes: characters that are none are passed over, it ends at the padding."""
    plain = content.translate(None, _NOT_BASE64).partition(b"=")[0]
    if len(plain) % 4 == 1:
        plain = plain[:-1]
    return binascii.a2b_base64(plain + b"=" * (-len(plain) % 4))
