"""Deadlines of contacts."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.contacts.actions import MERGED_DEADLINE, contact_merge_settle
from apps.contacts.models import Contact
from apps.timers.reconciliation import deadline_columns
from apps.timers.registry import DEADLINES


def merged_due(*, object_id: UUID, due_at: datetime) -> None:
    """A contact was merged into another a minute ago."""
    contact_merge_settle(contact_id=object_id, due_at=due_at)


@deadline_columns(MERGED_DEADLINE)
def contacts_settling() -> Iterable[tuple[UUID, datetime]]:
    """Every contact that was merged into another, and has not settled yet."""
    settling = Contact.objects.exclude(settles_at=None).values_list("pk", "settles_at")
    return [(pk, settles_at) for pk, settles_at in settling if settles_at]


DEADLINES.register(MERGED_DEADLINE, merged_due)
