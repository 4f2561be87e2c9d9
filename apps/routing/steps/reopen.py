"""A customer writes once more after the end: to the same agent if they have room, else to the front (WRP-8)."""

from apps.agents.models import Agent
from apps.agents.selectors import has_live_console, is_ready
from apps.agents.steps import agent_lock
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_mark_reopened
from apps.queues.selectors import serving_queue
from apps.routing.models import SlotHold
from apps.routing.steps.slots import slot_reserve, slots_release_and_dispatch


def conversation_reopen(*, conversation: Conversation) -> Conversation:
    """A locked conversation that is over goes on (WRP-8); the caller holds its lock.

    With the agent who had it last, if they are there and have a slot: the one that a timed wrap-up still holds, or a
    free one; else at the front of its queue, or of the default one where its own takes none any more.

    Args:
        conversation: in wrap-up or closed.

    Raises:
        DomainError: ``illegal_transition``, ``queue_closed``.
    """
    queue = serving_queue(conversation.queue)
    agent = agent_lock(conversation.agent_id) if conversation.agent_id is not None else None
    if agent is not None and _has_room(conversation, agent):
        return conversation_mark_reopened(conversation=conversation, agent=agent.user, queue=queue)
    slots_release_and_dispatch(conversation)
    return conversation_mark_reopened(conversation=conversation, agent=None, queue=queue)


def _has_room(conversation: Conversation, agent: Agent) -> bool:
    """Whether a locked agent can have it now; a slot is taken where none is held."""
    if conversation.state == State.WRAP_UP and SlotHold.objects.filter(conversation=conversation, agent=agent).exists():
        return has_live_console(agent)
    return is_ready(agent) and slot_reserve(conversation, agent)
