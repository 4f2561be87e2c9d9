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
from importlib import import_module
from pathlib import Path
from typing import Any

import uvloop

from config.local.state import data_dir, embedded_urls
from tests.bench import machine
from tests.bench.run import TINY, Run, Sizes
from tests.bench.table import render

NAMES = (
    "floors",
    "queries",
    "pages",
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
LIMIT_SECONDS = 1200
PARTING_SECONDS = 5


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="show that it runs: the figures mean nothing")
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
        try:
            carry_out(_within_limit(run, [name for name in NAMES if name in (chosen.names or NAMES)]))
        finally:
            release()
            print(f"{machine.describe()}\n\n{render(run.rows)}")
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


async def _within_limit(run: Run, names: list[str]) -> None:
    from tests.bench.world import clear

    async with asyncio.timeout(LIMIT_SECONDS):
        for name in names:
            start = time.monotonic()
            print(f"{name} …", end=" ", file=sys.stderr, flush=True)
            try:
                await import_module(f"tests.bench.rows.{name}").measure(run)
            except Exception:
                traceback.print_exc()  # The other rows are worth having all the same.
            await asyncio.to_thread(clear)
            print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
