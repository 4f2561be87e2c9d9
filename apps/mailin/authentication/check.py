"""A mail is checked: by what a trusted server says of it, else by ourselves."""

from dataclasses import replace
from typing import Final

from apps.core.public_addresses import is_public_address
from apps.email.choices import Inbound
from apps.email.models import MailChannel, RawMail
from apps.email.selectors import plain_address
from apps.mailin.authentication.dkim import dkim_check, recipients_signed
from apps.mailin.authentication.dmarc import Policy, is_aligned, policy_of
from apps.mailin.authentication.lookups import Lookups, Unanswered
from apps.mailin.authentication.results import Authentication, Check, Result
from apps.mailin.authentication.spf import spf_check
from apps.mailin.authentication.trusted_server import trusted_server_results
from apps.mime.types import ParsedMail

OURSELVES: Final = "Parley"


def mail_authenticate(raw: RawMail, content: bytes, mail: ParsedMail) -> Authentication:
    """Find out who vouches for a mail's From. Takes a few seconds at the very most, and never raises.

    Args:
        raw: the mail as it was received, with its channel and with what a provider said of it.
        content: its bytes.
        mail: it, parsed.
    """
    told = _told(raw, mail)
    if told is not None and (told.dmarc.result in (Result.PASS, Result.FAIL) or told.dkim.result):
        return _concluded(told, Policy(), mail, raw, content)
    lookups = Lookups()
    domain = _author(mail)
    found = told or Authentication(by=OURSELVES)
    if not found.spf.result:
        found = replace(found, spf=_spf(raw, lookups))
    if not raw.is_put_together:
        found = replace(found, dkim=dkim_check(content, lookups, lambda other: is_aligned(domain, other)))
    return _concluded(*_against_policy(found, domain, lookups), mail, raw, content)


def _told(raw: RawMail, mail: ParsedMail) -> Authentication | None:
    """What somebody says who is trusted: the provider that brought the mail, or the server named in the channel.

    Anybody can write such a field into their mail. A mailbox's own server, and one that hands over to us in our own
    network, have put theirs above it; whoever comes to the listener from outside is no such server.
    """
    if raw.came_by == Inbound.WEBHOOK:
        return Authentication.read(raw.authentication) if raw.authentication else None
    server = raw.channel.trusted_server
    inside = raw.came_by == Inbound.LISTENER and not _is_outside(raw.peer)
    if server and (raw.came_by == Inbound.IMAP or inside):
        return trusted_server_results(mail.headers.get("authentication-results", ()), server)
    return None


def _spf(raw: RawMail, lookups: Lookups) -> Check:
    """Only of who came to our own listener, and not through a server of our own in front of it."""
    if raw.came_by != Inbound.LISTENER or not _is_outside(raw.peer):
        return Check()
    return spf_check(peer=raw.peer, helo=raw.helo, sender=raw.envelope_from, lookups=lookups)


def _is_outside(peer: str) -> bool:
    try:
        return is_public_address(peer)
    except ValueError:
        return False


def _author(mail: ParsedMail) -> str:
    """The domain of From; none where it names several: nobody can vouch for all of them."""
    return mail.from_[0].address.rpartition("@")[2] if len(mail.from_) == 1 else ""


def _against_policy(found: Authentication, domain: str, lookups: Lookups) -> tuple[Authentication, Policy]:
    """What the domain of From wants, where there is anything to hold against it."""
    if not domain or not (found.spf.was_made or found.dkim.was_made):
        return found, Policy()
    try:
        policy = policy_of(domain, lookups)
    except Unanswered:
        return replace(found, dmarc=Check(Result.UNKNOWN, domain)), Policy()
    if policy is None:
        return replace(found, dmarc=Check(Result.NONE, domain)), Policy()
    if _vouched(found, domain, policy):
        said = Result.PASS
    else:
        # It has failed only where both were looked at: the one that was not might have passed.
        said = Result.FAIL if found.spf.was_made and found.dkim.was_made else Result.UNKNOWN
    return replace(found, dmarc=Check(said, domain), policy=policy.wants), policy


def _vouched(found: Authentication, domain: str, policy: Policy) -> bool:
    return _by_spf(found, domain, policy) or (
        found.dkim.passed and is_aligned(domain, found.dkim.domain, strict=policy.strict_dkim)
    )


def _by_spf(found: Authentication, domain: str, policy: Policy) -> bool:
    return found.spf.passed and is_aligned(domain, found.spf.domain, strict=policy.strict_spf)


def _is_to(channel: MailChannel, content: bytes, domain: str) -> bool:
    """Whether a mail was written to a channel's address, as far as the signatures of this domain's owner say."""
    to = recipients_signed(content, lambda other: is_aligned(domain, other))
    return channel.address in {plain_address(each.key) for each in to}


def _concluded(found: Authentication, policy: Policy, mail: ParsedMail, raw: RawMail, content: bytes) -> Authentication:
    """Whether something vouches for From in this very mail to us.

    A signature does not say where a mail was sent: whoever has one may send it anywhere again (RFC 6376, 8.6). So by it
    alone a mail is its author's only where the channel's address stands in it.
    """
    domain = _author(mail)
    if not domain:
        return found
    if found.dmarc.result == Result.PASS:
        is_so = is_aligned(domain, found.dmarc.domain, strict=True)
    else:
        is_so = found.dmarc.result != Result.FAIL and _vouched(found, domain, policy)
    is_replay = is_so and not _by_spf(found, domain, policy) and not _is_to(raw.channel, content, domain)
    return replace(found, verified=domain[:253] if is_so and not is_replay else "", is_replay=is_replay)
