"""DKIM (RFC 6376): whether a domain's signature under a mail is good."""

import logging
from collections.abc import Callable
from typing import Final

from dkim import DKIM, ValidationError
from dkim.util import InvalidTagValueList, parse_tag_value

from apps.mailin.authentication.lookups import Lookups, Unanswered
from apps.mailin.authentication.results import Check, Result
from apps.mime.addresses import parse_addresses
from apps.mime.types import Address

MOST_SIGNATURES: Final = 5
"""Of one mail that are looked at; each reads all of it."""
LEAST_BITS: Final = 1024
"""Of a key (RFC 8301, 3.2)."""

# The library tells of every bad signature; what became of it is kept with the mail.
_quiet = logging.getLogger("apps.email.dkim")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


def dkim_check(content: bytes, lookups: Lookups, speaks: Callable[[str], bool]) -> Check:
    """Check a mail's signatures.

    Args:
        content: all of the mail, as it came.
        lookups: of this mail.
        speaks: whether a domain's word counts for the mail's From.

    Returns:
        The first good one that counts; else the first good one; else what the first one came to.
    """
    try:
        mail = DKIM(content, logger=_quiet, minkey=LEAST_BITS)
        count = sum(name.lower() == b"dkim-signature" for name, _value in mail.headers)
    except Exception:  # whatever the library makes of such a head
        return Check(Result.BROKEN)
    found = Check(Result.NONE)
    for index in range(min(count, MOST_SIGNATURES)):
        one = _one(mail, index, lookups)
        if one.passed and speaks(one.domain):
            return one
        if not index or (one.passed and not found.passed):
            found = one
    return found


def recipients_signed(content: bytes, speaks: Callable[[str], bool]) -> list[Address]:
    """Whom a mail was written to, as far as its signatures hold it fast: they say nothing of the envelope.

    Whoever sends it again may put fields above those that were signed (RFC 6376, 8.15), or change what was not.

    Args:
        content: all of the mail, as it came.
        speaks: whether a domain's word counts for the mail's From; other signatures are not looked at.

    Returns:
        Those of To and Cc that each such signature covers.
    """
    try:
        headers = [(name.strip().lower(), value) for name, value in DKIM(content, logger=_quiet).headers]
        signed = [_signed_names(value) for name, value in headers if name == b"dkim-signature"]
    except Exception:  # whatever the library makes of such a head
        return []
    counted = [names for domain, names in signed if speaks(domain) or not domain]
    found: list[Address] = []
    for field in (b"to", b"cc"):
        values = [value for name, value in headers if name == field]
        # From the bottom up, as often as it is named (5.4.2).
        covered = min([len(values), *(names.count(field) for names in counted)])
        for value in values[len(values) - covered :]:
            found += parse_addresses(value.decode("latin-1"))
    return found


def _signed_names(signature: bytes) -> tuple[str, list[bytes]]:
    """Of whom a signature is, and which fields it covers; nobody's and none where it can't be read."""
    try:
        said = parse_tag_value(signature)
    except InvalidTagValueList:
        return "", []
    names = [each.strip().lower() for each in said.get(b"h", b"").split(b":")]
    return said.get(b"d", b"").decode("ascii", "replace").strip(". \t\r\n").lower(), names


def _one(mail: DKIM, index: int, lookups: Lookups) -> Check:
    def ask(name: bytes, timeout: float = 0) -> bytes | None:
        del timeout
        return next(iter(lookups.texts(name.decode("ascii"))), None)

    mail.domain, mail.signature_fields = None, {}
    try:
        is_good = mail.verify(index, dnsfunc=ask)
        said = Result.PASS if is_good and _is_strong(mail) else Result.FAIL
    except Unanswered:
        said = Result.UNKNOWN
    except ValidationError:
        said = Result.FAIL
    except Exception:  # whatever the library makes of a signature or key that somebody has written for it
        said = Result.BROKEN
    domain = (mail.domain or b"").decode("ascii", "replace").strip(". ").lower()
    return Check(said.value, domain[:253])


def _is_strong(mail: DKIM) -> bool:
    """Not one that leaves the body open (RFC 6376, 8.2) or From out (6.1.1), nor of SHA-1 (RFC 8301, 3.1)."""
    said = mail.signature_fields
    signed = {each.strip().lower() for each in said.get(b"h", b"").split(b":")}
    return b"from" in signed and b"l" not in said and said.get(b"a") != b"rsa-sha1"
