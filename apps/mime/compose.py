"""Writing: an `OutgoingMail` becomes bytes that every client reads, the same bytes for each try (EML-10)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from email.utils import format_datetime
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.mime.choices import Refusal
from apps.mime.replies import references_trim
from apps.mime.types import Address, OutgoingMail, Part

MAX_LINE = 76
_WORD_BYTES = 42
"""Of one encoded word: 56 characters in base64, with its frame below the 75 that RFC 2047 allows."""

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x80-\x9f\u2028\u2029\ud800-\udfff]")
_SPECIAL = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]")
_FIELD = re.compile(r"(List-[A-Za-z-]{2,40}|Precedence|X-[A-Za-z0-9-]{1,60}|Auto-Submitted|Feedback-ID)")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
_ID = re.compile(r"[^\s<>\x00-\x1f\x7f-\uffff]{1,900}")
_ADDRESS = re.compile(r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}|\"[^\"\\\s]{1,62}\")@[A-Za-z0-9.\[\]:-]{1,255}")

_Lines = list[bytes]


def message_id_for(key: UUID, domain: str) -> str:
    """The id of a mail, the same at each try: by the key of the row that asks for it, at the channel's domain."""
    return f"{key.hex}@{domain_ascii(domain)}"


def compose_mail(mail: OutgoingMail) -> bytes:
    """Write a mail: plain, or plain and HTML with the images that it shows; attachments behind them.

    The envelope is `mail.recipients`; those in Bcc stand nowhere in the mail.

    Raises:
        DomainError: ``mail_header_invalid`` where a value would break out of its line, ``mail_address_invalid``.
    """
    seed = hashlib.sha256(mail.message_id.encode()).hexdigest()
    body = _mixed(mail, seed)
    head = b"".join(_field(name, value) for name, value in _header(mail))
    return head + b"MIME-Version: 1.0\r\n" + b"\r\n".join(body) + (b"" if body[-1].endswith(b"\r\n") else b"\r\n")


def domain_ascii(domain: str) -> str:
    """A domain as the DNS knows it (RFC 3490).

    Raises:
        DomainError: ``mail_address_invalid``.
    """
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise _refused_address(domain) from error


def address_check(address: str) -> str:
    """An address as it stands in a mail: its domain in ASCII.

    What stands in front of the "@" must be ASCII: letters of other scripts need servers that know SMTPUTF8 all the way.

    Raises:
        DomainError: ``mail_address_invalid``.
    """
    local, _at, domain = address.rpartition("@")
    written = f"{local}@{domain if domain.startswith('[') else domain_ascii(domain)}"
    if not _ADDRESS.fullmatch(written) or ".." in written or local.startswith(".") or local.endswith("."):
        raise _refused_address(address)
    return written


def _header(mail: OutgoingMail) -> list[tuple[str, str]]:
    """The fields in the order in which clients write them, values encoded and not folded yet."""
    fields = [("Date", format_datetime(mail.date)), ("From", _address(mail.from_))]
    fields.append(("To", ", ".join(map(_address, mail.to)) or "undisclosed-recipients:;"))
    if mail.cc:
        fields.append(("Cc", ", ".join(map(_address, mail.cc))))
    if mail.reply_to:
        fields.append(("Reply-To", _address(mail.reply_to)))
    fields += [("Subject", _text(mail.subject)), ("Message-ID", _id(mail.message_id))]
    references = references_trim((*mail.references, *((mail.in_reply_to,) if mail.in_reply_to else ())))
    if mail.in_reply_to:
        fields.append(("In-Reply-To", _id(mail.in_reply_to)))
    if references:
        fields.append(("References", " ".join(map(_id, references))))
    if mail.is_automatic:
        # RFC 3834, 5; the second is what Exchange looks at.
        fields += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
    for name, value in mail.headers.items():
        if not _FIELD.fullmatch(name):
            raise _refused_header()
        fields.append((name, _text(value)))
    return fields


def _checked(value: str) -> str:
    if _CONTROL.search(value):
        raise _refused_header()
    return value


def _refused_header() -> DomainError:
    return DomainError(
        Refusal.MAIL_HEADER_INVALID, _("A line of this mail's head holds characters that it can't hold.")
    )


def _refused_address(address: str) -> DomainError:
    return DomainError(Refusal.MAIL_ADDRESS_INVALID, _("%(address)s is no email address.") % {"address": address[:100]})


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise _refused_header()
    return f"<{value}>"


def _address(address: Address) -> str:
    written = address_check(_checked(address.address))
    name = _checked(address.name)
    if not name:
        return written
    if not name.isascii() or "=?" in name:
        return f"{_words(name)} <{written}>"
    if _SPECIAL.search(name) or name != " ".join(name.split()):
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{written}>'
    return f"{name} <{written}>"


def _text(value: str) -> str:
    if _checked(value).isascii() and "=?" not in value and max(map(len, value.split(" ")), default=0) < 900:
        return value
    return _words(value)


