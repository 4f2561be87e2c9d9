"""Every change of a note (CON-4, AGT-12)."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.steps import notice_add
from apps.conversations.choices import OWNED_STATES, Side
from apps.conversations.models import Conversation
from apps.conversations.selectors import conversation_readers, conversations_readable_by
from apps.conversations.steps import timeline_record
from apps.conversations.text import clean_body, preview_line
from apps.core.errors import DomainError
from apps.core.rows import row_add_once
from apps.masking.choices import Speaker
from apps.masking.selectors import mask_text
from apps.notes import selectors
from apps.notes.choices import NoteEventKind, Refusal
from apps.notes.frames import MentionFrame, NoteFrame, note_view
from apps.notes.mentions import mentioned_users
from apps.notes.models import Mention, Note, NoteEdit
from apps.realtime.publish import agent_group, publish


@dataclass(frozen=True)
class Noted:
    """A note, and who was told of it.

    Attributes:
        untold: people it names who may not see the customer's conversations, and were told nothing.
    """

    note: Note
    untold: list[User] = field(default_factory=list)


@transaction.atomic
def note_add(*, conversation_id: UUID, key: UUID, body: str, on_contact: bool, actor: User) -> Noted:
    """Write a note for colleagues; whoever it names and may see it is told (AGT-12).

    Args:
        conversation_id: the conversation at hand.
        key: the form's own key: sent again, the note that is stored already comes back.
        body: at most as long as a message; the rules for what agents say look at it too (FRM-6).
        on_contact: it is about the customer, and stands in no conversation.
        actor: who writes it.

    Raises:
        DomainError: ``conversation_unknown`` also for one that the actor may not see, ``note_key_taken``, or what
            `clean_body` refuses.
    """
    body = clean_body(body)
    conversation = conversations_readable_by(actor).select_related("contact").filter(pk=conversation_id).first()
    if conversation is None:
        raise DomainError(Refusal.CONVERSATION_UNKNOWN, _("There is no such conversation."))
    body = mask_text(body, queue_id=conversation.queue_id, who=Speaker.AGENT).text
    note = Note(
        key=key,
        contact=conversation.contact,
        conversation=None if on_contact else conversation,
        written_in=conversation,
        author=actor,
        body=body,
    )
    if not row_add_once(note):
        return Noted(_again(key, conversation, actor))
    if not on_contact:
        at, side = note.created_at, Side.AGENT
        timeline_record(conversation, NoteEventKind.NOTED, at=at, actor=actor, side=side, note=str(note.pk))
    untold = _mention(note, actor)
    _tell(note)
    return Noted(note, untold)


def _again(key: UUID, conversation: Conversation, actor: User) -> Note:
    stored = Note.objects.select_related("author").get(key=key)
    if stored.author_id != actor.pk or stored.contact_id != conversation.contact_id:
        raise DomainError(Refusal.NOTE_KEY_TAKEN, _("This note can't be added. Reload the page and try again."))
    return stored


@transaction.atomic
def note_edit(*, note_id: UUID, body: str, actor: User) -> Noted:
    """Change one's own note; what it said before is kept. Whom it names only now is told now.

    Args:
        note_id: the note.
        body: what it says from now on; the same as before changes nothing.
        actor: its author, within 15 minutes.

    Raises:
        DomainError: ``note_unknown``, ``note_not_yours``, ``note_deleted``, ``note_too_old``, or what `clean_body`
            refuses.
    """
    note, body, now = _lock(note_id, actor), clean_body(body), timezone.now()
    if note.author_id != actor.pk:
        raise DomainError(Refusal.NOTE_NOT_YOURS, _("Only its author can change a note."))
    if note.is_deleted:
        raise DomainError(Refusal.NOTE_DELETED, _("This note was deleted."))
    if not selectors.may_edit(note, actor, at=now):
        raise DomainError(Refusal.NOTE_TOO_OLD, _("A note can be changed for 15 minutes. Write another one."))
    body = mask_text(body, queue_id=note.written_in.queue_id if note.written_in else None, who=Speaker.AGENT).text
    if body == note.body:
        return Noted(note)
    NoteEdit.objects.create(note=note, body=note.body, at=now)
    note.body, note.edited_at = body, now
    note.save(update_fields=["body", "edited_at"])
    untold = _mention(note, actor)
    _tell(note)
    return Noted(note, untold)


@transaction.atomic
def note_delete(*, note_id: UUID, actor: User) -> Note:
    """Take a note off the screens; the row stays, and says who deleted it. Deleted again, nothing changes.

    Args:
        note_id: the note.
        actor: its author, or a supervisor who may see it.

    Raises:
        DomainError: ``note_unknown``, ``note_not_yours``.
    """
    note = _lock(note_id, actor)
    if note.is_deleted:
        return note
    if not selectors.may_delete(note, actor):
        raise DomainError(Refusal.NOTE_NOT_YOURS, _("Only its author or a supervisor can delete a note."))
    note.deleted_at, note.deleted_by = timezone.now(), actor
    note.save(update_fields=["deleted_at", "deleted_by"])
    unseen = Mention.objects.filter(note=note, seen_at=None)
    named = list(unseen.values_list("user", flat=True))
    unseen.update(seen_at=note.deleted_at)
    for user_id in named:
        _tell_unread(user_id)
    _tell(note)
    return note


@transaction.atomic
def mentions_see(*, user_id: UUID, contact_id: UUID | None = None) -> int:
    """A user has looked: at all their mentions, or at those about one contact.

    Returns:
        How many were new to them.
    """
    unseen = Mention.objects.filter(user=user_id, seen_at=None)
    if contact_id is not None:
        unseen = unseen.filter(note__contact=contact_id)
    seen = unseen.update(seen_at=timezone.now())
    if seen:
        _tell_unread(user_id)
    return seen


def _lock(note_id: UUID, actor: User) -> Note:
    """The note, locked, for those who may see it."""
    notes = Note.objects.select_for_update(of=("self",), no_key=True).select_related(
        "author", "contact", "deleted_by", "written_in"
    )
    note = notes.filter(pk=note_id).first()
    if note is None or not selectors.may_see(actor, note):
        raise DomainError(Refusal.NOTE_UNKNOWN, _("There is no such note."))
    return note


def _mention(note: Note, actor: User) -> list[User]:
    """Tell those whom a note names and who have not been told; returns those who may not see it."""
    named = [user for user in mentioned_users(note.body) if user.pk != actor.pk]
    told = {user.pk for user in named if selectors.may_see(user, note)}
    for user in named:
        if user.pk not in told:
            continue
        if Mention.objects.get_or_create(note=note, user=user)[1]:
            notice_add(agent_id=user.pk, text=_named(note))
            _tell_unread(user.pk)
    return [user for user in named if user.pk not in told]


def _named(note: Note) -> str:
    return _("%(name)s named you in a note about %(customer)s: %(line)s") % {
        "name": note.author.full_name,
        "customer": note.contact.display_name,
        "line": preview_line(note.body),
    }


def _tell_unread(user_id: UUID) -> None:
    publish(MentionFrame(unread=selectors.mentions_count(user_id)), groups=[agent_group(user_id)])


def _tell(note: Note) -> None:
    """Tell the consoles that show this contact now: the author's, and of those who have a conversation of theirs, and
    may see the note.
    """
    owners = Conversation.objects.filter(contact=note.contact_id, state__in=OWNED_STATES).values("agent")
    told: set[UUID] = {note.author_id}
    if note.written_in is not None:
        told |= set(conversation_readers(note.written_in).filter(pk__in=owners).values_list("pk", flat=True))
    frame = NoteFrame(contact=note.contact_id, note=note_view(note))
    publish(frame, groups=[agent_group(pk) for pk in sorted(told)])
