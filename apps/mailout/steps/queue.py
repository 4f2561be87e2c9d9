"""Who brings a mail on its way up again: a wake-up of its own, as long as it is not out (EML-10)."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from celery import current_app
from django.utils import timezone

from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_raise_version
from apps.core.commit import after_commit
from apps.email.choices import OutboundState
from apps.email.models import OutboundMail
from apps.timers.steps import wakeup_set

RELEASE_DEADLINE = "email.release"
SEND_DEADLINE = "email.send"
DELIVER_TASK = "email.deliver"
AGAIN = timedelta(seconds=15)
"""When a mail that a worker was asked to send comes up again: the broker may have lost it."""


def outbound_queue(row: OutboundMail) -> None:
    """Have a mail sent that was just released. Inside the transaction that writes it."""
    delivery_schedule(row.pk)


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
