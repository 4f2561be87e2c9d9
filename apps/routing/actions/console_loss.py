"""What becomes of an agent's conversations when their console is gone (AGT-9)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.agents.actions import agent_console_expire
from apps.conversations.choices import ReturnCause, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_return
from apps.queues.choices import Family


@transaction.atomic
def console_grace_expire(*, agent_id: UUID, due_at: datetime) -> None:
    """A console did not come back in its grace: Offline, and live chats and calls go back, returned first.

    Args:
        agent_id: the agent's user.
        due_at: the deadline that is due; a console that came back meanwhile makes it void.
    """
    live = Conversation.objects.filter(agent=agent_id, state=State.ACTIVE).exclude(channel=Family.EMAIL)
    # Conversations before agents, the fixed order of locks.
    mine = [conversation_lock(pk) for pk in live.order_by("pk").values_list("pk", flat=True)]
    if not agent_console_expire(agent_id=agent_id, due_at=due_at):
        return
    for conversation in mine:
        if conversation.state == State.ACTIVE and conversation.agent_id == agent_id:
            conversation_return(conversation=conversation, cause=ReturnCause.CONSOLE_LOST)
