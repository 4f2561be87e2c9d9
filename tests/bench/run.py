"""What one run knows: where things are, how much of everything it does, and what it has found so far."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import psutil

from tests.bench import machine
from tests.bench.load import Outcome
from tests.bench.processes import Processes
from tests.bench.table import Row

T = TypeVar("T")


@dataclass(frozen=True)
class Sizes:
    """How much of everything; the defaults give figures worth keeping, `TINY` shows that it runs."""

    repeats: int = 1000
    latency_seconds: float = 48
    cpu_seconds: float = 20
    step_seconds: float = 4
    steps: int = 16
    consoles: int = 20
    talks: int = 300
    latency_talks: int = 40
    opens: int = 200
    open_consoles: int = 40
    waiting: int = 1000
    freed: int = 60
    future_wakeups: int = 100_000
    due_wakeups: int = 500
    due_seconds: float = 10
    polls: int = 500
    sockets: tuple[int, int] = (60, 2000)
    overload_seconds: float = 10
    company: tuple[int, int, int] = (1000, 50, 100)
    lines: tuple[int, int] = (100, 10_000)
    handled: int = 10_000
    assigned: int = 100
    mails: int = 500
    tray: tuple[int, int] = (3, 200)
    loads: int = 9
    threads: tuple[int, int] = (50, 5000)


TINY = Sizes(
    repeats=100,
    latency_seconds=4,
    cpu_seconds=3,
    step_seconds=2,
    steps=2,
    consoles=2,
    talks=20,
    latency_talks=10,
    opens=10,
    open_consoles=4,
    waiting=50,
    freed=5,
    future_wakeups=1000,
    due_wakeups=20,
    due_seconds=3,
    polls=50,
    sockets=(12, 60),
    overload_seconds=3,
    company=(20, 5, 10),
    lines=(10, 100),
    handled=200,
    assigned=5,
    mails=20,
    tray=(2, 20),
    loads=2,
    threads=(10, 100),
)


@dataclass
class Run:
    """One run.

    Attributes:
        url: the run's database.
        redis_url: the broker.
        directory: for what the processes write.
        sizes: how much of everything.
        rows: the table so far.
        floor: the empty path at five messages a second.
        floor_rate: the highest rate that the empty path held.
        held: the highest rate that the stack held.
    """

    url: str
    redis_url: str
    directory: Path
    sizes: Sizes
    rows: list[Row] = field(default_factory=list)
    floor: Outcome | None = None
    floor_rate: float | None = None
    held: float | None = None

    def floor_ms(self, share: float) -> float | None:
        """A percentile of the empty path, in milliseconds."""
        return self.floor.ms(share) if self.floor else None

    def parts(self, processes: Processes) -> dict[str, list[psutil.Process]]:
        """All processes that there are now, servers included; by name."""
        (ours,) = processes.pids.values()
        return {
            **machine.by_name(ours),
            "postgresql": machine.tree(machine.postgres_process(self.url)),
            "valkey": machine.tree(machine.valkey_process(self.redis_url)),
        }

    def cpu_seconds(self, processes: Processes) -> dict[str, float]:
        """Processor time that each part has taken so far."""
        return {name: machine.cpu_seconds(each) for name, each in self.parts(processes).items()}

    async def spent(self, processes: Processes, work: Awaitable[T]) -> tuple[dict[str, float], T]:
        """Processor time that each part takes while something is done, and what that returns."""
        before = self.cpu_seconds(processes)
        result = await work
        return {name: seconds - before.get(name, 0.0) for name, seconds in self.cpu_seconds(processes).items()}, result
