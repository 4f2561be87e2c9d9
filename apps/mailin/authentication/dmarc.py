"""DMARC (RFC 7489): whether SPF or DKIM speak for the domain that people see, the one of From."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from publicsuffixlist import PublicSuffixList

from apps.core.errors import DomainError
from apps.mailin.authentication.lookups import Lookups
from apps.mime.compose import domain_ascii

POLICIES: Final = ("none", "quarantine", "reject")


@dataclass(frozen=True)
class Policy:
    """What a domain says of its mail.

    Attributes:
        wants: done with what is not its own: one of `POLICIES`.
        strict_dkim: whether a signature has to be of the very domain; else one of the same owner does.
        strict_spf: the same of SPF.
    """

    wants: str = "none"
    strict_dkim: bool = False
    strict_spf: bool = False


def policy_of(domain: str, lookups: Lookups) -> Policy | None:
    """What a domain, or whoever it belongs to, has published; none when they have nothing.

    Args:
        domain: of a From address.
        lookups: of this mail.

    Raises:
        Unanswered: nobody answered.
    """
    if (own := _published(domain, lookups)) is not None:
        return _policy(own, own.get("p", ""))
    owner = owner_of(domain)
    if owner != ascii_of(domain) and (above := _published(owner, lookups)) is not None:
        return _policy(above, above.get("sp") or above.get("p", ""))
    return None


def is_aligned(domain: str, other: str, *, strict: bool = False) -> bool:
    """Whether one domain's word counts for another: they are the same, or have one owner (RFC 7489, 3.1).

    Args:
        domain: of From.
        other: that SPF or DKIM speaks for.
        strict: only the same counts.
    """
    one, two = ascii_of(domain), ascii_of(other)
    if not one or not two:
        return False
    return one == two or (not strict and owner_of(one) == owner_of(two))


def owner_of(domain: str) -> str:
    """The domain that somebody has registered, of which this one is a part; itself where nobody can register it."""
    name = ascii_of(domain)
    return str(_suffixes().privatesuffix(name) or name)


def ascii_of(domain: str) -> str:
    """A domain as the DNS knows it; empty for what is none."""
    try:
        return domain_ascii(domain.strip(". ").lower())
    except (DomainError, ValueError):
        return ""


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _published(domain: str, lookups: Lookups) -> dict[str, str] | None:
    name = ascii_of(domain)
    found = [_tags(each) for each in lookups.texts(f"_dmarc.{name}")] if name else []
    records = [each for each in found if each.get("v") == "dmarc1"]
    # Of two nobody knows which one is meant (RFC 7489, 6.6.3).
    return records[0] if len(records) == 1 else None


def _tags(record: bytes) -> dict[str, str]:
    pairs = (each.partition("=") for each in record.decode("ascii", "replace").split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _sign, value in pairs}


def _policy(said: dict[str, str], wants: str) -> Policy:
    return Policy(
        wants=wants if wants in POLICIES else "none",
        strict_dkim=said.get("adkim") == "s",
        strict_spf=said.get("aspf") == "s",
    )
