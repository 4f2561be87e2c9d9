"""What routing does when conversations and agents change.

What must hold together with the change happens in its transaction (slots, offers). Dispatch follows the commit; the sweep
stands behind it should the process die in between.
"""

from apps.agents.events import AgentReady, AgentUnready
from apps.conversations.events import ConversationEnded, ConversationReturned, ConversationWaiting
from apps.core.commit import after_commit
from apps.core.events import subscribe
from apps.routing import actions
from apps.routing.sweep import sweep_schedule


@subscribe(ConversationWaiting)
def on_waiting(event: ConversationWaiting) -> None:
    """It needs an agent."""
    sweep_schedule()
    after_commit(actions.conversation_dispatch, conversation_id=event.conversation.pk)


@subscribe(ConversationReturned)
def on_returned(event: ConversationReturned) -> None:
    """Its agent's slot is free again."""
    actions.slots_release(event.conversation)


@subscribe(ConversationEnded)
def on_ended(event: ConversationEnded) -> None:
    """Its offer is void and its slot is free (WRP-2, WRP-4); the next in line follows at once (RTE-7)."""
    agents = list(event.conversation.holds.values_list("agent", flat=True))
    actions.offer_drop(event.conversation)
    actions.slots_release(event.conversation)
    for agent_id in agents:
        after_commit(actions.agent_dispatch, agent_id=agent_id)


@subscribe(AgentReady)
def on_ready(event: AgentReady) -> None:
    """They have room, perhaps."""
    after_commit(actions.agent_dispatch, agent_id=event.agent_id)


@subscribe(AgentUnready)
def on_unready(event: AgentUnready) -> None:
    """What rings at them rings in vain. After the commit: conversations are locked before agents (EDG-1)."""
    after_commit(actions.offers_withdraw, agent_id=event.agent_id)
