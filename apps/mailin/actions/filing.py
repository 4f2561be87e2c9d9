"""A mail that was stored is filed: into the conversation it belongs to, into a new one, or into quarantine (EML-2).

Filing is one transaction, which locks channel, mail, conversation, in this order. So one mail of a channel is filed at
a time, the oldest first, and an answer finds what it answers. What goes before it (reading, keeping attachments) may be
done twice when a process dies, and leaves nothing but files that are swept.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.rows import row_lock
from apps.email.body import stored_subject
from apps.email.choices import RawState, Reason
from apps.email.masking import MaskedMail, customer_ruleset, mail_mask
from apps.email.models import MailChannel, RawMail
from apps.mailin.actions.reception import mail_content, mails_count
from apps.mailin.authentication import Authentication, mail_authenticate
from apps.mailin.matching import MOST_KEPT, Candidate, matching_candidates, sender_signal
from apps.mailin.selectors import channels_unfiled, unfiled_next
from apps.mailin.steps.machine_mail import notice
from apps.mailin.steps.messages import converse
from apps.mailin.steps.parts import Kept, parts_keep
from apps.mailin.steps.sweep import SWEEP_DEADLINE, SWEEP_EVERY, SWEEP_ID, mails_file_soon, sweep_lock
from apps.mailin.verdict import mail_author, quarantine_reason
from apps.mime.classify import kind_for
from apps.mime.parse import parse
from apps.mime.types import Address, Kind
from apps.tenants.selectors import tenant_is_frozen
from apps.timers.steps import wakeup_set

LEASE = timedelta(seconds=20)
"""How long nobody else begins with a mail that somebody has begun with."""
MOST_ATTEMPTS = 8
MACHINES = {Kind.BOUNCE: Reason.BOUNCE, Kind.AUTO_REPLY: Reason.AUTO_REPLY}

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Verdict:
    """Where a mail goes.

    Attributes:
        state: as what it is filed.
        conversation_id: into which conversation.
        reason: why into quarantine.
        detail: what people should know of that.
    """

    state: RawState
    conversation_id: UUID | None = None
    reason: Reason | None = None
    detail: str = ""


def mails_file(*, channel_id: UUID) -> int:
    """File what a channel has received, the oldest first, until nothing is left or somebody else is at it.

    A mail that can't be filed is tried again, less and less often, and at last put into quarantine; it holds up nobody.
    In a frozen tenant nothing is filed: its sweep comes when it is thawed (TEN-2).

    Returns:
        How many were filed.
    """
    filed = 0
    if tenant_is_frozen():
        return filed
    while (raw := _begin(channel_id)) is not None:
        try:
            mail_file(raw_id=raw.pk)
            filed += 1
        except (InterfaceError, OperationalError):
            raise  # The database is away: the sweep comes when it is back.
        except Exception as failure:
            log.exception("email.not_filed", mail=str(raw.pk))
            _failed(raw.pk, failure)
    return filed


@transaction.atomic
def _begin(channel_id: UUID) -> RawMail | None:
    """Take the next mail, for as long as a lease; written down first, so that one that ends processes is found out."""
    raw, now = unfiled_next(channel_id), timezone.now()
    if raw is None or (raw.retry_at is not None and raw.retry_at > now):
        return None
    raw.attempts, raw.retry_at = raw.attempts + 1, now + LEASE
    raw.save(update_fields=["attempts", "retry_at"])
    return raw


@transaction.atomic
def _failed(raw_id: UUID, failure: Exception) -> None:
    raw = _lock(raw_id)
    if raw.state != RawState.RECEIVED:
        return
    if raw.attempts >= MOST_ATTEMPTS:
        _settle(raw, Verdict(RawState.QUARANTINED, reason=Reason.UNREADABLE, detail=type(failure).__name__))
        return
    # Its name alone: what a database says of a failure may quote the mail.
    raw.error = type(failure).__name__
    raw.retry_at = timezone.now() + timedelta(seconds=2**raw.attempts)
    raw.save(update_fields=["error", "retry_at"])


def mail_file(*, raw_id: UUID) -> RawMail:
    """File one mail: once, however often it is asked for.

    Args:
        raw_id: the mail.

    Returns:
        It, matched, new, or in quarantine.
    """
    raw = RawMail.objects.select_related("channel").get(pk=raw_id)
    if raw.state != RawState.RECEIVED:
        return raw
    if raw.attempts > MOST_ATTEMPTS:
        # Whoever began with it never came back to say why not.
        return _give_up(raw_id)
    # From here on there is only what may be stored of it (FRM-6).
    content = mail_content(raw)
    cleared = mail_mask(parse(content), customer_ruleset(raw.channel.queue_id))
    goes_to_people = cleared.mail.kind not in MACHINES or raw.released_at is not None
    kept = parts_keep(raw, cleared.mail) if goes_to_people else []
    return _file(raw_id, cleared, kept, mail_authenticate(raw, content, cleared.mail))


@transaction.atomic
def _give_up(raw_id: UUID) -> RawMail:
    raw = _lock(raw_id)
    if raw.state == RawState.RECEIVED:
        _settle(raw, Verdict(RawState.QUARANTINED, reason=Reason.UNREADABLE, detail="interrupted"))
    return raw


@transaction.atomic
def _file(raw_id: UUID, cleared: MaskedMail, kept: list[Kept], vouching: Authentication) -> RawMail:
    raw, mail = _lock(raw_id), cleared.mail
    if raw.state != RawState.RECEIVED:
        return raw
    sender = mail_author(mail)
    raw.sender = sender.key[:320] if sender else ""
    raw.subject, raw.authentication = stored_subject(mail), vouching.told()
    _settle(raw, _judge(raw, cleared, sender, kept))
    return raw


def _lock(raw_id: UUID) -> RawMail:
    channel_id = RawMail.objects.values_list("channel", flat=True).get(pk=raw_id)
    channel = MailChannel.objects.select_for_update(no_key=True).get(pk=channel_id)
    raw = row_lock(RawMail, raw_id)
    if raw is None:
        raise RawMail.DoesNotExist
    raw.channel = channel
    return raw


def _judge(raw: RawMail, cleared: MaskedMail, sender: Address | None, kept: list[Kept]) -> Verdict:
    mail = cleared.mail
    if (found := quarantine_reason(raw, mail, sender)) is not None:
        return Verdict(RawState.QUARANTINED, reason=found[0], detail=found[1])
    standing = sender_signal(sender, mail, Authentication.read(raw.authentication))
    candidates = matching_candidates(mail, sender=sender, standing=standing, envelope_to=raw.envelope_to)
    raw.matching = [each.told() for each in candidates[:MOST_KEPT]]
    if mail.kind in MACHINES and raw.released_at is None:
        about = notice(raw, mail, candidates)
        if about is None:
            return Verdict(RawState.QUARANTINED, reason=MACHINES[mail.kind], detail=mail.kind_reason[:500])
        return Verdict(RawState.MATCHED, conversation_id=about)
    return _to_people(raw, cleared, sender, candidates, kept)


def _to_people(
    raw: RawMail, cleared: MaskedMail, sender: Address | None, candidates: list[Candidate], kept: list[Kept]
) -> Verdict:
    if sender is None:
        return Verdict(RawState.QUARANTINED, reason=Reason.NO_SENDER)
    best = next(iter(candidates), None)
    fits = best is not None and best.fits
    if kind_for(cleared.mail, [raw.channel.address]) == Kind.LIST and raw.released_at is None and not fits:
        return Verdict(RawState.QUARANTINED, reason=Reason.LIST, detail=cleared.mail.kind_reason[:500])
    try:
        with transaction.atomic():
            state, conversation_id = converse(raw, cleared, sender, best, kept)
    except DomainError as refused:
        if refused.code not in REFUSALS:
            raise
        return Verdict(RawState.QUARANTINED, reason=REFUSALS[refused.code], detail=str(refused.message))
    return Verdict(state, conversation_id)


REFUSALS = {"mail_copy": Reason.COPY, "mail_blocked": Reason.BLOCKED, "mail_spam": Reason.SPAM}
"""What `converse` may say against a mail."""


def _settle(raw: RawMail, verdict: Verdict) -> None:
    """Write down where a locked mail was filed, and count it."""
    raw.state, raw.conversation_id, raw.detail = verdict.state, verdict.conversation_id, verdict.detail[:500]
    raw.reason = verdict.reason or ""
    raw.filed_at, raw.retry_at, raw.error = timezone.now(), None, ""
    raw.save()
    mails_count(raw, state=verdict.state)


@transaction.atomic
def mails_sweep() -> int:
    """Have filed what waits, and come again as long as something does.

    Returns:
        How many channels had something.
    """
    sweep_lock()
    found = channels_unfiled()
    for channel_id in found:
        after_commit(mails_file_soon, channel_id=channel_id)
    if found:
        wakeup_set(kind=SWEEP_DEADLINE, object_id=SWEEP_ID, due_at=timezone.now() + SWEEP_EVERY)
    return len(found)
