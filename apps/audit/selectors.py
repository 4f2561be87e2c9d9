"""Reads of the audit log."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.audit.models import AuditEntry

PAGE_ENTRIES = 50
"""Of a row's history, on one page."""


def was_recorded(
    verb: str, *, actor: UUID, conversation: UUID, since: datetime, detail: Mapping[str, Any] | None = None
) -> bool:
    """Whether somebody's act in a conversation stands in the log already.

    Args:
        verb: what they did.
        actor: who.
        conversation: of which it was a part.
        since: from when on.
        detail: what else is the same, as it was recorded.
    """
    entries = AuditEntry.objects.filter(conversation_id=conversation, at__gt=since, verb=verb, actor_id=actor)
    return entries.filter(detail=dict(detail or {})).exists()


def entries_of_row(
    kinds: Collection[str], key: str, *, changes_only: bool, after: UUID | None = None
) -> list[AuditEntry]:
    """A page of what was done to a row, the newest first, and one entry more if there are more.

    Args:
        kinds: what the entries call it, such as "queues.queue".
        key: the row's.
        changes_only: whether entries that changed no value are left out.
        after: the entry that ends the page before; None for the first page.
    """
    entries = AuditEntry.objects.filter(target_type__in=kinds, target_id=key)
    if changes_only:
        entries = entries.exclude(changes={})
    last = entry_by_id(after) if after else None
    return list(entries_after(entries, last)[: PAGE_ENTRIES + 1])


def entries_after(entries: QuerySet[AuditEntry], last: AuditEntry | None) -> QuerySet[AuditEntry]:
    """Entries with the newest first, from the one behind a last one on; None for all of them."""
    if last is not None:
        # The bound on the time alone is what the index is entered by.
        entries = entries.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)
    return entries.order_by("-at", "-pk")


def entry_by_id(entry_id: UUID) -> AuditEntry | None:
    """An entry; None where there is none."""
    return AuditEntry.objects.filter(pk=entry_id).first()
