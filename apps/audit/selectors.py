"""Reads of the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.audit.models import AuditEntry


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
