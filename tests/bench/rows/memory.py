"""Memory of the whole stack, servers included: idle, with an office's sockets, and with thousands."""

import asyncio

from tests.bench import machine
from tests.bench.processes import Processes, stack
from tests.bench.run import Run
from tests.bench.sockets import close_all
from tests.bench.table import Aim, Row
from tests.bench.world import Scene

SETTLE_SECONDS = 5


async def measure(run: Run) -> None:
    """Measure the proportional set size as sockets come."""
    few, many = run.sizes.sockets
    machine.allow_many_sockets()
    with stack(run.directory) as processes:
        idle = await _settled(run, processes)
        run.rows.append(Row("memory, idle", sum(idle.values()), "MiB"))
        run.rows += [Row(f"  of it {name}", figure, "MiB") for name, figure in idle.items()]
        scene = Scene(processes.port)
        await scene.open_consoles(few // 3)
        await scene.open_talks(few - few // 3)
        office = await _settled(run, processes)
        aim = Aim(300, of_floor=False)
        run.rows.append(Row(f"memory, {few} sockets, {few - few // 3} talks", sum(office.values()), "MiB", aim=aim))
        run.rows += [Row(f"  of it {name}", figure, "MiB") for name, figure in office.items()]
        await scene.open_widgets(many - few)
        crowd = await _settled(run, processes)
        run.rows.append(Row(f"memory, {many:,} sockets", sum(crowd.values()), "MiB"))
        each = (sum(crowd.values()) - sum(office.values())) / (many - few) * 1024
        run.rows.append(Row("memory per further socket", each, "KiB", aim=Aim(30, of_floor=False)))
        await close_all([*scene.widgets, *scene.consoles])


async def _settled(run: Run, processes: Processes) -> dict[str, float]:
    """Memory by process, once things are quiet."""
    await asyncio.sleep(SETTLE_SECONDS)
    processes.check()
    return {name: machine.pss_mib(each) for name, each in run.parts(processes).items()}
