"""One conversation of the past: what happened when, worked out before any row is made."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from apps.demo.seeds.customers import Customer, dialogue_values
from apps.demo.seeds.dialogue import Dialogue
from apps.demo.seeds.shifts import Worker
from apps.queues.choices import Family

RING = timedelta(seconds=30)
"""How long an offer of a chat rings (AGT-6)."""
MAIL_RING = timedelta(minutes=5)
"""How long one of a mail does."""


@dataclass(frozen=True)
class SimulatedOffer:
    """An offer: who, from when, till when, and whether it was accepted."""

    worker: Worker
    since: datetime
    until: datetime
    accepted: bool

    def expires(self, channel: Family) -> datetime:
        """Until when it would have gone on."""
        return self.since + (MAIL_RING if channel == Family.EMAIL else RING)


@dataclass
class SimulatedConversation:
    """What happened in one conversation.

    Attributes:
        who: the customer; `contact` is the place of their row.
        said: time, whether the agent says it, and the words.
        worker: whoever accepted; none means that the customer left before.
        closed: the end of the wrap-up; that of the conversation where there was none.
        forgotten: nobody wrapped it up, so the system did.
        channel: by which the customer wrote.
    """

    who: Customer
    contact: int
    dialogue: Dialogue
    arrived: datetime
    rings: list[SimulatedOffer] = field(default_factory=list)
    said: list[tuple[datetime, bool, str]] = field(default_factory=list)
    worker: Worker | None = None
    accepted: datetime | None = None
    ended: datetime = field(init=False)
    closed: datetime = field(init=False)
    forgotten: bool = False
    channel: Family = Family.CHAT


def simulate_conversation(rng: Random, past: SimulatedConversation, workers: list[Worker]) -> None:
    """Let a conversation happen: ring until somebody accepts or the customer leaves, then talk, end, wrap up."""
    patience = past.arrived + timedelta(seconds=rng.uniform(90, 600))
    at = past.arrived + timedelta(milliseconds=rng.randint(15, 90))
    while at < patience:
        worker = _nearest(workers, past.dialogue, at)
        if worker is None:
            at += timedelta(seconds=20)
        elif rng.random() < 0.05 and at + RING < patience:
            at = _ring_in_vain(rng, past, worker, at)
        else:
            past.accepted = at + timedelta(seconds=rng.uniform(2, 17))
            past.rings.append(SimulatedOffer(worker, at, past.accepted, accepted=True))
            past.worker = worker
            _talk(rng, past)
            worker.busy.append((at, past.ended))
            worker.free_since = past.ended
            return
    opening = past.dialogue.lines[0].say(rng, dialogue_values(rng, past.who, "", past.arrived))
    past.said.append((past.arrived, False, opening))
    past.ended = past.closed = max(patience, at)


def _nearest(workers: list[Worker], script: Dialogue, at: datetime) -> Worker | None:
    free = [worker for worker in workers if worker.serves(script) and worker.has_room(at)]
    return min(free, key=lambda worker: worker.free_since or worker.shifts[0][0], default=None)


def _ring_in_vain(rng: Random, past: SimulatedConversation, worker: Worker, at: datetime) -> datetime:
    """An offer that nobody answered: its agent is Away (Idle) until they come back. Returns when the next may ring."""
    gone = at + RING
    past.rings.append(SimulatedOffer(worker, at, gone, accepted=False))
    worker.busy.append((at, gone))
    worker.idle.append((gone, gone + timedelta(minutes=rng.uniform(2, 9))))
    return gone + timedelta(milliseconds=rng.randint(15, 90))


def _talk(rng: Random, past: SimulatedConversation) -> None:
    assert past.worker is not None and past.accepted is not None  # noqa: PT018, S101 - the caller has just set both
    filled = dialogue_values(rng, past.who, past.worker.agent.user.public_name, past.arrived)
    at = past.arrived
    for place, line in enumerate(past.dialogue.lines):
        text = line.say(rng, filled)
        if place:
            # Reading and typing take time; agents have their standard responses.
            pause = rng.uniform(6, 25) + len(text) * rng.uniform(*((0.25, 0.6) if line.by_agent else (0.3, 1.1)))
            at = max(at, past.accepted) + timedelta(seconds=pause)
        past.said.append((at, line.by_agent, text))
    past.ended = at + timedelta(seconds=rng.uniform(5, 45))
    past.forgotten = rng.random() < 0.01
    past.closed = past.ended + (timedelta(hours=24) if past.forgotten else timedelta(seconds=rng.uniform(6, 95)))
