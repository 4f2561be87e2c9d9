"""What an agent finds at the head of a conversation that they have accepted: facts, and no word of anybody's (CON-3).

An assistant may write a summary into its place one day; until then it says what is stored.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.conversations.models import Conversation
from apps.conversations.selectors import first_message_line
from apps.conversations.sentiment import Mood
from apps.transfers.selectors import Stage, stages_of


@dataclass(frozen=True)
class Summary:
    """The arrival summary.

    Attributes:
        stages: with whom it was and is, the oldest first; the last one is the present agent's, or was.
        arrived_at: when the customer first arrived.
        about: what the customer wants: the topic that they chose, else their first words.
        chose_topic: whether it is a topic.
        mood: how the customer's messages sound on the whole; none where none was scored.
        scored: how many were.
    """

    stages: list[Stage]
    arrived_at: datetime
    about: str
    chose_topic: bool
    mood: Mood | None
    scored: int

    @property
    def now(self) -> Stage | None:
        """The stay that goes on, or the last one."""
        return self.stages[-1] if self.stages else None

    @property
    def in_all(self) -> timedelta | None:
        """From the first arrival to the present agent, where that is longer than the wait in this queue."""
        now = self.now
        return now.started_at - self.arrived_at if now is not None and self.arrived_at < now.since else None

    @property
    def before(self) -> list[Stage]:
        """The stages before it."""
        return self.stages[:-1]


def summary_of(conversation: Conversation, *, topic: str) -> Summary:
    """The arrival summary of a conversation, in three queries.

    Args:
        conversation: one that an agent has or had.
        topic: what the customer chose, or nothing.
    """
    return Summary(
        stages=stages_of(conversation),
        arrived_at=conversation.first_arrived_at,
        about=topic or first_message_line(conversation.pk),
        chose_topic=bool(topic),
        mood=conversation.mood,
        scored=conversation.mood_count,
    )
