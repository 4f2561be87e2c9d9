"""A conversation's life in intervals: waiting, handling, snoozed, wrap-up. Derived; nothing is stored twice.

- *Waiting*: with its queue, from arrival or return until an agent has it; what rings, waits.
- *Handling*: with an agent, from acceptance until the end or the return, but for the time that it is snoozed.
- *Snoozed*: put aside by its agent (SNZ-3), until it is active again, goes to its queue, or ends. One that wakes up and
  waits for a free slot is snoozed still.
- *Wrap-up*: from the end for the customer until it closes (WRP-1).

Each interval belongs to the segment that it lies in, and so to one queue and, but for waiting, one agent. Together they
tile the time from first arrival to closing (or until now) without gap or overlap; an empty one is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from apps.conversations.choices import SegmentKind
from apps.conversations.models import Segment
from apps.snooze.choices import Kind
from apps.snooze.models import Snooze


@dataclass(frozen=True)
class Interval:
    """A part of a conversation's life.

    Attributes:
        kind: what it was spent with.
        started_at: its first moment.
        ended_at: its end; none while it goes on.
        segment_id: the stay that it lies in.
        queue_id: the queue of that stay.
        agent_id: the agent of that stay; none while it waits.
    """

    kind: Kind
    started_at: datetime
    ended_at: datetime | None
    segment_id: UUID
    queue_id: UUID
    agent_id: UUID | None

    def length(self, now: datetime) -> timedelta:
        """How long it was, up to now."""
        return (self.ended_at or now) - self.started_at


def intervals_of(conversation_ids: Iterable[UUID]) -> dict[UUID, list[Interval]]:
    """The intervals of these conversations, the oldest first, in two queries."""
    found: dict[UUID, list[Interval]] = {each: [] for each in conversation_ids}
    stays = list(Segment.objects.filter(conversation__in=found).order_by("started_at", "ended_at"))
    by_stay = intervals_in(stays)
    for stay in stays:
        found[stay.conversation_id] += by_stay[stay.pk]
    return found


def intervals_in(stays: Sequence[Segment]) -> dict[UUID, list[Interval]]:
    """The intervals that each of these stays is made of, the oldest first, in one query."""
    snoozes: dict[UUID, list[Snooze]] = defaultdict(list)
    with_agents = [stay.pk for stay in stays if stay.kind != SegmentKind.QUEUE]
    for snooze in Snooze.objects.filter(segment__in=with_agents).order_by("started_at"):
        snoozes[snooze.segment_id].append(snooze)
    return {stay.pk: list(_of(stay, snoozes[stay.pk])) for stay in stays}


def time_spent(intervals: Iterable[Interval], now: datetime) -> dict[Kind, timedelta]:
    """How long a conversation or a stay was in each kind of interval, up to now; every kind is there."""
    spent = dict.fromkeys(Kind, timedelta())
    for interval in intervals:
        spent[interval.kind] += interval.length(now)
    return spent


def _of(segment: Segment, snoozes: list[Snooze]) -> Iterator[Interval]:
    for kind, started_at, ended_at in _cut(segment, snoozes):
        if started_at != ended_at:
            yield Interval(kind, started_at, ended_at, segment.pk, segment.queue_id, segment.agent_id)


def _cut(segment: Segment, snoozes: list[Snooze]) -> Iterator[tuple[Kind, datetime, datetime | None]]:
    """A stay's parts: each begins where the one before ends."""
    if segment.kind == SegmentKind.QUEUE:
        yield Kind.WAITING, segment.started_at, segment.ended_at
        return
    begins: list[tuple[Kind, datetime | None]] = [(Kind.HANDLING, segment.started_at)]
    for snooze in snoozes:
        begins += [(Kind.SNOOZED, snooze.started_at)]
        if snooze.ended_at:
            begins += [(Kind.HANDLING, snooze.ended_at)]
    if segment.wrap_up_at:
        begins += [(Kind.WRAP_UP, segment.wrap_up_at)]
    # The stay's own end closes its last part, whatever that is.
    for (kind, started_at), (_next, ended_at) in pairwise([*begins, (Kind.WRAP_UP, segment.ended_at)]):
        if started_at:
            yield kind, started_at, ended_at
