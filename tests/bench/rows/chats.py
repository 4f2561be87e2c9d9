"""A chat opened by its customer until the agent's page is told of the offer."""

import asyncio

from tests.bench import floors
from tests.bench.load import Outcome, by_turns, drive, highest_held
from tests.bench.processes import stack
from tests.bench.run import Run
from tests.bench.sockets import Socket, close_all
from tests.bench.table import Aim, Row
from tests.bench.world import AT_ONCE, Scene, start_frame

START_RATE = 10.0
ROUNDS = 4
"""Turns that F and the stack take."""
RATE = 100
"""Chats a second that are wanted."""


async def measure(run: Run) -> None:
    """Measure how long it takes, and how many a second fit."""
    with stack(run.directory) as processes:
        scene = Scene(processes.port)
        await scene.open_consoles(run.sizes.open_consoles)
        await open_chats(scene, rate=5, seconds=3)
        seconds = run.sizes.opens / 5 / ROUNDS
        async with floors.beside(run, run.sizes.latency_talks) as lanes:
            floor, outcome = await by_turns(
                lambda: lanes.run(5, seconds), lambda: open_chats(scene, rate=5, seconds=seconds), rounds=ROUNDS
            )
        if len(outcome.latencies) < len(outcome.sent):
            raise RuntimeError(f"{len(outcome.sent) - len(outcome.latencies)} of {len(outcome.sent)} were not offered")
        for share, limit in ((0.5, 3), (0.95, 5), (0.99, 5)):
            name = f"chat opened to offer on the agent's socket, p{share * 100:.0f}"
            run.rows.append(Row(name, outcome.ms(share), "ms", floor.ms(share), Aim(limit)))
        seconds = min(run.sizes.step_seconds, 4)
        best = await highest_held(
            lambda rate: open_chats(scene, rate=rate, seconds=seconds), start=START_RATE, steps=run.sizes.steps
        )
        held, aim = best.rate if best else 0, Aim(RATE, of_floor=False, at_least=True)
        run.rows.append(Row("chats opened, highest rate held", held, "/s", run.floor_rate, aim))
        await close_all(scene.consoles)


async def open_chats(scene: Scene, *, rate: float, seconds: float) -> Outcome:
    """Open chats at a rate, on pages that are there already; afterwards their customers end them and go."""
    count = int(rate * seconds)
    scene.forget()
    pages = await scene.open_widgets(count)

    async def send(number: int, key: str) -> None:
        await pages[number].tell(**start_frame(name=key), id=key)

    outcome = await drive(send, scene.offered, rate=rate, seconds=seconds)
    await _end(scene, dict(zip(outcome.sent, pages, strict=False)))
    await close_all(pages)
    scene.widgets.clear()
    return outcome


async def _end(scene: Scene, opened: dict[str, Socket]) -> None:
    answers = [(page, scene.answers[key][1]) for key, page in opened.items() if key in scene.answers]
    talks = [(page, frame["conversation"]["id"]) for page, frame in answers if frame["type"] == "ack"]
    for start in range(0, len(talks), AT_ONCE):
        some = talks[start : start + AT_ONCE]
        await asyncio.gather(*(page.ask(type="end", conversation=talk) for page, talk in some))
