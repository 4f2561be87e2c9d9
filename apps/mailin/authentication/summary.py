"""What speaks for a mail's From, in words for people (EML-3)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.mailin.authentication.results import Authentication, Check


@dataclass(frozen=True)
class SenderSummary:
    """Whether a mail comes from where its From says.

    Attributes:
        line: in one line.
        details: what was found out, and by whom.
        is_warning: the domain of From says that it does not.
    """

    line: str
    details: str
    is_warning: bool


def sender_summary(kept: dict[str, Any] | None) -> SenderSummary | None:
    """What is kept of that with a received mail, in words; none where nothing was looked into.

    Args:
        kept: `RawMail.authentication`.
    """
    found = Authentication.read(kept or {})
    if not found.by:
        return None
    if found.verified:
        line = _("Sender verified by %(domain)s") % {"domain": found.verified}
    elif found.is_refused:
        line = _("Sender not verified: %(domain)s says that this mail is not its own") % {"domain": found.dmarc.domain}
    elif found.is_replay:
        line = _("Sender not verified: this mail was not written to us, and anybody may have passed it on")
    else:
        line = _("Sender not verified")
    checks = (("SPF", found.spf), ("DKIM", found.dkim), ("DMARC", found.dmarc))
    said = " · ".join(f"{name} {_check(check)}" for name, check in checks)
    details = _("%(checks)s, checked by %(name)s") % {"checks": said, "name": found.by}
    return SenderSummary(line, details, is_warning=found.is_refused)


def _check(check: Check) -> str:
    if not check.was_made:
        return _("not checked")
    return f"{check.result} ({check.domain})" if check.domain else check.result
