"""Stays of a conversation with a queue or an agent (XFR-6). The caller holds its lock."""

from datetime import datetime

from apps.conversations.choices import SegmentKind
from apps.conversations.models import Conversation, Segment
from apps.core.rows import row_add


def segment_open(conversation: Conversation, kind: SegmentKind, *, at: datetime) -> None:
    """Begin a stay with the conversation's queue or agent; the one before ends at the same instant.

    What the customer had proved in that one holds in this one, too (CHAT-12).
    """
    proven_at = proof_time(conversation)
    segment_close(conversation, at=at)
    _segment_add(conversation, kind, at, proven_at)


def segment_open_first(conversation: Conversation, *, at: datetime) -> None:
    """Begin the first stay of a new conversation, with its queue."""
    _segment_add(conversation, SegmentKind.QUEUE, at, None)


def proof_time(conversation: Conversation) -> datetime | None:
    """When its customer proved, in its last stay or one that led to it, whose the conversation is (CHAT-12)."""
    if conversation.joined_at is None:
        return None
    last = Segment.objects.filter(conversation=conversation).order_by("-started_at", "-pk")
    return last.values_list("proven_at", flat=True).first()


def _segment_add(conversation: Conversation, kind: SegmentKind, at: datetime, proven_at: datetime | None) -> None:
    row_add(
        Segment(
            conversation=conversation,
            kind=kind,
            queue_id=conversation.queue_id,
            agent_id=conversation.agent_id if kind == SegmentKind.AGENT else None,
            started_at=at,
            proven_at=proven_at,
        )
    )


def segment_close(conversation: Conversation, *, at: datetime) -> None:
    """End the stay that is open, if one is."""
    Segment.objects.filter(conversation=conversation, ended_at=None).update(ended_at=at)
