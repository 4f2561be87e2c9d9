"""What processes cost, read from /proc: processor time and memory, of whole trees."""

import os
import resource
from collections.abc import Iterable
from pathlib import Path

import psutil
import psycopg
import redis

MIB = 1024 * 1024
CALM_SECONDS = 2.0
CALM_PERCENT = 15.0


def describe() -> str:
    """The machine's size, for the head of the table."""
    memory = psutil.virtual_memory().total / MIB / 1024
    loads = " ".join(f"{load:.2f}" for load in os.getloadavg())
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, load {loads}"


def is_calm() -> bool:
    """Whether next to nothing runs, while we do nothing for a moment."""
    return psutil.cpu_percent(CALM_SECONDS) < CALM_PERCENT


def allow_many_sockets() -> None:
    """Raise the limit of open files as far as this user may; processes started later inherit it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def postgres_process(url: str) -> int:
    """The process that all of a local PostgreSQL's processes descend from."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        if row is None:
            raise RuntimeError("PostgreSQL told no process id")
        return psutil.Process(row[0]).ppid()


def valkey_process(url: str) -> int:
    """The process of a local Valkey or Redis."""
    with redis.Redis.from_url(url) as client:
        return int(client.info("server")["process_id"])


def tree(root: int) -> list[psutil.Process]:
    """A process and all that descend from it."""
    try:
        process = psutil.Process(root)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def by_name(root: int) -> dict[str, list[psutil.Process]]:
    """The processes of a stack, by the names that they have given themselves."""
    found: dict[str, list[psutil.Process]] = {}
    for process in tree(root):
        found.setdefault(process.name().removeprefix("parley-"), []).append(process)
    return found


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """Processor time that these have taken so far, and children of theirs that have ended."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def pss_mib(processes: Iterable[psutil.Process]) -> float:
    """Memory of these: what they share counts once, by the kernel's proportional set size."""
    return sum(_pss_kib(process.pid) for process in processes) / 1024


def _pss_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
