"""Notes go with their conversation and their contact, under the locks of what moves these (CON-5)."""

from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.notes.models import Note


def notes_move_contact(*, gone: Contact, kept: Contact) -> None:
    """Notes about a contact that was merged are about the other one from now on. The caller holds both locks."""
    Note.objects.filter(contact=gone).update(contact=kept)


def notes_follow_conversation(*, conversation: Conversation) -> None:
    """What was noted in a conversation is about its contact. The caller holds its lock."""
    Note.objects.filter(written_in=conversation).update(contact=conversation.contact_id)
