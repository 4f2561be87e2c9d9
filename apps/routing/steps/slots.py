"""Slots as conversations hold them (RTE-9)."""

from uuid import UUID

from apps.agents.actions import agent_lock, slot_release, slot_reserve
from apps.agents.models import Agent
from apps.conversations.models import Conversation
from apps.core.rows import row_add, rows_delete
from apps.core.statements import Statement
from apps.queues.choices import Family
from apps.routing.matching import CONVERSATION
from apps.routing.models import SlotHold


def slot_hold_add(conversation: Conversation, agent: Agent, *, forced: bool = False) -> None:
    """Write down that a slot of this agent, already taken, is held for this conversation."""
    row_add(SlotHold(conversation=conversation, agent=agent, family=conversation.channel, forced=forced))


def slot_take(conversation: Conversation, agent: Agent, *, own: bool) -> bool:
    """Take a free slot of a locked agent for a conversation that wakes up with them (SNZ-4).

    Args:
        conversation: locked, and the agent's.
        agent: locked.
        own: a slot that such conversations wait for will do as well.

    Returns:
        Whether there was one.
    """
    if not slot_reserve(agent, Family(conversation.channel), own=own):
        return False
    slot_hold_add(conversation, agent)
    return True


def slots_release(conversation: Conversation, *, but: UUID | None = None) -> list[UUID]:
    """Give back every slot that is held for a conversation. The caller holds its lock.

    Args:
        conversation: it.
        but: an agent who keeps theirs, for a timed wrap-up (WRP-3).

    Returns:
        The agents who have one more.
    """
    held = [each for each in _HELD.all(conversation=conversation.pk) if each[0] != but]
    for agent_id, family, forced in held:
        _give_back(conversation, agent_id, family, forced=forced)
    return [agent_id for agent_id, _family, _forced in held]


_HELD: Statement[tuple[UUID, str, bool]] = Statement(
    lambda: (
        SlotHold.objects.filter(conversation=CONVERSATION).order_by("agent").values_list("agent", "family", "forced")
    )
)


def slot_give_back(conversation: Conversation, agent_id: UUID) -> None:
    """Give back the slot that one agent holds for a conversation, if they do. The caller holds its lock."""
    for holder, family, forced in _HELD.all(conversation=conversation.pk):
        if holder == agent_id:
            _give_back(conversation, agent_id, family, forced=forced)


def _give_back(conversation: Conversation, agent_id: UUID, family: str, *, forced: bool) -> None:
    agent = agent_lock(agent_id)
    # Deleted first: what follows from the freed slot already sees it gone.
    rows_delete(SlotHold, conversation=conversation.pk, agent=agent_id)
    slot_release(agent, Family(family), forced=forced)
