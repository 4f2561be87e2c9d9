"""Reads of transfers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.accounts.models import User
from apps.conversations.choices import SegmentKind
from apps.conversations.models import Conversation, Segment
from apps.queues.models import Queue
from apps.transfers.choices import TransferState
from apps.transfers.models import Transfer


@dataclass(frozen=True)
class Stage:
    """One stay with an agent, and the wait before it: what the next one should know of it (XFR-6, CON-3).

    Attributes:
        queue: the queue that it was in.
        agent: who had it; none where nobody of this queue took it.
        since: when it came into this queue.
        started_at: when the agent got it; where nobody did, when it left the queue.
        ended_at: when it left them; none for the stay that goes on.
        hop: the transfer that ended the stay, with its note, skills and counts; none where something else did.
    """

    queue: Queue
    agent: User | None
    since: datetime
    started_at: datetime
    ended_at: datetime | None
    hop: Transfer | None = None

    @property
    def waited(self) -> timedelta:
        """How long the customer waited in this queue."""
        return self.started_at - self.since

    @property
    def length(self) -> timedelta | None:
        """How long the agent had it; none while they have it."""
        return self.ended_at - self.started_at if self.ended_at else None


def stages_of(conversation: Conversation) -> list[Stage]:
    """A conversation's stages up to now, the oldest first, in two queries; none before anybody has taken it."""
    stays = Segment.objects.filter(conversation=conversation).select_related("queue", "agent")
    # Transfers that rang and came back ended no stay.
    done = Transfer.objects.filter(conversation=conversation, state=TransferState.DONE)
    hops = {hop.segment_id: hop for hop in done.select_related("to_queue", "to_agent")}
    return stages_in(stays.order_by("started_at", "pk"), hops)


def stages_in(stays: Iterable[Segment], hops: Mapping[UUID, Transfer]) -> list[Stage]:
    """The stages that these stays make.

    Args:
        stays: all of a conversation, in order, with queue and agent.
        hops: the transfers that were done, by the stay that each ended.
    """
    stages: list[Stage] = []
    queued: Segment | None = None
    for stay in stays:
        if stay.kind != SegmentKind.QUEUE:
            since = queued.started_at if queued is not None else stay.started_at
            stages.append(Stage(stay.queue, stay.agent, since, stay.started_at, stay.ended_at, hops.get(stay.pk)))
            queued = None
        elif queued is None:
            queued = stay
        elif queued.queue_id != stay.queue_id:
            stages.append(Stage(queued.queue, None, queued.started_at, stay.started_at, stay.started_at))
            queued = stay
        # Else an offer interrupted the wait: it is the same queue's, and one wait.
    return stages
