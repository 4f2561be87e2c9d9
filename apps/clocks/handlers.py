"""What reply clocks do when something is said, and when conversations come and go."""

from apps.clocks import steps
from apps.conversations.choices import Side, State
from apps.conversations.events import (
    ConversationAccepted,
    ConversationEnded,
    ConversationReturned,
    MessagePosted,
)
from apps.core.events import subscribe


@subscribe(ConversationAccepted)
def on_accepted(event: ConversationAccepted) -> None:
    """An agent has it: a clock runs from now on."""
    steps.clock_start(conversation=event.conversation, at=event.at)


@subscribe(MessagePosted)
def on_message(event: MessagePosted) -> None:
    """Whoever spoke waits for the other. A customer's further messages, while one is unanswered, change nothing."""
    conversation, message = event.conversation, event.message
    if conversation.state != State.ACTIVE:
        return
    if message.side == Side.AGENT and conversation.unanswered_since is not None:
        # A mail that was written before the customer's last words answers none of them (EML-10).
        steps.clock_wait_for_agent(conversation=conversation, since=conversation.unanswered_since)
    elif message.side == Side.AGENT:
        steps.clock_wait_for_customer(conversation=conversation, since=message.created_at)
    elif conversation.unanswered_since == message.created_at:
        steps.clock_wait_for_agent(conversation=conversation, since=message.created_at)


@subscribe(ConversationReturned)
def on_returned(event: ConversationReturned) -> None:
    """It waits for an agent, and that is not what these clocks measure."""
    steps.clock_stop(conversation=event.conversation)


@subscribe(ConversationEnded)
def on_ended(event: ConversationEnded) -> None:
    """Nobody waits any more."""
    if event.was in {State.ACTIVE, State.SNOOZED}:
        steps.clock_stop(conversation=event.conversation)
