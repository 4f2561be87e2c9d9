"""Slots as conversations hold them (RTE-9)."""

from apps.agents.actions import agent_lock, slot_release
from apps.agents.models import Agent
from apps.conversations.models import Conversation
from apps.core.rows import row_add
from apps.queues.choices import Family
from apps.routing.models import SlotHold


def hold(conversation: Conversation, agent: Agent, *, forced: bool = False) -> None:
    """Write down that a slot of this agent, already taken, is held for this conversation."""
    row_add(SlotHold(conversation=conversation, agent=agent, family=conversation.channel, forced=forced))


def slots_release(conversation: Conversation) -> None:
    """Give back every slot that is held for a conversation. The caller holds its lock."""
    for held in SlotHold.objects.filter(conversation=conversation).order_by("agent"):
        agent = agent_lock(held.agent_id)
        # Deleted first: what follows from the freed slot already sees it gone.
        held.delete()
        slot_release(agent, Family(held.family), forced=held.forced)
