"""What the actions of visitors share: rows found, locked, written."""

from typing import Any
from uuid import UUID

from apps.chat import selectors
from apps.chat.models import Visitor
from apps.contacts.actions import contact_tell
from apps.contacts.models import Contact
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.core.rows import row_lock


def visitor_lock(visitor_id: UUID) -> Visitor | None:
    """The browser's row, locked until the transaction ends: before any conversation of its."""
    return row_lock(Visitor, visitor_id)


def fields_save(row: Visitor | Contact, fields: dict[str, Any]) -> None:
    """Write these values, if any."""
    for field, value in fields.items():
        setattr(row, field, value)
    if fields:
        row.save(update_fields=list(fields))


def waiting_conversation(visitor: Visitor) -> Conversation | None:
    """The conversation in which this browser's customer waits for an agent."""
    running = selectors.visit_open(visitor.pk)
    return running if running is not None and running.state in {State.ARRIVED, State.WAITING, State.OFFERED} else None


def visitor_details_keep(visitor: Visitor, **given: str) -> None:
    """Keep what this browser's customer says about themselves later than at first.

    A contact learns what it lacks; one whose identity is proven, from its own browsers alone.
    """
    fresh = {field: value for field, value in given.items() if value and value != getattr(visitor, field)}
    fields_save(visitor, fresh)
    contact = visitor.contact
    if contact.proven_at is None or visitor.proven_at is not None:
        missing = {field: value for field, value in fresh.items() if not getattr(contact, field)}
        if missing:
            visitor.contact = contact_tell(contact_id=contact.pk, values=missing)
