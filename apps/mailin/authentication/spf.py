"""SPF (RFC 7208): whether a server may send for the domain that a mail is returned to."""

from contextvars import ContextVar
from typing import Any, Final

import spf

from apps.mailin.authentication.lookups import Lookups, Unanswered
from apps.mailin.authentication.results import Check, Result

_asked: ContextVar[Lookups] = ContextVar("asked")
_WORDS: Final = frozenset(Result)


def _lookup(name: str, kind: str, strict: bool = True, timeout: float = 0) -> list[Any]:
    """What the library asks the DNS, as it wants to be answered."""
    del strict, timeout
    if kind == "SPF":  # Given up in 2014 (RFC 7208, 3.1).
        return []
    try:
        found = _asked.get().find(name, kind)
    except Unanswered as failure:
        raise spf.TempError(f"DNS {failure}") from failure
    return [((name, kind), _value(each, kind)) for each in found]


def _value(record: Any, kind: str) -> Any:
    if kind == "MX":
        return record.preference, record.exchange.to_text(omit_final_dot=True)
    if kind == "PTR":
        return record.target.to_text(omit_final_dot=True)
    return record.strings if kind == "TXT" else record.address


spf.DNSLookup = _lookup


def spf_check(*, peer: str, helo: str, sender: str, lookups: Lookups) -> Check:
    """Ask the domain that a mail is returned to (of a report: the one by which the server greeted).

    Args:
        peer: the address of the server that brought it.
        helo: by what name it greeted.
        sender: where the mail is returned to; may be empty.
        lookups: of this mail.
    """
    domain = (sender.rpartition("@")[2] or helo).strip("[]. ").lower()
    if not domain or "." not in domain:
        return Check(Result.NONE)
    token = _asked.set(lookups)
    try:
        said, _code, _why = spf.query(i=peer, s=sender, h=helo or domain).check()
    except spf.TempError:
        said = Result.UNKNOWN
    except Exception:  # whatever the library makes of a record that somebody has written for it
        said = Result.BROKEN
    finally:
        _asked.reset(token)
    return Check(str(said) if said in _WORDS else Result.BROKEN.value, domain[:253])
