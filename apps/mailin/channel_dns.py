"""What the DNS says of a mail channel's domain, and what is to be entered where something is missing (EML-1)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _

from apps.email.choices import Inbound
from apps.email.models import MailChannel
from apps.mailin.authentication.dmarc import policy_of
from apps.mailin.authentication.lookups import Lookups, Unanswered
from apps.mailin.authentication.results import Result
from apps.mailin.authentication.spf import spf_check
from apps.mime.compose import domain_ascii
from apps.mime.sign import dns_record

SECONDS = 10.0
"""All the questions of one check together."""


class Verdict(StrEnum):
    """What is to be thought of a finding."""

    GOOD = "good"
    CHECK = "check"
    WRONG = "wrong"


@dataclass(frozen=True)
class DnsRecord:
    """A record to be entered at the DNS host, as zone files hold it.

    Attributes:
        name: of the record, in full.
        kind: "MX" or "TXT".
        value: what it holds.
    """

    name: str
    kind: str
    value: str


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: "MX", "SPF", "DKIM" or "DMARC".
        verdict: what is to be thought of it.
        text: a sentence on it.
        record: what to enter; None where nothing is to be.
    """

    subject: str
    verdict: Verdict
    text: str
    record: DnsRecord | None = None


def channel_dns_check(channel: MailChannel) -> list[Finding]:
    """How the domain of a channel stands in the DNS: a finding for each of MX, SPF, DKIM and DMARC.

    Args:
        channel: as it is stored.
    """
    domain = domain_ascii(channel.address.rpartition("@")[2])
    lookups = Lookups(SECONDS)
    checks: dict[str, Callable[[MailChannel, str, Lookups], Finding]] = {
        "MX": _mx,
        "SPF": _spf,
        "DKIM": _dkim,
        "DMARC": _dmarc,
    }
    return [_answered(subject, check, channel, domain, lookups) for subject, check in checks.items()]


def _answered(
    subject: str,
    check: Callable[[MailChannel, str, Lookups], Finding],
    channel: MailChannel,
    domain: str,
    lookups: Lookups,
) -> Finding:
    try:
        return check(channel, domain, lookups)
    except Unanswered:
        return Finding(subject, Verdict.CHECK, _("The DNS did not answer in time: check again in a minute."))


def _mx(channel: MailChannel, domain: str, lookups: Lookups) -> Finding:
    """Which servers take the domain's mail (RFC 5321, 5.1)."""
    servers = [each.exchange.to_text(omit_final_dot=True).lower() for each in lookups.find(domain, "MX")]
    ours = settings.MAIL_HOSTNAME.lower()
    by_listener = channel.inbound == Inbound.LISTENER
    if not servers:
        record = DnsRecord(domain, "MX", f"10 {ours}.") if by_listener else None
        return Finding("MX", Verdict.WRONG, _("No server takes mail for %(domain)s.") % {"domain": domain}, record)
    facts = {"domain": domain, "servers": ", ".join(servers[:5]), "ours": ours}
    if not by_listener:
        return Finding("MX", Verdict.GOOD, _("Mail for %(domain)s goes to %(servers)s.") % facts)
    if ours in servers:
        return Finding("MX", Verdict.GOOD, _("Mail for %(domain)s comes to this installation.") % facts)
    text = _("Mail for %(domain)s goes to %(servers)s: have it forwarded to %(ours)s, or enter that as the MX.") % facts
    return Finding("MX", Verdict.CHECK, text, DnsRecord(domain, "MX", f"10 {ours}."))


def _spf(channel: MailChannel, domain: str, lookups: Lookups) -> Finding:
    """Whether the outgoing server may send for the domain (RFC 7208)."""
    host = channel.smtp_host or settings.EMAIL_HOST or settings.MAIL_HOSTNAME
    found = [text for text in lookups.texts(domain) if text.lower().split(b" ")[0] == b"v=spf1"]
    facts = {"domain": domain, "host": host}
    if not found:
        text = _(
            "%(domain)s does not say which servers send for it: mails land in spam. A provider names its own part."
        )
        return Finding("SPF", Verdict.WRONG, text % facts, DnsRecord(domain, "TXT", f'"v=spf1 a:{host} ~all"'))
    if len(found) > 1:
        text = _("%(domain)s has several SPF records, and none of them counts: make one of them.")
        return Finding("SPF", Verdict.WRONG, text % facts)
    peers = [str(each.address) for each in lookups.find(host, "A")]
    if any(_may_send(peer, channel.address, lookups) for peer in peers):
        return Finding("SPF", Verdict.GOOD, _("%(host)s may send for %(domain)s.") % facts)
    text = _("SPF does not name %(host)s. If it sends by other servers, check that these are in: %(said)s")
    return Finding("SPF", Verdict.CHECK, text % {**facts, "said": found[0].decode("ascii", "replace")[:300]})


def _may_send(peer: str, address: str, lookups: Lookups) -> bool:
    return spf_check(peer=peer, helo="", sender=address, lookups=lookups).result == Result.PASS


def _dkim(channel: MailChannel, domain: str, lookups: Lookups) -> Finding:
    """Whether the key by which the channel signs is published (RFC 6376, 3.6)."""
    if not channel.dkim_public:
        text = _("This channel has no key: save it with a selector, unless its server signs by itself.")
        return Finding("DKIM", Verdict.CHECK, text)
    name = f"{channel.dkim_selector}._domainkey.{domain}"
    record = DnsRecord(name, "TXT", dns_record(channel.dkim_public))
    keys = [_tag(text, "p") for text in lookups.texts(name)]
    if channel.dkim_public in keys:
        if channel.signs:
            return Finding("DKIM", Verdict.GOOD, _("The key is published, and mails are signed with it."))
        return Finding("DKIM", Verdict.CHECK, _("The key is published: switch on “sign mails”."))
    verdict = Verdict.WRONG if channel.signs else Verdict.CHECK
    text = _("Another key is published than this channel has.") if keys else _("The key is not published.")
    return Finding("DKIM", verdict, text, record)


def _dmarc(_channel: MailChannel, domain: str, lookups: Lookups) -> Finding:
    """What others shall do with mail that is not the domain's own (RFC 7489)."""
    policy = policy_of(domain, lookups)
    if policy is None:
        text = _("%(domain)s does not say what becomes of mail in its name that is not its own.") % {"domain": domain}
        return Finding("DMARC", Verdict.CHECK, text, DnsRecord(f"_dmarc.{domain}", "TXT", '"v=DMARC1; p=none"'))
    if policy.wants == "none":
        text = _("DMARC watches alone. Once SPF and DKIM are in order, quarantine keeps forgeries away.")
        return Finding("DMARC", Verdict.GOOD, text)
    return Finding(
        "DMARC",
        Verdict.GOOD,
        _("Mail that is not the domain's own is told apart (%(wants)s).") % {"wants": policy.wants},
    )


def _tag(record: bytes, name: str) -> str:
    """The value of a tag of a record, without the spaces that may stand in it."""
    pairs = (each.partition("=") for each in record.decode("ascii", "replace").split(";"))
    return next(("".join(value.split()) for tag, _sign, value in pairs if tag.strip() == name), "")
