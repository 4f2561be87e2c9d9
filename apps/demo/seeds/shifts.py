"""When the demo's agents were at work, and the status intervals that follow from it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from apps.agents.choices import Base, Cause, Reserved
from apps.agents.models import Agent, Status, StatusInterval
from apps.demo.seeds.dialogue import Dialogue

TALK = timedelta(minutes=25)
"""Nobody is given a conversation so shortly before a break."""


@dataclass
class Worker:
    """An agent, and what keeps them busy.

    Attributes:
        slots: chats at once.
        queues: names of the queues they serve.
        languages: tags of the languages they speak.
        shifts: each day at work: on, break, back, off.
        busy: from when till when each of their chats held a slot.
        idle: when an offer rang in vain, and when they came back.
        free_since: the end of what they had last.
    """

    agent: Agent
    slots: int
    queues: frozenset[str]
    languages: frozenset[str]
    shifts: list[tuple[datetime, datetime, datetime, datetime]] = field(default_factory=list)
    busy: list[tuple[datetime, datetime]] = field(default_factory=list)
    idle: list[tuple[datetime, datetime]] = field(default_factory=list)
    free_since: datetime | None = None

    def serves(self, script: Dialogue) -> bool:
        """Whether a conversation like this may come to them."""
        return script.queue in self.queues and script.language in self.languages

    def has_room(self, at: datetime) -> bool:
        """Whether they could be offered a chat at this moment."""
        here = any(a <= at < b - TALK or c <= at < d - TALK for a, b, c, d in self.shifts)
        away = any(since - TALK < at < until for since, until in self.idle)
        return here and not away and sum(since <= at < until for since, until in self.busy) < self.slots


def plan_shifts(rng: Random, worker: Worker, zone: ZoneInfo, days: list[date], until: datetime) -> None:
    """Give a worker their working days: on, a break, on again.

    Args:
        rng: where chance comes from.
        worker: the worker.
        zone: the clock that they work by.
        days: the days that count.
        until: nothing lies behind this moment; a day that it cuts short ends there.
    """
    begins = rng.choice((8.0, 9.0, 10.5))
    for day in days:
        if rng.random() > (0.93 if day.weekday() < 5 else 0.35):
            continue
        midnight = datetime.combine(day, time(), zone)
        start, pause, length = begins + rng.uniform(-0.2, 0.2), rng.uniform(3.5, 4.5), rng.uniform(0.5, 0.9)
        marks = [
            midnight + timedelta(hours=each) for each in (start, start + pause, start + pause + length, start + 8.5)
        ]
        on, off, back, end = (min(mark, until) for mark in marks)
        if end - on > TALK:
            worker.shifts.append((on, off, back, end))


def status_intervals(worker: Worker, statuses: dict[str, Status]) -> list[StatusInterval]:
    """The worker's statuses one after another, from their first sign-in; the last is Offline and goes on."""
    steps = sorted(_steps(worker))
    made = [
        StatusInterval(
            agent=worker.agent, base=statuses[code].base, label=statuses[code].label, cause=cause, started_at=at
        )
        for at, code, cause in steps
    ]
    for one, following in pairwise(made):
        one.ended_at = following.started_at
    return made


def _steps(worker: Worker) -> Iterator[tuple[datetime, str, str]]:
    for on, off, back, end in worker.shifts:
        yield on - timedelta(seconds=40), Base.AWAY, Cause.SIGNED_IN
        yield on, Base.AVAILABLE, Cause.CHOSEN
        if off < back:
            yield off, Base.AWAY, Cause.CHOSEN
            yield back, Base.AVAILABLE, Cause.CHOSEN
        yield end, Base.OFFLINE, Cause.SIGNED_OUT
    for since, until in worker.idle:
        yield since, Reserved.SYSTEM_AWAY, Cause.OFFER_TIMED_OUT
        yield until, Base.AVAILABLE, Cause.CHOSEN
