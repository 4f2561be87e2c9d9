"""What was found out about a mail's sender, as it is kept with the mail (RFC 8601 has the words)."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    """Of one check. Whatever is no pass vouches for nothing."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    SOFT_FAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    BROKEN = "permerror"
    UNKNOWN = "temperror"


@dataclass(frozen=True)
class Check:
    """One of the three.

    Attributes:
        result: a value of `Result`; empty when it was not checked.
        domain: for whom it speaks.
    """

    result: str = ""
    domain: str = ""

    @property
    def passed(self) -> bool:
        """Whether the domain vouches for the mail."""
        return self.result == Result.PASS and bool(self.domain)

    @property
    def was_made(self) -> bool:
        """Whether it was found out: not so where nothing could be checked, or nobody answered."""
        return self.result not in ("", Result.UNKNOWN)


@dataclass(frozen=True)
class Authentication:
    """What speaks for a mail's From.

    Attributes:
        by: who checked: "Parley", or a server or provider that is trusted with it.
        spf: whether the server that brought it may send for the domain that it is returned to.
        dkim: whether a signature is good; of several the one that says most.
        dmarc: whether one of both speaks for the domain of From.
        policy: what that domain wants done with mail of which this is not so: "none", "quarantine", "reject".
        verified: the domain that vouches for From; empty when none does.
        is_replay: a signature is good, and nothing else vouches for From; but the mail was not written to us.
    """

    by: str = ""
    spf: Check = field(default_factory=Check)
    dkim: Check = field(default_factory=Check)
    dmarc: Check = field(default_factory=Check)
    policy: str = ""
    verified: str = ""
    is_replay: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether the domain of From says itself that this mail is none of its own."""
        return not self.verified and self.dmarc.result == Result.FAIL and self.policy in ("quarantine", "reject")

    def told(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Authentication":
        """Of what is kept; of a mail that came before any was checked, nothing."""
        fields: dict[str, Any] = {name: str(kept.get(name, "")) for name in ("by", "policy", "verified")}
        fields |= {name: Check(**kept[name]) for name in ("spf", "dkim", "dmarc") if isinstance(kept.get(name), dict)}
        return cls(**fields, is_replay=kept.get("is_replay") is True)
