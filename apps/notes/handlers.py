"""What becomes of notes when something happens below."""

from apps.contacts.events import ContactsMerged
from apps.conversations.events import ConversationContactChanged
from apps.core.events import subscribe
from apps.notes.steps import notes_follow_conversation, notes_move_contact


@subscribe(ContactsMerged)
def on_merged(event: ContactsMerged) -> None:
    """They are about the other contact from now on (CON-5)."""
    notes_move_contact(gone=event.gone, kept=event.kept)


@subscribe(ConversationContactChanged)
def on_contact_changed(event: ConversationContactChanged) -> None:
    """What was noted in a conversation goes with it."""
    notes_follow_conversation(conversation=event.conversation)
