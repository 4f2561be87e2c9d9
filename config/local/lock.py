"""One Parley per data directory: a file lock, which the kernel releases however its holders end."""

import fcntl
import os
import sys
import time
from pathlib import Path

from config.local import tether
from config.local.state import LocalError

STOPPING_SECONDS = 200.0
"""Longer than a database may take to stop."""
WAITS_QUIETLY = 2.0


class AlreadyRunningError(LocalError):
    """Another Parley holds the data directory."""

    def __init__(self, directory: Path, pid: int) -> None:
        super().__init__(
            f"Parley already runs with the data directory {directory} (process {pid}): "
            "stop it first, or set PARLEY_DATA_DIR and PORT to run a second one."
        )
        self.pid = pid


def take(directory: Path) -> int:
    """Lock a data directory, made if need be, and return the descriptor that holds the lock.

    What we start inherits the descriptor, so the lock outlives a killed manager until the last server is gone;
    for that we wait, and say so: a database writes down what it holds.

    Raises AlreadyRunningError when the manager that holds the lock is alive, LocalError when its remains don't go away.
    """
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    begin = time.monotonic()
    told = False
    while not _try(descriptor, fcntl.LOCK_EX):
        pid = _holder(descriptor)
        if pid and tether.is_alive(pid):
            os.close(descriptor)
            raise AlreadyRunningError(directory, pid)
        if not told and time.monotonic() > begin + WAITS_QUIETLY:
            told = True
            print(f"parley: waiting for the servers of an earlier start in {directory}", file=sys.stderr, flush=True)
        if time.monotonic() > begin + STOPPING_SECONDS:
            raise LocalError(f"Servers of an earlier Parley in {directory} are still running: end them first.")
        time.sleep(0.05)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def share(directory: Path) -> int:
    """Mark servers that someone else has started as in use, until the returned descriptor is closed."""
    descriptor = os.open(directory / "in-use", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_shared(directory: Path) -> bool:
    """Tell whether someone still uses servers that we have started."""
    descriptor = os.open(directory / "in-use", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        return not _try(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> int | None:
    try:
        return int(os.pread(descriptor, 20, 0))
    except ValueError:
        return None  # it is about to write its number
