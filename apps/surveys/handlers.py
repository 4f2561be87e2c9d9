"""What follows the end of a conversation."""

from apps.conversations.events import ConversationClosed, ConversationEnded
from apps.core.events import subscribe
from apps.surveys import steps


@subscribe(ConversationEnded)
def on_ended(event: ConversationEnded) -> None:
    """Its customer is asked, where the last queue's survey wants it so (SRV-5)."""
    steps.survey_ask(conversation=event.conversation, cause=event.cause)


@subscribe(ConversationClosed)
def on_closed(event: ConversationClosed) -> None:
    """Found to be spam in its wrap-up: nobody is asked any more (CON-10)."""
    if event.conversation.is_spam:
        steps.survey_withdraw(conversation=event.conversation)
