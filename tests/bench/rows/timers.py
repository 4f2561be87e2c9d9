"""How late due deadlines are acted upon while very many others wait, and what asking for due ones costs."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import psycopg
from django.utils import timezone

from tests.bench.processes import stack
from tests.bench.run import Run
from tests.bench.table import Aim, Row, percentile
from tests.bench.world import SCHEMA, copies, in_bench

LEAD_SECONDS = 3
PATIENCE_SECONDS = 30
LOOK = "SELECT id FROM timers_wakeup WHERE run_after <= now() ORDER BY run_after LIMIT 300 FOR UPDATE SKIP LOCKED"
FUTURE = """
INSERT INTO timers_wakeup (schema, kind, object_id, due_at, run_after, attempts, error)
SELECT %s, 'conversations.wrap_up', gen_random_uuid(), at, at, 0, ''
FROM (SELECT now() + interval '1 day' + n * interval '1 second' AS at FROM generate_series(1, %s) n) due
"""


async def measure(run: Run) -> None:
    """Measure lateness, then the poll."""
    sizes = run.sizes
    with psycopg.connect(run.url, autocommit=True) as connection:
        connection.execute(FUTURE, [SCHEMA, sizes.future_wakeups])
        connection.execute("ANALYZE timers_wakeup")
    with stack(run.directory) as processes:
        # Everything has started once the first one has been acted upon.
        await _lateness(await in_bench(_make_due, 1, 1))
        ids = await in_bench(_make_due, sizes.due_wakeups, sizes.due_seconds)
        await asyncio.sleep(LEAD_SECONDS + sizes.due_seconds)
        late = await _lateness(ids)
        processes.check()
    waiting = f"{sizes.future_wakeups:,} waiting"
    for share, limit in ((0.5, 500), (0.99, 2000)):
        name, aim = f"timers: late, {waiting}, p{share * 100:.0f}", Aim(limit, of_floor=False)
        run.rows.append(Row(name, percentile(late, share) * 1000, "ms", aim=aim))
    run.rows.append(Row("timers: due but not acted upon", len(ids) - len(late), "", aim=Aim(0, of_floor=False)))
    looks, polls = _looks(run.url, sizes.polls), await asyncio.to_thread(_polls, sizes.polls)
    for share in (0.5, 0.99):
        name, floor = f"timers: asking for due ones, {waiting}, p{share * 100:.0f}", percentile(looks, share) * 1000
        run.rows.append(Row(name, percentile(polls, share) * 1000, "ms", floor, Aim(3)))


def _looks(url: str, count: int) -> list[float]:
    """Seconds of each bare look at the index."""
    with psycopg.connect(url, autocommit=True) as connection:
        return [_timed(lambda: connection.execute(LOOK, prepare=False).fetchone()) for _ in range(count)]


def _polls(count: int) -> list[float]:
    """Seconds of each query of the runner's."""
    from django.db import connection
    from django_tenants.utils import schema_context

    from apps.timers.actions.wakeups import wakeups_claim

    with schema_context("public"):
        taken = [_timed(lambda: wakeups_claim(limit=300)) for _ in range(count)]
    connection.close()
    return taken


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


async def _lateness(ids: list[object]) -> list[float]:
    """Seconds from each deadline to its effect, of those that had one in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        late = await in_bench(_closed, ids)
        if len(late) == len(ids) or time.monotonic() > deadline:
            return late
        await asyncio.sleep(0.5)


def _make_due(count: int, seconds: float) -> list[object]:
    """Conversations in a wrap-up that is left too long, one after another."""
    from apps.conversations.steps import WRAP_UP_DEADLINE
    from apps.timers.models import Wakeup

    start = timezone.now() + timedelta(seconds=LEAD_SECONDS)
    step = timedelta(seconds=seconds / count)
    rows = copies(_wrapping_up(), count, wrap_up_due_at=lambda number: start + number * step)
    Wakeup.objects.bulk_create(
        Wakeup(
            schema=SCHEMA,
            kind=WRAP_UP_DEADLINE,
            object_id=row.pk,
            due_at=row.wrap_up_due_at,
            run_after=row.wrap_up_due_at,
        )
        for row in rows
    )
    _due.update({row.pk: row.wrap_up_due_at for row in rows})
    return [row.pk for row in rows]


def _wrapping_up() -> UUID:
    """A conversation that an agent has just ended."""
    from apps.agents.actions import agent_status_choose
    from apps.conversations.actions import conversation_end
    from apps.conversations.choices import Side
    from apps.queues.models import Queue
    from tests.support.people import make_agent, talk

    Queue.objects.update(acw_mode="immediate")
    agent = make_agent()
    conversation = talk(agent)
    conversation_end(conversation_id=conversation.pk, by=Side.AGENT, actor=agent.user)
    Queue.objects.update(acw_mode="off")
    agent_status_choose(agent_id=agent.pk, code="away")
    return conversation.pk  # type: ignore[no-any-return]


_due: dict[object, object] = {}


def _closed(ids: list[object]) -> list[float]:
    from apps.conversations.models import Conversation

    closed = Conversation.objects.filter(pk__in=ids, closed_at__isnull=False).values_list("pk", "closed_at")
    return [(at - _due[pk]).total_seconds() for pk, at in closed]
