"""What becomes due while a conversation waits (RTE-2, RTE-4)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.conversations.steps import conversation_lock
from apps.core.commit import after_commit
from apps.routing.actions.dispatch import conversation_dispatch
from apps.routing.models import Wait
from apps.routing.steps.waits import wait_follow_due


@transaction.atomic
def wait_expire(*, conversation_id: UUID, due_at: datetime) -> None:
    """Something became due for a conversation that waits: its maximum, the hours, a skill or the preferred window.

    Args:
        conversation_id: it.
        due_at: the deadline that is due; a wait that has moved on makes it void.
    """
    conversation = conversation_lock(conversation_id)
    wait = Wait.objects.filter(conversation=conversation, due_at=due_at).first()
    if wait is not None and wait_follow_due(conversation, wait):
        after_commit(conversation_dispatch, conversation_id=conversation.pk)
