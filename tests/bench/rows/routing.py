"""Routing in a large company: eight routers at once, what a step costs, and how that grows with who waits."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable

from tests.bench import company as companies
from tests.bench.company import Company
from tests.bench.floors import claims_per_second
from tests.bench.rows.queries import counted
from tests.bench.run import Run
from tests.bench.table import Aim, Row, percentile
from tests.bench.world import SCHEMA, clear, in_bench

ROUTERS = (1, 2, 4)
MOST_ROUTERS = 8
ASSIGNMENTS = 300
"""Assignments a second that are wanted, however many routers there are."""
READ = """
SELECT coalesce(sum(coalesce(idx_tup_fetch, 0) + seq_tup_read), 0),
    coalesce(sum(seq_tup_read) FILTER (WHERE relname LIKE 'conversations_%%'), 0)
FROM pg_stat_user_tables WHERE schemaname = %s
"""


async def measure(run: Run) -> None:
    """Measure few and many routers; then many with few and with many in the lines, and with few after a long day."""
    few, many = run.sizes.lines
    for routers in ROUTERS:
        company = await in_bench(_open, run, few, 0)
        await asyncio.to_thread(_fill, run, f"{few:,} waiting", company, routers)
        await asyncio.to_thread(clear)
    for label, waiting, handled in (
        (f"{few:,} waiting", few, 0),
        (f"{many:,} waiting", many, 0),
        (f"{run.sizes.handled:,} handled", few, run.sizes.handled),
    ):
        company = await in_bench(_open, run, waiting, handled)
        await asyncio.to_thread(_fill, run, label, company, MOST_ROUTERS)
        await in_bench(_steps, run, label, company)
        await asyncio.to_thread(clear)
    _growth(run, f"{few:,} waiting", [f"{many:,} waiting", f"{run.sizes.handled:,} handled"])


def _open(run: Run, waiting: int, handled: int) -> Company:
    """A morning: so many wait, beyond those whom the agents take at once."""
    from apps.agents.models import Agent
    from tests.support.history import fill_past

    company = companies.found(*run.sizes.company)
    if handled:
        fill_past(Agent.objects.get(pk=company.agents[0]), conversations=handled, messages=3)
    companies.stand_in_line(company, waiting + len(company.agents) * companies.SLOTS)
    companies.back_at_desks()
    return company


def _fill(run: Run, label: str, company: Company, routers: int) -> None:
    """So many processes hear that everybody is back, each of some of them: every slot is filled."""
    command = [sys.executable, "-m", "tests.bench.router", SCHEMA]
    processes = [
        subprocess.Popen([*command, str(n), str(routers)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in range(routers)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    start = time.perf_counter()
    for process in processes:
        process.communicate("go\n")
    taken = time.perf_counter() - start
    offers = _offered(company)
    floor = claims_per_second(run.url, offers, routers)
    name = f"assignments, {routers} {'router' if routers == 1 else 'routers'}, {label}"
    run.rows.append(Row(name, offers / taken, "/s", floor, Aim(ASSIGNMENTS, of_floor=False, at_least=True)))


def _offered(company: Company) -> int:
    """How many ring: nobody waits for whom an agent has room, none rings twice, no slot is exceeded."""
    from django.utils import timezone
    from django_tenants.utils import schema_context

    from apps.routing.models import Offer
    from apps.routing.selectors import queue_head_for
    from tests.support.invariants import check_offers, check_slots

    with schema_context(SCHEMA):
        check_offers()
        check_slots()
        idle = [agent for agent in company.agents if queue_head_for(agent, at=timezone.now())]
        ringing = Offer.objects.filter(state="ringing").count()
    if idle:
        raise RuntimeError(f"{len(idle)} agents have room for somebody who waits")
    return ringing


def _steps(run: Run, label: str, company: Company) -> None:
    """One step after the other, in this process: slots that become free, and arrivals that somebody has room for."""
    for name, step in (("slot free to offer", _free_slot), ("arrival to offer", lambda: _arrive(company))):
        taken, (statements, rows, scanned) = _timed(run.sizes.assigned, step)
        for share in (0.5, 0.99):
            run.rows.append(Row(f"{name}, {label}, p{share * 100:.0f}", percentile(taken, share) * 1000, "ms"))
        run.rows.append(Row("  its statements, with the change that causes it", statements, ""))
        run.rows.append(Row("  rows read for one", rows, ""))
        run.rows.append(Row("  of them by reading all of a table of conversations", scanned, ""))


def _growth(run: Run, base: str, others: list[str]) -> None:
    """What many waiting, or many handled, cost beside few waiting."""
    figures = {row.name: row.figure for row in run.rows}
    for step in ("slot free to offer", "arrival to offer"):
        for label in others:
            grown, floor = figures[f"{step}, {label}, p50"], figures[f"{step}, {base}, p50"]
            run.rows.append(Row(f"{step}: {label} beside {base}", grown, "ms", floor, Aim(1.1)))


def _timed(count: int, step: Callable[[], None]) -> tuple[list[float], tuple[int, int, int]]:
    """Seconds of each; and of a further one its statements, rows read, and rows of conversations read by scanning."""
    taken = []
    for _ in range(count):
        start = time.perf_counter()
        step()
        taken.append(time.perf_counter() - start)
    before = _read()
    with counted() as statements:
        step()
    sent = len(statements)
    after = _read()
    return taken, (sent, after[0] - before[0], after[1] - before[1])


def _read() -> tuple[int, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT 1")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(READ, [SCHEMA])
        rows, scanned = cursor.fetchone()
    return int(rows), int(scanned)


def _free_slot() -> None:
    """Who has rung longest leaves; whose slot that was is offered the next of their lines, before this returns."""
    from apps.conversations.actions import conversation_end
    from apps.conversations.choices import Side
    from apps.routing.models import Offer

    ringing = Offer.objects.filter(state="ringing")
    conversation_id = ringing.order_by("created_at").values_list("conversation", flat=True)[0]
    conversation_end(conversation_id=conversation_id, by=Side.CUSTOMER, actor=None)


def _arrive(company: Company) -> None:
    """Somebody comes, and rings before this returns."""
    from tests.support.people import arrive

    arrive(queue=company.quiet)
