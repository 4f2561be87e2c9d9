"""Sends a mail that was released: at least once, always as the same mail (EML-10).

Three transactions: *begin* takes the mail for as long as a lease; *handing* says that its bytes are about to go;
*settle* writes what became of it, before anything else is done. Who dies before handing has sent nothing. Who dies
between handing and settling leaves a mail of which nobody knows: it is sent once more under its one Message-ID, byte
for byte the same, and counted (`unsure`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.commit import after_commit
from apps.core.rows import row_lock
from apps.email.choices import UNSENT_STATES, OutboundState
from apps.email.models import MailChannel, OutboundMail
from apps.email.secrets import signing_key
from apps.mailout.actions.delivery_notice import mail_tell
from apps.mailout.links import LinkGoneError, link_fill
from apps.mailout.outgoing_mail import outgoing_mail
from apps.mailout.outgoing_server import (
    backend_send,
    outgoing_server,
    refuse_away_server,
    remember_away_server,
    return_address,
)
from apps.mailout.steps.queue import AGAIN, SEND_DEADLINE, mail_deliver_soon
from apps.mailout.transport import DeliveryOutcome, UndeliveredError, smtp_session
from apps.mime.compose import compose_mail, domain_ascii
from apps.mime.sign import sign_mail
from apps.mime.types import OutgoingMail
from apps.tenants.selectors import tenant_is_frozen
from apps.timers.steps import wakeup_set
from apps.vault.master_keys import DecryptionError

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 720))
"""Pauses after the first, second, … failure; the last one from then on."""
MOST_TRIED = timedelta(hours=48)
"""How long a mail is tried."""

log = structlog.get_logger(__name__)


class OvertakenError(Exception):
    """Somebody else has begun with this mail: the lease was over."""


@dataclass(frozen=True)
class _Begun:
    """A mail that this process has begun with, and which attempt of it this is."""

    row: OutboundMail
    attempt: int


def mail_deliver(*, outbound_id: UUID) -> None:
    """Send one mail now, if it is to be sent and nobody is at it.

    In a frozen tenant nothing is sent: its wake-up comes when it is thawed (TEN-2).
    """
    if tenant_is_frozen() or (begun := _begin(outbound_id)) is None:
        return
    try:
        with _delivery(begun) as outcome:
            _settle(begun, outcome)
    except (InterfaceError, OperationalError):
        raise  # The database is away: its wake-up comes when it is back.
    except OvertakenError:
        return
    except UndeliveredError as failure:
        _put_off(begun, failure)
    except Exception:
        log.exception("email.not_sent", mail=str(outbound_id))
        _put_off(begun, UndeliveredError(_("Something went wrong here; the operator has been told.")))
    mail_tell(outbound_id=outbound_id)


def mail_send_due(*, outbound_id: UUID) -> None:
    """A mail's wake-up is due: ask a worker once more, unless somebody is at it, or it is out and only to be told of.

    Inside the transaction of the wake-up.
    """
    row = row_lock(OutboundMail, outbound_id)
    if row is None:
        return
    if row.state not in UNSENT_STATES:
        after_commit(mail_tell, outbound_id=outbound_id)
        return
    now = timezone.now()
    if row.retry_at is not None and row.retry_at > now:
        wakeup_set(kind=SEND_DEADLINE, object_id=outbound_id, due_at=row.retry_at)
        return
    wakeup_set(kind=SEND_DEADLINE, object_id=outbound_id, due_at=now + AGAIN)
    after_commit(mail_deliver_soon, outbound_id=outbound_id)


# --- An attempt


@transaction.atomic
def _begin(outbound_id: UUID) -> _Begun | None:
    """Take a mail, for as long as a lease."""
    row, now = row_lock(OutboundMail, outbound_id), timezone.now()
    if row is None or row.state not in UNSENT_STATES or (row.retry_at is not None and row.retry_at > now):
        return None
    if row.handing_at is not None:
        row.unsure += 1
        log.warning("email.sent_again", mail=str(row.pk), handing_at=str(row.handing_at))
    row.state, row.attempts, row.handing_at = OutboundState.SENDING, row.attempts + 1, None
    row.retry_at = now + _lease(1.5)
    row.save(update_fields=["state", "attempts", "handing_at", "retry_at", "unsure"])
    wakeup_set(kind=SEND_DEADLINE, object_id=row.pk, due_at=row.retry_at)
    return _Begun(row, row.attempts)


def _lease(times: float) -> timedelta:
    return timedelta(seconds=settings.EMAIL_TIMEOUT * times)


def _handing(begun: _Begun) -> None:
    """From now on only the other server knows. The lease is over later than the time that it is given."""
    now = timezone.now()
    rows = OutboundMail.objects.filter(pk=begun.row.pk, state=OutboundState.SENDING, attempts=begun.attempt)
    if not rows.filter(retry_at__gt=now).update(handing_at=now, retry_at=now + _lease(3)):
        raise OvertakenError


@contextmanager
def _delivery(begun: _Begun) -> Iterator[DeliveryOutcome]:
    """What became of an attempt; the connection is hung up only when that is written down."""
    row = begun.row
    mail = _filled(row)
    sender = return_address(row)
    server = outgoing_server(row.channel)
    if server is None:
        _handing(begun)
        yield backend_send(mail, row.recipients, sender)
        return
    content = _signed(compose_mail(mail), row.channel)
    refuse_away_server(server)
    try:
        with smtp_session(server) as line:
            yield line.send(
                sender=sender, recipients=row.recipients, content=content, before_content=lambda: _handing(begun)
            )
    except UndeliveredError as failure:
        if failure.is_away:
            remember_away_server(server, failure)
        raise


def _signed(content: bytes, channel: MailChannel) -> bytes:
    """What a channel's domain says is its own; a provider's backend signs by itself."""
    try:
        key = signing_key(channel)
    except DecryptionError as error:
        text = _("The key by which this channel signs was erased: give it another selector.")
        raise UndeliveredError(text) from error
    if key is None:
        return content
    domain = domain_ascii(channel.address.rpartition("@")[2])
    return sign_mail(content, domain=domain, selector=channel.dkim_selector, private=key)


def _filled(row: OutboundMail) -> OutgoingMail:
    """The mail as it goes out, with the link that it brings."""
    try:
        return link_fill(outgoing_mail(row), row)
    except LinkGoneError as gone:
        raise UndeliveredError(_("What it asks for is not asked any more."), is_final=True) from gone


# --- What became of it


def _settle(begun: _Begun, outcome: DeliveryOutcome) -> None:
    """Write down what became of an attempt. Where all is well by one statement, so that no crash comes between."""
    row, now = begun.row, timezone.now()
    rows = OutboundMail.objects.filter(pk=row.pk, state=OutboundState.SENDING, attempts=begun.attempt)
    done: dict[str, object] = {
        "state": OutboundState.SENT,
        "sent_at": now,
        "error": "",
        "retry_at": None,
        "handing_at": None,
    }
    if not outcome.refused:
        rows.update(**done, recipients=[])
        return
    final = [{"address": each.address, "text": each.text} for each in outcome.refused if each.is_final]
    again = [each for each in outcome.refused if not each.is_final]
    row.refused = [*row.refused, *final]
    row.recipients = [each.address for each in again]
    got = {"sent_at": now} if outcome.accepted else {}
    if again and not _is_over(row, begun.attempt):
        waits = _later(begun.attempt, again[0].text)
        rows.update(**waits, **got, recipients=row.recipients, refused=row.refused)
        return
    row.refused = [*row.refused, *({"address": each.address, "text": each.text} for each in again)]
    if outcome.accepted or row.sent_at is not None:
        rows.update(**done, recipients=[], refused=row.refused)
    else:
        rows.update(**_failed(outcome.refused[0].text), recipients=[], refused=row.refused)


def _put_off(begun: _Begun, failure: UndeliveredError) -> None:
    """Nobody got it: later, or never."""
    row = begun.row
    rows = OutboundMail.objects.filter(pk=row.pk, state=OutboundState.SENDING, attempts=begun.attempt)
    if not failure.is_final and not _is_over(row, begun.attempt):
        rows.update(**_later(begun.attempt, failure.text))
    elif row.sent_at is None:
        rows.update(**_failed(failure.text))
    else:
        # Some have it by an earlier attempt.
        left = [{"address": each, "text": failure.text} for each in row.recipients]
        done: dict[str, object] = {
            "state": OutboundState.SENT,
            "error": "",
            "retry_at": None,
            "handing_at": None,
            "recipients": [],
        }
        rows.update(**done, refused=[*row.refused, *left])


def _pause(attempt: int) -> timedelta:
    return BACKOFF[min(attempt, len(BACKOFF)) - 1]


def _is_over(row: OutboundMail, attempt: int) -> bool:
    since = row.tried_since or row.created_at
    return timezone.now() + _pause(attempt) > since + MOST_TRIED


def _later(attempt: int, text: str) -> dict[str, object]:
    at = timezone.now() + _pause(attempt)
    return {"state": OutboundState.QUEUED, "retry_at": at, "handing_at": None, "error": text[:500]}


def _failed(text: str) -> dict[str, object]:
    return {
        "state": OutboundState.FAILED,
        "failed_at": timezone.now(),
        "error": text[:500],
        "retry_at": None,
        "handing_at": None,
    }
