"""What an agent finds at the head of a conversation that they have accepted: facts, and no word of anybody's (CON-3).

An assistant may write a summary into its place one day; until then it says what is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.conversations.choices import SegmentKind
from apps.conversations.models import Conversation, Segment
from apps.conversations.sentiment import Mood


@dataclass(frozen=True)
class Stage:
    """One stay with one agent, and the wait before it (XFR-6).

    Attributes:
        queue: its name.
        agent: who had it; empty where nobody of this queue took it.
        waited: in this queue, before the agent took it.
        since: when it came into this queue.
        spent: how long the agent had it; none for the stay that goes on.
    """

    queue: str
    agent: str
    waited: timedelta
    since: datetime
    spent: timedelta | None


@dataclass(frozen=True)
class Summary:
    """The arrival summary.

    Attributes:
        now: the stay that goes on, or the last one.
        before: the stays before it, in order.
        about: the topic that the customer chose, else their first words.
        chose_topic: whether it is a topic.
        mood: how the customer's messages sound on the whole; none where none was scored.
        scored: how many were.
    """

    now: Stage | None
    about: str
    chose_topic: bool
    mood: Mood | None
    scored: int
    before: list[Stage] = field(default_factory=list)


def stages_of(segments: Sequence[Segment]) -> list[Stage]:
    """The stays of a conversation, each with the wait before it.

    Args:
        segments: all of them in order, with queue and agent.
    """
    stages: list[Stage] = []
    queued: Segment | None = None
    for segment in segments:
        if segment.kind == SegmentKind.QUEUE:
            if queued is not None and queued.queue_id != segment.queue_id:
                stages.append(_in_vain(queued, segment.started_at))
            # An agent who gave it back, or a wait that an offer interrupted: it is the same queue's wait.
            queued = queued if queued is not None and queued.queue_id == segment.queue_id else segment
        else:
            stages.append(_with_agent(queued, segment))
            queued = None
    return stages


def _in_vain(queued: Segment, until: datetime) -> Stage:
    return Stage(queued.queue.name, "", until - queued.started_at, queued.started_at, timedelta())


def _with_agent(queued: Segment | None, stay: Segment) -> Stage:
    since = queued.started_at if queued is not None else stay.started_at
    agent = stay.agent.full_name if stay.agent else ""
    spent = stay.ended_at - stay.started_at if stay.ended_at else None
    return Stage(stay.queue.name, agent, stay.started_at - since, since, spent)


def summary_of(conversation: Conversation, segments: Sequence[Segment], *, intent: str, opening: str) -> Summary:
    """The arrival summary of a conversation.

    Args:
        conversation: one that an agent has or had.
        segments: its stays, in order, with queue and agent.
        intent: the topic that the customer chose, or nothing.
        opening: their first words.
    """
    stages = stages_of(segments)
    return Summary(
        now=stages[-1] if stages else None,
        before=stages[:-1],
        about=intent or opening,
        chose_topic=bool(intent),
        mood=conversation.mood,
        scored=conversation.mood_count,
    )
