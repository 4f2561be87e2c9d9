"""Reads of transfers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.conversations.models import Conversation
from apps.queues.models import Queue
from apps.transfers.choices import TransferState
from apps.transfers.models import Transfer


@dataclass(frozen=True)
class Stage:
    """One stay with an agent that a transfer ended: what the next one should know of it (XFR-6, CON-3).

    Attributes:
        agent: who had the conversation.
        queue: the queue that it was in.
        started_at: when they got it.
        ended_at: when it left them.
        waited: how long the customer had waited before that, since the stage before or their arrival.
        customer_messages: how many the customer wrote in this stage, its wait included.
        agent_messages: how many agents wrote.
        first_number: the first numbered line of the stage.
        last_number: the last one.
        skills: names of the skills that the conversation asked for at the transfer.
        to_queue: where it went, or none.
        to_agent: to whom it went, or none.
        note: what the sender said about it; may be empty.
    """

    agent: User
    queue: Queue
    started_at: datetime
    ended_at: datetime
    waited: timedelta
    customer_messages: int
    agent_messages: int
    first_number: int
    last_number: int
    skills: list[str]
    to_queue: Queue | None
    to_agent: User | None
    note: str

    @property
    def length(self) -> timedelta:
        """How long the agent had it."""
        return self.ended_at - self.started_at

    @property
    def destination(self) -> str:
        """The name of where it went."""
        return self.to_agent.public_name if self.to_agent else str(self.to_queue)


def stages_of(conversation: Conversation) -> list[Stage]:
    """What happened before the present agent: a stage for each transfer that was done, the oldest first, in one query.

    Transfers that rang and came back are none. A conversation that was never transferred has no stages.
    """
    done = Transfer.objects.filter(conversation=conversation, state=TransferState.DONE)
    done = done.select_related("sender", "to_queue", "to_agent", "segment__queue").order_by("asked_at", "pk")
    stages: list[Stage] = []
    before = conversation.first_arrived_at
    for transfer in done:
        stage = _stage(transfer, before)
        stages.append(stage)
        before = stage.ended_at
    return stages


def _stage(transfer: Transfer, before: datetime) -> Stage:
    stay = transfer.segment
    ended_at = stay.ended_at or transfer.settled_at or transfer.asked_at
    return Stage(
        agent=transfer.sender,
        queue=stay.queue,
        started_at=stay.started_at,
        ended_at=ended_at,
        waited=max(stay.started_at - before, timedelta()),
        customer_messages=transfer.customer_messages,
        agent_messages=transfer.agent_messages,
        first_number=transfer.first_number,
        last_number=transfer.last_number,
        skills=transfer.skills,
        to_queue=transfer.to_queue,
        to_agent=transfer.to_agent,
        note=transfer.note,
    )
