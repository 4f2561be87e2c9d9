"""The floors by themselves, and F: the empty path that most other rows are compared with."""

from tests.bench import floors
from tests.bench.run import Run
from tests.bench.table import Row, percentile


async def measure(run: Run) -> None:
    """Measure the floors."""
    count = run.sizes.repeats
    _show(run, "floor: INSERT + commit", floors.commits(run.url, count))
    run.rows.append(
        Row("floor: claim, done, commit by SKIP LOCKED, 8 workers", floors.claims_per_second(run.url, count), "/s")
    )
    _show(run, "floor: PUBLISH to subscriber", floors.publishes(run.redis_url, count))
    with floors.served(run.url, run.directory) as port:
        _show(run, "floor: socket echo", await floors.echoes(port, count))
        await measure_path(run, port)


async def measure_path(run: Run, port: int) -> None:
    """Measure F and the highest rate that it holds."""
    sizes = run.sizes
    async with floors.lanes(port, sizes.talks) as lanes:
        run.floor = await lanes.run(5, sizes.latency_seconds, lanes=sizes.latency_talks)
        best = await lanes.highest(60, sizes.step_seconds, sizes.steps)
        run.floor_rate = best.rate if best else None
    for share in (0.5, 0.95, 0.99):
        run.rows.append(Row(f"F: Channels + ORM, socket to socket, p{share * 100:.0f}", run.floor.ms(share), "ms"))
    run.rows.append(Row("F: highest rate held", run.floor_rate or 0, "/s"))


def _show(run: Run, name: str, taken: list[float]) -> None:
    run.rows.append(Row(f"{name}, p50", percentile(taken, 0.5) * 1000, "ms"))
    run.rows.append(Row(f"{name}, p99", percentile(taken, 0.99) * 1000, "ms"))
