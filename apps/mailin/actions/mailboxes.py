"""Mailboxes elsewhere: who fetches from one, how far they are, and what went wrong (EML-1, EML-2).

A mail is stored and its UID noted in one transaction: whatever dies, and whenever, nothing is lost and nothing fetched
twice. Only who holds the lease can note anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.core.errors import DomainError
from apps.core.rows import row_lock
from apps.email.choices import AfterImport, Inbound
from apps.email.models import Mailbox, MailboxItem
from apps.mailin.actions.reception import Envelope, mail_receive
from apps.mailin.choices import Refusal
from apps.mailin.secrets import mailbox_password
from apps.tenants.selectors import tenant_is_frozen

LEASE = timedelta(seconds=60)
"""How long a mailbox belongs to who fetches from it, unless they say that they are still there."""
LEAST_PAUSE, MOST_PAUSE = timedelta(seconds=5), timedelta(minutes=15)
"""Between two attempts with a mailbox that can't be reached: doubled each time."""


class MailboxLostError(Exception):
    """The mailbox is somebody else's by now, was changed, or is not to be fetched from any more."""


@dataclass(frozen=True)
class MailboxLease:
    """A mailbox that somebody fetches from.

    Attributes:
        mailbox: its row, as it was when they began.
        holder: who they are.
        password: with which they sign in.
    """

    mailbox: Mailbox
    holder: str
    password: str


@transaction.atomic
def mailbox_take(*, channel_id: UUID, holder: str) -> MailboxLease | None:
    """Begin to fetch from a mailbox, unless somebody else does, or it is not its time yet.

    Args:
        channel_id: whose mailbox.
        holder: a name that nobody else has.

    Returns:
        What there is to know; none when it is not to be had.
    """
    now = timezone.now()
    free = Q(held_until=None) | Q(held_until__lt=now)
    mine = _fetched().filter(free, Q(retry_at=None) | Q(retry_at__lte=now), channel=channel_id)
    if tenant_is_frozen() or not mine.update(held_by=holder, held_until=now + LEASE):
        return None
    mailbox = Mailbox.objects.select_related("channel").get(pk=channel_id)
    return MailboxLease(mailbox, holder, mailbox_password(mailbox))


@transaction.atomic
def mailbox_renew(*, watch: MailboxLease, looked: bool = False) -> None:
    """Say that one is still there.

    Args:
        watch: what `mailbox_take` returned.
        looked: whether the mailbox was looked into, without a mistake.

    Raises:
        Lost: it is not to be fetched from any more, or not like this.
    """
    now = timezone.now()
    fields = {"checked_at": now, "failures": 0, "retry_at": None, "error": ""} if looked else {}
    if tenant_is_frozen() or not _mine(watch).update(held_until=now + LEASE, **fields):
        raise MailboxLostError


@transaction.atomic
def mailbox_release(*, watch: MailboxLease) -> None:
    """Stop fetching from a mailbox: anybody may begin at once."""
    Mailbox.objects.filter(pk=watch.mailbox.pk, held_by=watch.holder).update(held_by="", held_until=None)


@transaction.atomic
def mailbox_failed(*, watch: MailboxLease, error: str) -> None:
    """Note what went wrong, and when to try again: later each time."""
    mailbox = row_lock(Mailbox, watch.mailbox.pk)
    if mailbox is None or mailbox.held_by != watch.holder:
        return
    mailbox.failures = min(mailbox.failures + 1, 1000)
    pause = min(LEAST_PAUSE * 2 ** min(mailbox.failures - 1, 10), MOST_PAUSE)
    mailbox.retry_at, mailbox.error = timezone.now() + pause, error[:2000]
    mailbox.held_by, mailbox.held_until = "", None
    mailbox.save(update_fields=["failures", "retry_at", "error", "held_by", "held_until"])


@transaction.atomic
def mailbox_begin(*, watch: MailboxLease, uid_validity: int) -> int:
    """Note under which UIDVALIDITY the folder was opened.

    Under another one all its UIDs mean other mails: everything is looked at again. What was imported before is known by
    its digest, and what came before the mailbox was set up is left where it is.

    Returns:
        The UID after which to go on.

    Raises:
        Lost: see `mailbox_renew`.
    """
    mailbox = _mine(watch).select_for_update().first()
    if mailbox is None:
        raise MailboxLostError
    if mailbox.uid_validity != uid_validity:
        mailbox.uid_validity, mailbox.last_uid = uid_validity, 0
        mailbox.save(update_fields=["uid_validity", "last_uid"])
        mailbox.items.all().delete()
    return int(mailbox.last_uid)


@transaction.atomic
def uid_import(*, watch: MailboxLease, uid: int, raw: bytes) -> None:
    """Store a mail of the mailbox, and note that its UID is done with: both or neither (EML-2).

    Raises:
        Lost: see `mailbox_renew`; nothing was stored.
    """
    mailbox = watch.mailbox
    said = Envelope(recipient=mailbox.channel.address, peer=mailbox.host, came_by=Inbound.IMAP)
    try:
        mail_receive(channel_id=mailbox.pk, raw=raw, envelope=said)
    except DomainError as refused:
        if refused.code == Refusal.CHANNEL_UNKNOWN:
            raise MailboxLostError from None
        uid_pass(watch=watch, uid=uid, problem=refused.code)
        return
    uid_pass(watch=watch, uid=uid, imported=1)
    if mailbox.after_import != AfterImport.LEAVE:
        MailboxItem.objects.get_or_create(mailbox=mailbox, uid=uid)


@transaction.atomic
def uid_pass(*, watch: MailboxLease, uid: int, problem: str = "", imported: int = 0) -> None:
    """Note that a UID is done with.

    Args:
        watch: what `mailbox_take` returned.
        uid: it, and all below it.
        problem: why its mail could not be imported, as a word for programs.
        imported: 1 when it was.

    Raises:
        Lost: see `mailbox_renew`.
    """
    if not _mine(watch).filter(last_uid__lt=uid).update(last_uid=uid, imported=F("imported") + imported):
        raise MailboxLostError
    if problem:
        MailboxItem.objects.get_or_create(mailbox=watch.mailbox, uid=uid, defaults={"problem": problem})


@transaction.atomic
def mailbox_items_done(*, watch: MailboxLease, uids: list[int]) -> None:
    """Forget mails that were marked, moved or deleted in the mailbox."""
    MailboxItem.objects.filter(mailbox=watch.mailbox, uid__in=uids, problem="").delete()


def mailbox_items_left(watch: MailboxLease, most: int) -> list[int]:
    """UIDs of mails that were imported, and are still to be marked, moved or deleted in the mailbox."""
    items = MailboxItem.objects.filter(mailbox=watch.mailbox, problem="").order_by("uid")
    return list(items.values_list("uid", flat=True)[:most])


def mailboxes_due(now: datetime) -> list[UUID]:
    """Channels of the current tenant whose mailboxes nobody fetches from, and whose time it is."""
    free = Q(held_until=None) | Q(held_until__lt=now)
    found = _fetched().filter(free, Q(retry_at=None) | Q(retry_at__lte=now))
    return list(found.order_by().values_list("channel", flat=True))


def _fetched() -> models.QuerySet[Mailbox]:
    return Mailbox.objects.filter(channel__is_active=True, channel__inbound=Inbound.IMAP)


def _mine(watch: MailboxLease) -> models.QuerySet[Mailbox]:
    mailbox = watch.mailbox
    return _fetched().filter(channel=mailbox.pk, held_by=watch.holder, version=mailbox.version)
