"""What happens to conversations, told to the apps above inside the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import User
from apps.conversations.choices import EndCause, ReturnCause, Side, State
from apps.conversations.models import Conversation, Message


@dataclass(frozen=True)
class ConversationWaiting:
    """It stands in its queue, new or returned, and needs an agent."""

    conversation: Conversation


@dataclass(frozen=True)
class ConversationAccepted:
    """An agent has it from `at` on."""

    conversation: Conversation
    at: datetime


@dataclass(frozen=True)
class ConversationReturned:
    """Its agent gave it up or lost it; it goes back to its queue (AGT-7, AGT-9)."""

    conversation: Conversation
    agent_id: object
    cause: ReturnCause


@dataclass(frozen=True)
class ConversationEnding:
    """Its agent is about to end it, as they may; an app above that has a reason against it refuses."""

    conversation: Conversation


@dataclass(frozen=True)
class ConversationContactChanged:
    """It was found to be another contact's."""

    conversation: Conversation


@dataclass(frozen=True)
class ConversationEnded:
    """It is over for the customer; wrap-up may follow (WRP-1)."""

    conversation: Conversation
    was: State
    by: Side
    cause: EndCause


@dataclass(frozen=True)
class SpamUnmarked:
    """Its agent has taken back that it is spam: it counts again, closed as it is (CON-10)."""

    conversation: Conversation


@dataclass(frozen=True)
class ConversationClosed:
    """Nothing is left to do about it."""

    conversation: Conversation


@dataclass(frozen=True)
class MessagePosted:
    """A numbered line was added."""

    conversation: Conversation
    message: Message


@dataclass(frozen=True)
class MessageRedacted:
    """Something was taken out of a message for good; what else holds it takes it out as well (FRM-6).

    Attributes:
        removed: what stood there. Nobody keeps it.
    """

    conversation: Conversation
    message: Message
    removed: str


@dataclass(frozen=True)
class ConversationSnoozing:
    """Its agent is about to snooze it; a handler that must not let it be raises DomainError (SNZ-2)."""

    conversation: Conversation


@dataclass(frozen=True)
class AgentReplying:
    """Its agent writes into a snoozed conversation: it has to wake first, or a handler raises DomainError (SNZ-4)."""

    conversation: Conversation
    agent: User
