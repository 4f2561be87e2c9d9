"""In which conversation a note is read (AGT-12)."""

from uuid import UUID

from apps.accounts.models import User
from apps.conversations.choices import OWNED_STATES
from apps.conversations.models import Conversation
from apps.conversations.selectors import conversations_readable_by


def own_conversation_with(user: User, contact_id: UUID) -> Conversation | None:
    """A conversation with a contact that stands in this user's tray."""
    return Conversation.objects.filter(contact=contact_id, agent=user, state__in=OWNED_STATES).first()


def newest_readable_with(user: User, contact_id: UUID) -> UUID:
    """The newest conversation with a contact that this user may read.

    Raises:
        Conversation.DoesNotExist: they may read none.
    """
    newest = conversations_readable_by(user).filter(contact=contact_id).order_by("-first_arrived_at")
    return newest.values_list("pk", flat=True)[:1].get()
