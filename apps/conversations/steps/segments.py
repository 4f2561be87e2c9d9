"""Stays of a conversation with a queue or an agent (XFR-6). The caller holds its lock."""

from datetime import datetime
from typing import Final

from django.db import connection

from apps.conversations.choices import SegmentKind
from apps.conversations.models import Conversation, Segment
from apps.core.rows import row_add

# Written out: every accept and every end closes one, and Django would compile each anew.
CLOSE: Final = "UPDATE conversations_segment SET ended_at = %s WHERE conversation_id = %s AND ended_at IS NULL"


def segment_open(conversation: Conversation, kind: SegmentKind, *, at: datetime) -> None:
    """Begin a stay with the conversation's queue or agent; the one before ends at the same instant.

    What the customer had proved in that one holds in this one, too (CHAT-12).
    """
    row_add(segment_next(conversation, kind, at=at))


def segment_next(conversation: Conversation, kind: SegmentKind, *, at: datetime) -> Segment:
    """The stay that `segment_open` begins, to be written with other rows; the one before has ended."""
    proven_at = proof_time(conversation)
    segment_close(conversation, at=at)
    return _segment(conversation, kind, at, proven_at)


def first_segment(conversation: Conversation, *, at: datetime) -> Segment:
    """The first stay of a new conversation, with its queue, to be written with other rows."""
    return _segment(conversation, SegmentKind.QUEUE, at, None)


def proof_time(conversation: Conversation) -> datetime | None:
    """When its customer proved, in its last stay or one that led to it, whose the conversation is (CHAT-12)."""
    if conversation.joined_at is None:
        return None
    last = Segment.objects.filter(conversation=conversation).order_by("-started_at", "-pk")
    return last.values_list("proven_at", flat=True).first()


def _segment(conversation: Conversation, kind: SegmentKind, at: datetime, proven_at: datetime | None) -> Segment:
    return Segment(
        conversation=conversation,
        kind=kind,
        queue_id=conversation.queue_id,
        agent_id=conversation.agent_id if kind == SegmentKind.AGENT else None,
        started_at=at,
        proven_at=proven_at,
    )


def segment_close(conversation: Conversation, *, at: datetime) -> None:
    """End the stay that is open, if one is."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [at, conversation.pk])
