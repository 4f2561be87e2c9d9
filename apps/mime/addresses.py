"""Addresses, ids and dates of header fields, as they are met (RFC 5322, 3.3, 3.4, 3.6.4)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_tz

from apps.mime.charsets import clean_text
from apps.mime.headers import decode_header, name_of
from apps.mime.types import Address

MAX_ADDRESSES = 500
"""Of one field."""
MAX_IDS = 300
"""Of one field: the first, and the latest."""
MAX_ADDRESS = 320
MAX_NAME = 200
MAX_ID = 500

# One piece of an address list; whatever is none of the others is taken a character at a time. Every repetition that can
# fail after a long way has an end: a field made for it would take minutes otherwise.
_TOKEN = re.compile(
    r"(?P<word>=\?[^?\s=]{1,60}\?[bq]\?[^?\s]*\?=)|(?P<quoted>\"(?:[^\"\\]|\\.){0,250}+\")|(?P<angle><[^<>]*>)"
    r"|(?P<plain>[^\"<>(),;:\\=\s]+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_BARE = re.compile(r"(?:\"[^\"\s]{1,64}\"|[^\s<>\"(),;:@]{1,200})@(?:\[[^\[\]\s]{1,60}\]|[^\s<>\"(),;:@]{1,255})")
_ID = re.compile(r"<([^<>]{1,1000})>")
_ZONE_NAME = re.compile(r"\([^()]*\)")


def parse_addresses(value: str) -> tuple[Address, ...]:
    """The mailboxes of a field; groups are opened, comments and what is no address are left out.

    Args:
        value: the field's raw value, or several joined with commas.
    """
    read = _read(value)
    found = [each for each in read if isinstance(each, Address)][:MAX_ADDRESSES]
    if not found and read:
        # A machine that signs with a name alone: `From: MAILER-DAEMON`.
        found = [Address("", name_of(str(read[-1]))[:MAX_ADDRESS])]
    return tuple(each for each in found if each.address)


def parse_recipients(value: str) -> tuple[Address, ...]:
    """The recipients that a person has typed: what is no address stays one of them, so that it is refused by its name.

    Args:
        value: one recipient, or several between commas.
    """
    return tuple(each for each in map(_kept, _read(value)[: 2 * MAX_ADDRESSES]) if each.address)


def _kept(read: Address | str) -> Address:
    if isinstance(read, Address):
        return read if read.address else Address("", f"{read.name} <>".strip()[:MAX_ADDRESS])
    return Address("", " ".join(read.split())[:MAX_ADDRESS])


def _read(value: str) -> list[Address | str]:
    """The mailboxes of a field, and what stands between them that is none."""
    found: list[Address | str] = []
    waiting = ""
    for piece in _pieces(value):
        text = piece.text
        if waiting and (piece.has_angle or not _BARE.search(text)):
            # "Ruiz, Ana <ana@example.com>" without the quotes that it needs: the comma is part of the name.
            text = f"{waiting},{text}"
        elif waiting:
            found.append(waiting)
        waiting = ""
        address = _address(text, piece.comment)
        if address is None:
            waiting = text if text.strip() else ""
        else:
            found.append(address)
    return [*found, waiting] if waiting else found


def parse_message_ids(value: str) -> tuple[str, ...]:
    """The ids in a Message-ID, In-Reply-To or References field, each once, in order, without angle brackets."""
    if "=?" in value:
        value = decode_header(value)
    found = ["".join(each.split()) for each in _ID.findall(value)]
    if not found:
        found = [each.strip("<>,;\"'") for each in value.split() if "@" in each or not value.count(" ")]
    once = list(dict.fromkeys(clean_text(each[:MAX_ID]) for each in found))
    kept = once if len(once) <= MAX_IDS else [once[0], *once[-MAX_IDS + 1 :]]
    return tuple(each for each in kept if each)


def date_of(value: str) -> datetime | None:
    """When a field says it was, aware; None where it says nothing that is a date."""
    try:
        fields = parsedate_tz(_ZONE_NAME.sub(" ", value[:200]))
        if fields is None:
            return None
        year, month, day, hour, minute, second, *_rest, offset = fields
        # A leap second is no second for a database.
        at = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        found = datetime.fromtimestamp(at.timestamp() - (offset or 0), tz=UTC)
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
    return found if 1970 < found.year < 2100 else None


@dataclass(slots=True)
class _Piece:
    """What stands between two commas that separate."""

    text: str = ""
    comment: str = ""
    has_angle: bool = False


def _pieces(value: str) -> list[_Piece]:
    pieces = [_Piece()]
    depth = 0
    for match in _TOKEN.finditer(value):
        kind, text, piece = match.lastgroup, match[0], pieces[-1]
        if text in ("(", ")"):
            depth = max(0, depth + (1 if text == "(" else -1))
        elif depth:
            piece.comment += text if len(piece.comment) < MAX_NAME else ""
        elif text in (",", ";"):
            if len(pieces) > 2 * MAX_ADDRESSES:
                break
            pieces.append(_Piece())
        elif text == ":" and not piece.has_angle and "[" not in piece.text:
            # That was the name of a group. (A colon in brackets is one of an IPv6 address.)
            piece.text = ""
        else:
            piece.has_angle = piece.has_angle or kind == "angle"
            piece.text += text
    return pieces


def _address(text: str, comment: str) -> Address | None:
    """A mailbox, or None where there is no address in it."""
    angles = [match for match in _TOKEN.finditer(text) if match.lastgroup == "angle"]
    if angles:
        last = angles[-1]
        # A route in front (`<@one,@two:ana@example.com>`) has not been used for decades (RFC 5322, 4.4).
        address = _spelled(last[0][1:-1].rpartition(":")[2])
        name = _name(text[: last.start()]) or _name(text[last.end() :]) or _name(comment)
        return Address("" if name.casefold() == address.casefold() else name, address)
    bare = _BARE.search(text)
    if bare is None:
        return None
    return Address(_name(text.replace(bare[0], " ")) or _name(comment), _spelled(bare[0]))


def _spelled(address: str) -> str:
    plain = _plain(address)[:MAX_ADDRESS]
    local, at, domain = plain.rpartition("@")
    return f"{local}@{domain.lower().rstrip('.')}" if at else plain


def _plain(text: str) -> str:
    return name_of("".join(text.split())).replace(" ", "")


def _name(text: str) -> str:
    unquoted = re.sub(r"\\(.)|\"", lambda match: match[1] or "", text, flags=re.DOTALL)
    return name_of(unquoted).strip("' ")[:MAX_NAME].strip()