def _words(text: str) -> str:
    """Encoded words (RFC 2047), each of whole characters."""
    pieces, piece = [], b""
    for character in text:
        encoded = character.encode()
        if len(piece) + len(encoded) > _WORD_BYTES:
            pieces.append(piece)
            piece = b""
        piece += encoded
    return " ".join(f"=?utf-8?B?{base64.b64encode(each).decode()}?=" for each in [*pieces, piece])


def _field(name: str, value: str) -> bytes:
    """A field, folded in front of spaces."""
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > MAX_LINE and line.strip() and word.strip() and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line]).encode("ascii") + b"\r\n"


def _mixed(mail: OutgoingMail, seed: str) -> _Lines:
    shown = [part for part in mail.attachments if part.is_inline and part.content_id and mail.html]
    others = [part for part in mail.attachments if part not in shown]
    content = _written("text/plain", mail.text)
    if mail.html:
        page = _written("text/html", mail.html)
        if shown:
            page = _multipart("related", [page, *map(_attached, shown)], seed, '; type="text/html"')
        content = _multipart("alternative", [content, page], seed)
    return _multipart("mixed", [content, *map(_attached, others)], seed) if others else content


def _multipart(kind: str, parts: Sequence[_Lines], seed: str, more: str = "") -> _Lines:
    # "=_" never stands in quoted-printable or base64; the rest is by the mail's id, so that each try is the same.
    boundary = f"=_{kind[0]}{hashlib.sha256((kind + seed).encode()).hexdigest()[:32]}"
    lines = [f'Content-Type: multipart/{kind}{more};\r\n boundary="{boundary}"'.encode(), b""]
    for part in parts:
        lines += [f"--{boundary}".encode(), *part]
    return [*lines, f"--{boundary}--".encode(), b""]


def _written(media_type: str, text: str) -> _Lines:
    """A text, in the plainest encoding that brings it over whole."""
    content = re.sub(r"\r\n?", "\n", text).encode("utf-8", "replace").replace(b"\n", b"\r\n")
    is_ascii = content.isascii()
    is_plain = is_ascii and not re.search(rb"[^\r\n]{900}|[ \t]\r?(\n|\Z)|^From |^\.|\x00", content, re.MULTILINE)
    if is_plain:
        encoding, body = "7bit", content
    elif is_ascii or sum(byte > 126 for byte in content) * 4 < len(content):
        # Where the text has no line's end that it could go by, it breaks lines by a bare LF, which servers refuse.
        encoded = binascii.b2a_qp(content, istext=True)
        encoding, body = "quoted-printable", re.sub(rb"(?<!\r)\n", b"\r\n", encoded)
    else:
        encoding, body = "base64", _base64(content)
    charset = "us-ascii" if is_ascii else "utf-8"
    return [
        f'Content-Type: {media_type}; charset="{charset}"'.encode(),
        f"Content-Transfer-Encoding: {encoding}".encode(),
        b"",
        body,
    ]


def _attached(part: Part) -> _Lines:
    media_type = part.media_type if _MEDIA_TYPE.fullmatch(part.media_type) else "application/octet-stream"
    name = _checked(part.name)
    if media_type.startswith(("multipart/", "message/")):
        # A mail in a mail may not be encoded (RFC 2046, 5.2.1), and may not be sent as it is: its lines are too long.
        is_sound = media_type == "message/rfc822" and part.content.isascii() and _fits(part.content)
        media_type = media_type if is_sound else "application/octet-stream"
    else:
        is_sound = False
    disposition = "inline" if part.is_inline else "attachment"
    lines = [
        _parameters(f"Content-Type: {media_type}", "name", name),
        _parameters(f"Content-Disposition: {disposition}", "filename", name),
    ]
    if part.content_id:
        lines.append(f"Content-ID: {_id(part.content_id)}".encode("ascii"))
    if is_sound:
        return [*lines, b"", part.content]
    return [*lines, b"Content-Transfer-Encoding: base64", b"", _base64(part.content)]


def _fits(content: bytes) -> bool:
    return b"\x00" not in content and not re.search(rb"[^\n]{997}|[^\r]\n|\r[^\n]|=_[mar][0-9a-f]{32}", content)


def _parameters(field: str, name: str, value: str) -> bytes:
    """A field with a name in it: RFC 2231, in pieces where it is long; plain where it is plain."""
    plain = re.fullmatch(r"[\w !#$&'()+,.;=@^`{}~-]{1,50}", value, re.ASCII)
    if plain and value == " ".join(value.split()) and "=?" not in value:
        return f'{field};\r\n {name}="{value}"'.encode()
    escaped = [_percent(character) for character in value]
    pieces, piece = [], "utf-8''"
    for each in escaped:
        if len(piece) + len(each) > 58:
            pieces.append(piece)
            piece = ""
        piece += each
    pieces.append(piece)
    if len(pieces) == 1:
        return f"{field};\r\n {name}*={pieces[0]}".encode()
    return ";\r\n ".join([field, *(f"{name}*{number}*={each}" for number, each in enumerate(pieces))]).encode()


def _percent(character: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9._-]", character):
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode())


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).rstrip(b"\n").replace(b"\n", b"\r\n")
