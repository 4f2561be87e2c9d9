"""Runs the benchmarks: `python -m tests.bench [--tiny] [NAME ...]`; see README.md."""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Coroutine
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import uvloop

from config.local.state import data_dir, embedded_urls
from tests.bench import machine
from tests.bench.rounds import rounds_merge
from tests.bench.run import TINY, Run, Sizes
from tests.bench.table import Row, render

NAMES = (
    "floors",
    "queries",
    "pages",
    "threads",
    "memory",
    "messages",
    "consoles",
    "overload",
    "chats",
    "waiting",
    "routing",
    "mails",
    "timers",
)
LIMIT_SECONDS = 900
"""For one name, once."""
ROUNDS = 3
PARTING_SECONDS = 5


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="show that it runs: the figures mean nothing")
    parser.add_argument("--rounds", type=int, default=0, help=f"how often each is measured ({ROUNDS}; tiny once)")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all when none is given")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - set(NAMES)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return chosen


def main() -> int:
    """Run what was asked for and print the table; every row is a figure, none a test."""
    chosen = parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    server_url, redis_url = embedded_urls()
    directory = Path(tempfile.mkdtemp(prefix="bench-", dir=data_dir()))
    from tests.bench.world import Database

    with Database(server_url) as database:
        os.environ["DATABASE_URL"] = database.url
        set_up()
        run = Run(database.url, redis_url, directory, TINY if chosen.tiny else Sizes())
        found: dict[str, list[list[Row]]] = {name: [] for name in NAMES if name in (chosen.names or NAMES)}
        try:
            carry_out(_measure(run, found, chosen.rounds or (1 if chosen.tiny else ROUNDS)))
        finally:
            release()
            rows = [row for rounds in found.values() for row in rounds_merge(rounds)]
            print(f"{machine.describe()}\n\n{render(rows)}")
    return 0


def carry_out(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end. What is then still going on is cancelled, and not waited for when it does not mind."""
    loop = uvloop.new_event_loop()
    try:
        loop.run_until_complete(work)
    finally:
        rest = asyncio.all_tasks(loop)
        for task in rest:
            task.cancel()
        if rest:
            loop.run_until_complete(asyncio.wait(rest, timeout=PARTING_SECONDS))
        loop.close()


def set_up() -> None:
    """Make Django ready, and the tenant."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    os.environ["LOG_LEVEL"] = "ERROR"
    import django

    django.setup()
    from tests.bench.world import make_tenant

    make_tenant()


def release() -> None:
    """Give our connections back, so that the database can go."""
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


async def _measure(run: Run, found: dict[str, list[list[Row]]], rounds: int) -> None:
    """Round after round, so that what else the machine does meets all names alike."""
    from tests.bench.world import clear

    for _ in range(rounds):
        for name, rows in found.items():
            start = time.monotonic()
            print(f"{name} …", end=" ", file=sys.stderr, flush=True)
            rows.append(await _rows(run, name))
            await asyncio.to_thread(clear)
            print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


async def _rows(run: Run, name: str) -> list[Row]:
    """What one name has found, once; what it had found before it failed, if it did."""
    run.rows = []
    is_calm = await asyncio.to_thread(machine.is_calm)
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await import_module(f"tests.bench.rows.{name}").measure(run)
    except Exception:
        traceback.print_exc()  # The other rows are worth having all the same.
    return [replace(row, is_calm=is_calm) for row in run.rows]


if __name__ == "__main__":
    sys.exit(main())
