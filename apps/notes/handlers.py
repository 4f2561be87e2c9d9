"""What becomes of notes when something happens below."""

from apps.contacts.events import ContactsMerged
from apps.conversations.events import ConversationContactChanged
from apps.core.events import subscribe
from apps.notes.models import Note


@subscribe(ContactsMerged)
def on_merged(event: ContactsMerged) -> None:
    """They are about the other contact from now on (CON-5)."""
    Note.objects.filter(contact=event.gone).update(contact=event.kept)


@subscribe(ConversationContactChanged)
def on_contact_changed(event: ConversationContactChanged) -> None:
    """What was noted in a conversation goes with it."""
    Note.objects.filter(written_in=event.conversation).update(contact=event.conversation.contact_id)
