"""Deadlines of mail that goes out."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from apps.email.choices import UNSENT_STATES, OutboundState
from apps.email.models import OutboundMail
from apps.mailout.actions import outbound_release
from apps.mailout.actions.delivery import mail_send_due
from apps.mailout.steps.queue import RELEASE_DEADLINE, SEND_DEADLINE
from apps.timers.models import Wakeup
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def release_due(*, object_id: UUID, due_at: datetime) -> None:
    """A mail can't be taken back any more."""
    del due_at
    outbound_release(outbound_id=object_id)


@deadline_columns(RELEASE_DEADLINE)
def release_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """Every mail that can still be taken back."""
    rows = OutboundMail.objects.filter(state=OutboundState.HELD).values_list("pk", "release_at")
    return [(pk, at) for pk, at in rows if at is not None]


def send_due(*, object_id: UUID, due_at: datetime) -> None:
    """A mail is not out yet."""
    del due_at
    mail_send_due(outbound_id=object_id)


@deadline_columns(SEND_DEADLINE)
def send_deadlines() -> Iterable[tuple[UUID, datetime]]:
    """Every mail that is not out yet; a wake-up that is still there when it is out finds nothing to do."""
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    rows = Wakeup.objects.filter(schema=schema, kind=SEND_DEADLINE).values_list("object_id", "due_at")
    wanted = OutboundMail.objects.filter(state__in=UNSENT_STATES).values_list("pk", flat=True)
    return {**dict.fromkeys(wanted, timezone.now()), **dict(rows)}.items()


DEADLINES.register(RELEASE_DEADLINE, release_due)
DEADLINES.register(SEND_DEADLINE, send_due)
