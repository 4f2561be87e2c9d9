"""Reads of notes: for agents only (CON-4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import DateTimeField, Q, QuerySet, UUIDField
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.permissions import Permission, Scope
from apps.conversations.selectors import conversations_readable_by
from apps.core.statements import Among, Parameter, Statement
from apps.notes.models import Mention, Note

PAGE = 20
"""Notes that a page shows."""
INLINE = 100
"""Notes that stand between a conversation's messages: its newest ones."""
UNSEEN = 20
"""Mentions that the list of the rail shows."""


@dataclass(frozen=True)
class Page:
    """A page of notes, the newest first.

    Attributes:
        more_before: the newest note of the next page is older than this; none on the last page.
    """

    notes: list[Note]
    more_before: UUID | None


def notes_readable_by(user: User) -> QuerySet[Note]:
    """The notes that a user may see: those that were written in a conversation that they may see.

    A note on a contact that has become one with another stays with those who could read it (CON-5).
    """
    if user.reach == Scope.ALL:
        return Note.objects.all()
    return Note.objects.filter(written_in__in=conversations_readable_by(user))


def notes_of_contact(contact_id: UUID, *, user: User, before: UUID | None = None) -> Page:
    """What was written down about a contact, in whatever conversation, the newest first; deleted ones say so.

    Args:
        contact_id: the contact.
        user: who reads them.
        before: the last note of the page before this one.
    """
    notes = _shown(notes_readable_by(user).filter(contact=contact_id))
    last = Note.objects.filter(pk=before, contact=contact_id).first() if before else None
    if last is not None:
        notes = notes.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))
    found = list(notes.order_by("-created_at", "-pk")[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def notes_of_conversation(conversation_id: UUID) -> list[Note]:
    """The newest notes on one conversation, oldest first; without deleted ones, which the list of notes tells of."""
    notes = _shown(Note.objects.filter(conversation=conversation_id, deleted_at=None))
    return list(notes.order_by("-created_at", "-pk")[:INLINE])[::-1]


def notes_changed(contacts: Collection[UUID], *, user: User, since: datetime) -> list[Note]:
    """Notes about these contacts that were added, changed or deleted since then, and that this user may see."""
    changed = _CHANGED.all(contacts=list(contacts), since=since) if contacts else []
    if not changed:
        return []
    notes = notes_readable_by(user).filter(pk__in=changed)
    return list(_shown(notes).order_by("created_at", "pk")[:INLINE])


def _changed() -> QuerySet[Note, UUID]:
    since = Parameter("since", DateTimeField())
    late = Q(created_at__gte=since) | Q(edited_at__gte=since) | Q(deleted_at__gte=since)
    return Note.objects.filter(late, Among("contact", "contacts")).order_by().values_list("pk", flat=True)


_CHANGED: Statement[UUID] = Statement(_changed)


def _shown(notes: QuerySet[Note]) -> QuerySet[Note]:
    return notes.select_related("author", "deleted_by")


def note_of(user: User, note_id: UUID) -> Note | None:
    """A note, if the user may see it."""
    note = _shown(Note.objects.select_related("contact")).filter(pk=note_id).first()
    return note if note is not None and may_see(user, note) else None


def may_see(user: User, note: Note) -> bool:
    """Whether a note is for this user, who works here and may see the conversation in which it was written."""
    return user.may(Permission.CONSOLE) and notes_readable_by(user).filter(pk=note.pk).exists()


def may_edit(note: Note, user: User, *, at: datetime | None = None) -> bool:
    """Whether the user may still change a note: their own, for 15 minutes."""
    return note.author_id == user.pk and not note.is_deleted and (at or timezone.now()) <= note.editable_until


def may_delete(note: Note, user: User) -> bool:
    """Whether the user may delete a note that they see: its author may, and whoever supervises."""
    return not note.is_deleted and (note.author_id == user.pk or user.may(Permission.MONITOR))


def mentions_unseen(user_id: UUID) -> list[Mention]:
    """Where a user was named and has not looked yet, the newest first."""
    unseen = Mention.objects.filter(user=user_id, seen_at=None)
    return list(unseen.select_related("note__author", "note__contact").order_by("-at")[:UNSEEN])


def mentions_count(user_id: UUID) -> int:
    """How many mentions a user has not looked at."""
    return _UNSEEN.count(user=user_id)


_UNSEEN: Statement[int] = Statement(
    lambda: Mention.objects.filter(user=Parameter("user", UUIDField()), seen_at=None).values_list("pk", flat=True)
)
