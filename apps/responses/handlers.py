"""Drafts go with their conversation, and with whoever has it."""

from apps.conversations.events import ConversationAccepted, ConversationEnded
from apps.core.events import subscribe
from apps.responses.steps import drafts_drop


@subscribe(ConversationAccepted)
def on_accepted(event: ConversationAccepted) -> None:
    """Whoever had it before writes in it no more; somebody who gets it back finds what they had begun."""
    drafts_drop(conversation=event.conversation)


@subscribe(ConversationEnded)
def on_ended(event: ConversationEnded) -> None:
    """Nothing more is sent."""
    drafts_drop(conversation=event.conversation)
