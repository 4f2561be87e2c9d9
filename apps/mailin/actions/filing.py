"""A mail that was stored is filed: into the conversation it belongs to, into a new one, or into quarantine (EML-2).

Filing is one transaction, which locks channel, mail, conversation, in this order. So one mail of a channel is filed at
a time, the oldest first, and an answer finds what it answers. What goes before it (reading, keeping attachments) may be
done twice when a process dies, and leaves nothing but files that are swept.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from apps.core.commit import after_commit
from apps.core.rows import row_lock
from apps.email.body import stored_subject
from apps.email.choices import RawState, Reason
from apps.email.masking import MaskedMail, attachments_mask, customer_ruleset, mail_mask
from apps.email.models import MailChannel, RawMail
from apps.mailin.actions.reception import mail_content
from apps.mailin.authentication import Authentication, mail_authenticate
from apps.mailin.matching import MOST_KEPT
from apps.mailin.selectors import channels_unfiled
from apps.mailin.steps.ledger import SWEEP_DEADLINE, SWEEP_EVERY, SWEEP_ID, mails_count, mails_file_soon, sweep_lock
from apps.mailin.steps.machine_mail import machine_mail_write
from apps.mailin.steps.mail_rows import KeptPart, parts_keep
from apps.mailin.steps.messages import customer_mail_write
from apps.mailin.verdict import MACHINES, InboundMail, Verdict, inbound_verdict, mail_author
from apps.mime.parse import parse_mail
from apps.mime.types import ParsedMail
from apps.queues.selectors import serving_queue
from apps.tenants.selectors import tenant_is_frozen
from apps.timers.steps import wakeup_set

LEASE = timedelta(seconds=20)
"""How long nobody else begins with a mail that somebody has begun with."""
MOST_ATTEMPTS = 8

log = structlog.get_logger(__name__)


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
    raw, now = _unfiled_next(channel_id), timezone.now()
    if raw is None or (raw.retry_at is not None and raw.retry_at > now):
        return None
    raw.attempts, raw.retry_at = raw.attempts + 1, now + LEASE
    raw.save(update_fields=["attempts", "retry_at"])
    return raw


def _unfiled_next(channel_id: UUID) -> RawMail | None:
    """The oldest mail of a channel that is to be filed, locked: what failed waits its turn, and holds up nobody."""
    due = Q(error="") | Q(retry_at__lte=timezone.now())
    waiting = RawMail.objects.filter(due, channel=channel_id, state=RawState.RECEIVED)
    return waiting.select_for_update(no_key=True).order_by("pk").first()


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
    content = mail_content(raw)
    mail = parse_mail(content)
    kept: list[KeptPart] = []
    if mail.kind not in MACHINES or raw.released_at is not None:
        kept = parts_keep(raw, attachments_mask(mail.attachments, customer_ruleset(raw.channel.queue_id)))
    return _file(raw_id, mail, kept, mail_authenticate(raw, content, mail))


@transaction.atomic
def _give_up(raw_id: UUID) -> RawMail:
    raw = _lock(raw_id)
    if raw.state == RawState.RECEIVED:
        _settle(raw, Verdict(RawState.QUARANTINED, reason=Reason.UNREADABLE, detail="interrupted"))
    return raw


@transaction.atomic
def _file(raw_id: UUID, mail: ParsedMail, kept: list[KeptPart], authentication: Authentication) -> RawMail:
    raw = _lock(raw_id)
    if raw.state != RawState.RECEIVED:
        return raw
    inbound = InboundMail(raw, mail, mail_author(mail), authentication)
    verdict = inbound_verdict(inbound)
    # From here on there is only what may be stored of it (FRM-6).
    masked = mail_mask(mail, customer_ruleset(*_queues_of(raw, verdict)))
    raw.sender = inbound.sender.key[:320] if inbound.sender else ""
    raw.subject, raw.authentication = stored_subject(masked.mail), authentication.told()
    raw.matching = [each.told() for each in verdict.candidates[:MOST_KEPT]]
    _settle(raw, verdict, _write(inbound, verdict, masked, kept))
    return raw


def _queues_of(raw: RawMail, verdict: Verdict) -> list[UUID]:
    """The queues by whose rules a mail is masked: its channel's, and the one that it comes to (FRM-6)."""
    queues = [raw.channel.queue_id]
    if verdict.state != RawState.QUARANTINED:
        queues.append(serving_queue(raw.channel.queue).pk)
    if verdict.conversation is not None:
        queues.append(verdict.conversation.queue_id)
    return queues


def _write(inbound: InboundMail, verdict: Verdict, masked: MaskedMail, kept: list[KeptPart]) -> UUID | None:
    """Write a mail where its verdict says.

    Returns:
        Which conversation it is in; none of one that is in quarantine.
    """
    if verdict.state == RawState.QUARANTINED:
        return None
    if inbound.is_machine:
        return machine_mail_write(inbound, verdict, masked)
    return customer_mail_write(inbound, verdict, masked, kept)


def _lock(raw_id: UUID) -> RawMail:
    channel_id = RawMail.objects.values_list("channel", flat=True).get(pk=raw_id)
    channel = MailChannel.objects.select_for_update(no_key=True).get(pk=channel_id)
    raw = row_lock(RawMail, raw_id)
    if raw is None:
        raise RawMail.DoesNotExist
    raw.channel = channel
    return raw


def _settle(raw: RawMail, verdict: Verdict, conversation_id: UUID | None = None) -> None:
    """Write down where a locked mail was filed, and count it."""
    raw.state, raw.conversation_id, raw.detail = verdict.state, conversation_id, verdict.detail[:500]
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
