"""DKIM (RFC 6376): whether a domain's signature under a mail is good."""

import logging
from collections.abc import Callable
from typing import Final

from dkim import DKIM, ValidationError

from apps.email.authentication.lookups import Lookups, Unanswered
from apps.email.authentication.results import Check, Result

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
