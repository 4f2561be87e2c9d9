"""Sends at a steady rate, whatever comes back, and counts what arrives in time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from tests.bench.table import percentile

Send = Callable[[int, str], Awaitable[None]]
"""Sends the message with this number and key."""

DRAIN_SECONDS = 4.0
P95_SECONDS, P99_SECONDS, DELIVERED = 1.0, 2.0, 0.999
PUNCTUAL = 0.97
"""A sender that falls behind this share of its rate has not offered it."""


@dataclass(frozen=True)
class Outcome:
    """What became of one run.

    Attributes:
        rate: messages a second, as wanted.
        sent: when each message was sent, by its key.
        seconds: from the first to the last.
        latencies: seconds from the sending to the arrival, of those that arrived.
    """

    rate: float
    sent: Mapping[str, float]
    seconds: float
    latencies: list[float]

    def ms(self, share: float) -> float:
        """A percentile in milliseconds."""
        return percentile(self.latencies, share) * 1000

    @property
    def is_held(self) -> bool:
        """p95 and p99 within bounds, and next to everything delivered."""
        punctual = len(self.sent) >= PUNCTUAL * self.rate * self.seconds
        delivered = len(self.latencies) >= DELIVERED * len(self.sent)
        quick = percentile(self.latencies, 0.95) < P95_SECONDS and percentile(self.latencies, 0.99) < P99_SECONDS
        return punctual and delivered and quick


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Several runs at one rate as one."""
    return Outcome(
        rate=outcomes[0].rate,
        sent={key: at for outcome in outcomes for key, at in outcome.sent.items()},
        seconds=sum(outcome.seconds for outcome in outcomes),
        latencies=[latency for outcome in outcomes for latency in outcome.latencies],
    )


async def by_turns(*runs: Callable[[], Awaitable[Outcome]], rounds: int) -> list[Outcome]:
    """Run several things by turns, so that whatever else the machine does meets them all alike."""
    found: list[list[Outcome]] = [[] for _ in runs]
    for _ in range(rounds):
        for outcomes, run in zip(found, runs, strict=True):
            outcomes.append(await run())
    return [together(outcomes) for outcomes in found]


async def drive(send: Send, arrived: Mapping[str, float], *, rate: float, seconds: float) -> Outcome:
    """Send at a rate and wait for what was sent to arrive.

    Args:
        send: sends one.
        arrived: where arrivals are noted, by key.
        rate: messages a second.
        seconds: how long.
    """
    sent: dict[str, float] = {}
    start = time.perf_counter()
    for number in range(int(rate * seconds)):
        now = time.perf_counter()
        due = start + number / rate
        if due > now:
            await asyncio.sleep(due - now)
        elif now - start > seconds * 1.5:
            break
        key = str(uuid4())
        sent[key] = time.perf_counter()
        await send(number, key)
    took = time.perf_counter() - start
    await _drain(sent, arrived)
    latencies = [arrived[key] - at for key, at in sent.items() if key in arrived]
    return Outcome(rate, sent, max(took, seconds), latencies)


async def _drain(sent: Mapping[str, float], arrived: Mapping[str, float]) -> None:
    deadline = time.perf_counter() + DRAIN_SECONDS
    while time.perf_counter() < deadline and any(key not in arrived for key in sent):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.02)


async def highest_held(step: Callable[[float], Awaitable[Outcome]], *, start: float, steps: int) -> Outcome | None:
    """Step the rate up by a fifth until it is no longer held, then try once between the last two.

    Args:
        step: runs one rate.
        start: the first rate.
        steps: how many rates to try at most.
    """
    best: Outcome | None = None
    rate = start
    for _ in range(steps):
        outcome = await step(rate)
        if not outcome.is_held:
            break
        best, rate = outcome, rate * 1.2
    if best is not None:
        between = await step((best.rate + rate) / 2)
        best = between if between.is_held else best
    return best
