"""When two mails are one and the same (EML-2). Read before anything is parsed: it must not depend on what a parser can.

The same mail comes twice when the acknowledgement was lost and the other server tries again, or by two ways: then its
servers have written other lines above it, and nothing else differs. A mail without a Message-ID has nothing that tells
it from another of the same words, so that there every byte counts.
"""

import hashlib
import re
from dataclasses import dataclass

# What servers on the way write, each in its own words.
_TRACE = frozenset(
    {
        b"arc-authentication-results",
        b"arc-message-signature",
        b"arc-seal",
        b"authentication-results",
        b"delivered-to",
        b"envelope-to",
        b"received",
        b"received-spf",
        b"return-path",
        b"x-envelope-from",
        b"x-envelope-to",
        b"x-original-to",
        b"x-received",
        b"x-spam-level",
        b"x-spam-score",
        b"x-spam-status",
    }
)
_FIELD = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n)*")
_ID = re.compile(rb"<\s*([^<>]+?)\s*>")
MOST_HEAD = 1024 * 1024
"""Bytes of headers that are looked at."""


@dataclass(frozen=True)
class DuplicateKey:
    """What a mail is known by.

    Attributes:
        digest: SHA-256, in hexadecimal.
        mail_id: its Message-ID without angle brackets; empty when it has none.
    """

    digest: str
    mail_id: str


def duplicate_key_of(raw: bytes) -> DuplicateKey:
    """By what this mail is known again.

    Args:
        raw: as it came over the wire, or out of a mailbox.
    """
    plain = raw.replace(b"\r\n", b"\n")
    end = plain.find(b"\n\n", 0, MOST_HEAD)
    head, body = (plain[: end + 1], plain[end + 1 :]) if end >= 0 else (plain, b"")
    fields = _FIELD.findall(head) if end >= 0 else []
    mail_id = _mail_id(fields)
    if not mail_id:
        return DuplicateKey(hashlib.sha256(plain).hexdigest(), "")
    digest = hashlib.sha256()
    for each in fields:
        if _name(each) not in _TRACE:
            digest.update(each)
    digest.update(body)
    return DuplicateKey(digest.hexdigest(), mail_id)


def _name(field: bytes) -> bytes:
    return field.partition(b":")[0].strip().lower()


def _mail_id(fields: list[bytes]) -> str:
    for each in fields:
        if _name(each) == b"message-id":
            found = _ID.search(each)
            # Its own spelling, but for what PostgreSQL can't store.
            return found[1].decode("ascii", "replace").replace("\0", "") if found else ""
    return ""
