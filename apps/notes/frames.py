"""What consoles are told about notes. No customer's socket is ever in these groups (CON-4)."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from apps.conversations.frames import PersonView
from apps.notes.models import Note


class NoteView(Struct, frozen=True):
    """A note as colleagues see it.

    Attributes:
        body: empty once it is deleted.
        deleted_by: who deleted it, else empty.
    """

    id: UUID
    conversation: UUID | None
    author: PersonView
    body: str
    at: datetime
    edited: bool
    deleted_by: str


class NoteFrame(Struct, frozen=True, tag="note"):
    """A note was added, changed or deleted."""

    contact: UUID
    note: NoteView


class MentionFrame(Struct, frozen=True, tag="mention"):
    """How many mentions of this agent they have not seen (AGT-12)."""

    unread: int


def note_view(note: Note) -> NoteView:
    """The note as colleagues see it; needs `author` loaded, and `deleted_by` where there is one."""
    return NoteView(
        id=note.pk,
        conversation=note.conversation_id,
        author=PersonView(id=note.author_id, name=note.author.full_name),
        body="" if note.is_deleted else note.body,
        at=note.created_at,
        edited=note.edited_at is not None,
        deleted_by=note.deleted_by.full_name if note.deleted_by else "",
    )
