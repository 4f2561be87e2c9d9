"""Who brings a mail on its way up again: a wake-up of its own, as long as it is not out (EML-10)."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from celery import current_app
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_raise_version
from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.rows import row_lock
from apps.email.choices import OutboundState
from apps.email.models import OutboundMail
from apps.mailout.choices import Refusal
from apps.timers.steps import wakeup_set

RELEASE_DEADLINE = "email.release"
SEND_DEADLINE = "email.send"
DELIVER_TASK = "email.deliver"
AGAIN = timedelta(seconds=15)
"""When a mail that a worker was asked to send comes up again: the broker may have lost it."""


def outbound_requeue(row: OutboundMail, conversation: Conversation, *, returned: Iterable[str] = ()) -> OutboundMail:
    """Have a locked mail sent once more: all of it, or to those who did not get it.

    Args:
        row: it.
        conversation: the one that it belongs to, locked, too.
        returned: recipients whose servers took it, and from whom it came back.
    """
    missed = [*row.recipients, *(each["address"] for each in row.refused), *returned]
    row.recipients, row.bounced_at = list(dict.fromkeys(missed)), None
    row.state, row.refused, row.failed_at, row.error = OutboundState.QUEUED, [], None, ""
    row.attempts, row.tried_since, row.retry_at, row.handing_at = 0, timezone.now(), None, None
    row.save()
    delivery_schedule(row.pk)
    conversation_raise_version(conversation=conversation)
    return row


def delivery_schedule(outbound_id: UUID) -> None:
    """Ask a worker now, and again soon unless it has begun by then."""
    wakeup_set(kind=SEND_DEADLINE, object_id=outbound_id, due_at=timezone.now() + AGAIN)
    after_commit(mail_deliver_soon, outbound_id=outbound_id)


def mail_deliver_soon(*, outbound_id: UUID) -> None:
    """Have a worker send a mail; a broker that is away is made up for by its wake-up."""
    current_app.tasks[DELIVER_TASK].apply_async((str(outbound_id),), retry=False)


def outbound_lock(outbound_id: UUID) -> tuple[OutboundMail, Conversation]:
    """A mail that goes out with its conversation, both locked, in the fixed order.

    Raises:
        DomainError: ``mail_left`` when there is none any more.
    """
    conversation_id = OutboundMail.objects.filter(pk=outbound_id).values_list("conversation", flat=True).first()
    if conversation_id is None:
        raise mail_left_error()
    try:
        conversation = conversation_lock(conversation_id)
    except DomainError as missing:  # Taken back meanwhile, with the conversation it would have begun.
        raise mail_left_error() from missing
    row = row_lock(OutboundMail, outbound_id)
    if row is None:
        raise mail_left_error()
    return row, conversation


def mail_left_error() -> DomainError:
    """It is too late to take a mail back."""
    return DomainError(Refusal.MAIL_LEFT, _("This mail can't be taken back any more."))
