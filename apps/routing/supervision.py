"""Who may decide over conversations: an agent over their own, a supervisor over those of their queues (RTE-11)."""

from uuid import UUID

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.agents.reach import may_in_queue
from apps.conversations.choices import OWNED_STATES
from apps.conversations.models import Conversation


def may_supervise(user: User, queue_id: UUID) -> bool:
    """Whether this user may assign, re-queue and force close in a queue: by role, everywhere or where they serve."""
    return may_in_queue(user, Permission.MONITOR, queue_id)


def may_handle(user: User, conversation: Conversation) -> bool:
    """Whether this user may change whose a conversation is, and what it holds: who has it, or supervises its queue.

    Its agent until it is closed: from then on it may become a stranger's (CON-5).
    """
    has_it = conversation.agent_id == user.pk and conversation.state in OWNED_STATES
    return has_it or may_supervise(user, conversation.queue_id)
