"""A message from the customer's page to the agent's: how long it takes, how many fit, what each costs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tests.bench import floors
from tests.bench.load import Outcome, by_turns, drive, highest_held
from tests.bench.processes import Processes, stack
from tests.bench.run import Run
from tests.bench.sockets import close_all
from tests.bench.table import Aim, Row
from tests.bench.world import Scene

BODY = "Hello, where is my order?"
CPU_RATE = 20.0
START_RATE = 40.0
ROUNDS = 6
"""Turns that F and the stack take."""


async def measure(run: Run) -> None:
    """Measure latency, cost and the highest rate."""
    async with talking(run) as (processes, scene):
        await _latency(run, scene)
        await _cost(run, processes, scene)
        await _rate(run, scene)


@contextlib.asynccontextmanager
async def talking(run: Run) -> AsyncIterator[tuple[Processes, Scene]]:
    """The stack, with everybody in conversation, warmed up."""
    with stack(run.directory) as processes:
        scene = Scene(processes.port)
        await scene.open_consoles(run.sizes.consoles)
        await scene.open_talks(run.sizes.talks)
        await converse(scene, rate=20, seconds=3)
        try:
            yield processes, scene
        finally:
            await close_all([*scene.widgets, *scene.consoles])


async def converse(scene: Scene, *, rate: float, seconds: float, talks: int | None = None) -> Outcome:
    """Customers write at a rate, over the first so many conversations."""
    talking = list(zip(scene.widgets, scene.talks, strict=True))[:talks]

    async def send(number: int, key: str) -> None:
        widget, conversation = talking[number % len(talking)]
        await widget.tell(type="send", id=key, conversation=conversation, client_id=key, body=BODY)

    return await drive(send, scene.arrived, rate=rate, seconds=seconds)


async def find_held(run: Run, scene: Scene) -> float:
    """The highest rate that the stack holds."""
    best = await highest_held(
        lambda rate: converse(scene, rate=rate, seconds=run.sizes.step_seconds),
        start=START_RATE,
        steps=run.sizes.steps,
    )
    run.held = best.rate if best else 0.0
    return run.held


async def _latency(run: Run, scene: Scene) -> None:
    talks, seconds = run.sizes.latency_talks, run.sizes.latency_seconds / ROUNDS
    async with floors.beside(run, talks) as lanes:
        run.floor, outcome = await by_turns(
            lambda: lanes.run(5, seconds),
            lambda: converse(scene, rate=5, seconds=seconds, talks=talks),
            rounds=ROUNDS,
        )
    aims = {0.5: Aim(1.25), 0.95: Aim(2), 0.99: Aim(2)}
    for share, aim in aims.items():
        name = f"message, customer to agent, p{share * 100:.0f}"
        run.rows.append(Row(name, outcome.ms(share), "ms", run.floor_ms(share), aim))


async def _cost(run: Run, processes: Processes, scene: Scene) -> None:
    """What messages cost beyond what is done meanwhile anyway, such as for the reply clocks of those before."""
    idle, _none = await run.spent(processes, asyncio.sleep(run.sizes.cpu_seconds))
    spent, outcome = await run.spent(processes, converse(scene, rate=CPU_RATE, seconds=run.sizes.cpu_seconds))
    each = {name: (seconds - idle[name]) / len(outcome.sent) * 1000 for name, seconds in spent.items()}
    run.rows.append(Row("CPU per message, whole stack", sum(each.values()), "ms", aim=Aim(5, of_floor=False)))
    run.rows += [Row(f"  of it {name}", figure, "ms") for name, figure in each.items()]


async def _rate(run: Run, scene: Scene) -> None:
    held = await find_held(run, scene)
    run.rows.append(Row("messages, highest rate held", held, "/s", run.floor_rate, Aim(0.8, at_least=True)))
