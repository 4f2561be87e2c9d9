"""Drafts go with their conversation, under its lock."""

from apps.conversations.models import Conversation
from apps.core.rows import row_has, rows_delete
from apps.responses.choices import DRAFT_STATES
from apps.responses.models import Draft


def drafts_drop(*, conversation: Conversation) -> None:
    """Forget what was begun in a conversation that is over, or whose agent is another one now.

    Args:
        conversation: locked by the caller, whose transaction this joins; its present agent keeps theirs while it lives.
    """
    if conversation.state not in DRAFT_STATES:
        rows_delete(Draft, conversation=conversation.pk)
    elif row_has(Draft, conversation=conversation.pk):
        Draft.objects.filter(conversation=conversation).exclude(agent=conversation.agent_id).delete()
