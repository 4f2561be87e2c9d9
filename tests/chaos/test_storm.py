"""A hundred agents, two thousand conversations, and processes that die amid them (RTE-7, RTE-8, RTE-9)."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from tests.chaos import storm

AGENTS, SECONDS = 100, 55
SHARES = {"one": 750, "two": 750, "three": 500}
"""How many conversations each process opens, as far as the machine gets in that time."""
TENANT = "globex"


@pytest.fixture
def people(stack: Any) -> Iterator[None]:
    """Agents at work, who go home afterwards."""
    stack.office(TENANT, storm.gather, AGENTS)
    yield
    stack.office(TENANT, storm.calm)


def test_a_storm_over_a_hundred_agents_and_two_thousand_conversations(stack, people, record_property):
    """No slot exceeded, no conversation offered twice or stuck, nobody overtaken, and nothing left to repair.

    Three processes of agents and customers, whose consoles come and go; one of them is killed in the midst of its
    work and has a successor. The stack's worker and timers, which fire what runs out, are killed, too.
    """
    stack.expect(r"connection to client lost")
    began = time.monotonic()
    with ThreadPoolExecutor(len(SHARES) + 1) as pool, ExitStack() as offices:
        crowds = {name: start(stack, pool, offices, name) for name in SHARES}
        for number, disaster in enumerate((kill_worker, kill_timers, kill_crowd, kill_worker)):
            until = time.monotonic() + 3.5
            while time.monotonic() < until:
                stack.office(TENANT, storm.glance)
                time.sleep(0.4)
            print(f"{time.monotonic() - began:.0f} s, disaster {number + 1}: {stack.office(TENANT, storm.glance)}")
            disaster(stack, pool, offices, crowds)
        while not all(crowd.done() for crowd in crowds.values()):
            print(f"{time.monotonic() - began:.0f} s: {stack.office(TENANT, storm.glance)}")
            time.sleep(2)
        done: Counter[str] = sum((crowd.result() for crowd in crowds.values()), Counter())
    seconds = time.monotonic() - began
    record_property("seconds", round(seconds))
    print(f"{seconds:.0f} s, {dict(done)}")
    offers = stack.office(TENANT, storm.look)
    print(offers)
    assert offers["accepted"] > done["arrived"] * 0.7 > 50
    assert min(offers["timed_out"], offers["withdrawn"], done["lost"]) > 0


def start(stack: Any, pool: ThreadPoolExecutor, offices: ExitStack, name: str) -> "Future[Any]":
    """A process of agents and customers."""
    office = offices.enter_context(stack.another_office(f"crowd-{name}"))
    share = (list(SHARES).index(name), len(SHARES))
    return pool.submit(office, TENANT, storm.blow, name, share, SHARES[name], 3, SECONDS)


def kill_worker(stack: Any, *_more: Any) -> None:
    """What it was firing comes up again by its lease."""
    restart(stack, "worker")


def kill_timers(stack: Any, *_more: Any) -> None:
    """What it had claimed comes up again by its lease."""
    restart(stack, "timers")


def kill_crowd(stack: Any, pool: ThreadPoolExecutor, offices: ExitStack, crowds: dict[str, Any]) -> None:
    """As a web process dies: between a commit and what follows it, among others."""
    stack.kill("crowd-three")
    with pytest.raises(EOFError):
        crowds["three"].result()
    crowds["three"] = start(stack, pool, offices, "three")


def restart(stack: Any, name: str) -> None:
    """Kill a process and start it again."""
    stack.kill(name)
    time.sleep(0.5)
    stack.begin(name)
