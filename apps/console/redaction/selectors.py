"""Which messages somebody may take something out of (FRM-6)."""

from uuid import UUID

from apps.accounts.models import User
from apps.conversations.choices import MessageKind
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import conversations_readable_by, may_redact

SHOWN = 50
"""Messages that the list offers at a time, the newest first."""


def redactable_conversation(user: User, conversation_id: UUID) -> Conversation | None:
    """A conversation whose messages this user may redact, with its contact; None where they may not."""
    found = conversations_readable_by(user).select_related("contact").filter(pk=conversation_id).first()
    return found if found is not None and may_redact(user, found) else None


def redactable_page(conversation: Conversation, *, before: int) -> tuple[list[Message], int | None]:
    """A page of its messages that have words, the newest first.

    Args:
        conversation: it.
        before: only messages with a lower number; 0 for the newest.

    Returns:
        The messages, and the number that the next page is before; None where there is none.
    """
    said = conversation.messages.filter(kind=MessageKind.TEXT).exclude(body="").order_by("-number")
    if before:
        said = said.filter(number__lt=before)
    found = list(said[: SHOWN + 1])
    return found[:SHOWN], found[SHOWN - 1].number if len(found) > SHOWN else None


def redactable_message(conversation: Conversation, number: int) -> Message | None:
    """Its message of this number; None where that is nothing that was said."""
    return conversation.messages.filter(number=number, kind=MessageKind.TEXT).first()
