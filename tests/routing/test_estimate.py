"""How far the estimated wait is from the wait that came: a day of a queue, replayed (RTE-5)."""

from bisect import bisect_right, insort
from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random
from statistics import mean

from apps.routing.waiting_view import WINDOW, wait_estimate

BY_HOUR = {9: 30, 10: 46, 11: 52, 12: 40, 13: 34, 14: 44, 15: 48, 16: 40, 17: 24}
"""Chats that arrive in each hour."""

SLOTS = {9: 5, 10: 6, 11: 6, 12: 4, 13: 5, 14: 6, 15: 6, 16: 6, 17: 5}
"""Chats that agents can have at once in each hour."""

ASK_SECONDS = 10


@dataclass
class Chat:
    arrived: float
    leaves: float
    picked_up: float | None = None


def day(rng: Random) -> list[Chat]:
    """Who came when, and when they were picked up: first come, first served, by whoever has a slot; some give up."""
    arrivals = [
        Chat(at, at + rng.expovariate(1 / 1500))
        for hour, count in BY_HOUR.items()
        for at in sorted(hour * 3600 + rng.random() * 3600 for _each in range(count))
    ]
    busy: list[float] = []
    for chat in arrivals:
        _pick_up(chat, busy, rng)
    return arrivals


def _pick_up(chat: Chat, busy: list[float], rng: Random) -> None:
    at = chat.arrived
    while True:
        while busy and busy[0] <= at:
            heappop(busy)
        if len(busy) < SLOTS.get(int(at // 3600), 5):
            break
        at = min(busy[0], (at // 3600 + 1) * 3600)
    if at >= chat.leaves:
        return
    chat.picked_up = at + rng.uniform(2, 17)
    heappush(busy, chat.picked_up + rng.lognormvariate(6.1, 0.6))


def errors(chats: list[Chat]) -> list[tuple[float, float]]:
    """For each question of a waiting page that was answered with an estimate: minutes said, minutes that came."""
    said: list[tuple[float, float]] = []
    window = WINDOW.total_seconds()
    pick_ups: list[float] = []
    for chat in chats:
        if chat.picked_up is not None:
            insort(pick_ups, chat.picked_up)
    for chat in chats:
        if chat.picked_up is None:
            continue
        now = chat.arrived
        while now < chat.picked_up:
            ahead = [other for other in chats if other.arrived < chat.arrived and _waits(other, now)]
            picks = bisect_right(pick_ups, now) - bisect_right(pick_ups, now - window)
            minutes = wait_estimate(len(ahead) + 1, picks)
            if minutes is not None:
                said.append((minutes, (chat.picked_up - now) / 60))
            now += ASK_SECONDS
    return said


def _waits(chat: Chat, now: float) -> bool:
    return chat.arrived <= now < (chat.picked_up if chat.picked_up is not None else chat.leaves)


def test_the_mean_error_of_six_days() -> None:
    """The figures in the routing app's README; run with `-s` to read them."""
    said = [each for seed in range(1, 7) for each in errors(day(Random(seed)))]
    error = mean(abs(minutes - came) for minutes, came in said)
    bias = mean(minutes - came for minutes, came in said)
    wait = mean(came for _minutes, came in said)
    print(f"{len(said)} estimates, mean wait {wait:.1f} min, mean error {error:.1f} min, bias {bias:+.1f} min")
    assert (round(wait, 1), round(error, 1), round(bias, 1)) == (3.0, 2.0, 1.3)
