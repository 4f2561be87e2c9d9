"""Ties processes to each other, so that no way of dying leaves one behind.

Two processes watch over everything that is started: the one that the user sees (the shield) and its child,
which does the work. Whichever of them is killed, the other one stops the rest in order. Should both be killed
at once, the kernel still signals every process that was started through `tie_to`.

Linux only: elsewhere the calls below do nothing and only orderly stops are clean.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WORKER_SECONDS = 300  # longer than all grace periods of an orderly stop together
ORPHAN_SECONDS = 6.0  # what the processes of a killed worker get

_spared_writer: int | None = None
"""Where a worker writes which processes are to be spared."""

# Loaded before any fork: a forked child must not take the loader's lock.
_libc = ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int | bytes) -> None:
    if sys.platform == "linux":
        _libc.prctl(option, value, 0, 0, 0)


def tie_to(parent: int, stop_signal: signal.Signals) -> None:
    """Ask the kernel to send `stop_signal` to this process when `parent`, a process id, dies."""
    _prctl(PR_SET_PDEATHSIG, stop_signal)
    # The parent may have died before the call above: then no signal will ever come.
    if os.getppid() != parent:
        os.kill(os.getpid(), stop_signal)


def name_process(name: str) -> None:
    """Name this process, in the logs and, as `parley-NAME`, in the machine's list of processes."""
    multiprocessing.current_process().name = name
    _prctl(PR_SET_NAME, f"parley-{name}".encode())


def tied(stop_signal: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn` that ties the process to be started to the caller.

    It has to run after the change of user, which clears the tie; `subprocess` does it in that order.
    """
    parent = os.getpid()
    return lambda: tie_to(parent, stop_signal)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs. A zombie that nobody collects doesn't."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return not Path("/proc/self").exists()


def spare(pid: int, seconds: float) -> None:
    """Have a process left alone for `seconds` when this worker is killed: it writes down what it holds."""
    if _spared_writer is not None:
        os.write(_spared_writer, f"{pid} {seconds}\n".encode())


def end_descendants(grace: float, spared: Mapping[int, float] = MappingProxyType({})) -> None:
    """Collect all children of this process, killing those that still run after `grace` seconds.

    With `adopt_orphans` this reaches grandchildren too: they become children as their parents go.

    Args:
        grace: in seconds.
        spared: processes that get more, in seconds; whoever watches is told that they are waited for.
    """
    begin = time.monotonic()
    told = set()
    while _collect():
        gone = time.monotonic() - begin
        for pid in _children() if gone >= grace else []:
            if gone >= spared.get(pid, grace):
                _kill(pid, signal.SIGKILL)
            elif pid not in told:
                told.add(pid)
                print(f"parley: waiting for process {pid} to write down what it holds", file=sys.stderr, flush=True)
        time.sleep(0.02)


def kill_orphans(known: Collection[int]) -> None:
    """Kill the children of this process that it did not start: what ended processes have left behind."""
    for pid in set(_children()) - set(known):
        _kill(pid, signal.SIGKILL)


def _collect() -> bool:
    """Collect ended children; tell whether others are left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _children() -> list[int]:
    me = str(os.getpid())
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            if entry.read_text().rpartition(")")[2].split()[1] == me:
                found.append(int(entry.parent.name))
        except OSError:
            continue  # it ended while we looked
    return found


def _kill(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def handle(number: signal.Signals, handler: Callable[[int, object], None]) -> None:
    """Install a signal handler, except where `nohup` has asked to ignore the end of the terminal."""
    if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
        signal.signal(number, handler)


@contextmanager
def blocked_signals() -> Iterator[None]:
    """Hold back the signals that stop us while handlers change hands."""
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def shielded(work: Callable[[], int], *, interrupt: signal.Signals | None) -> int:
    """Run `work` in a child process and return its exit code.

    `work` must install handlers for the stop signals and SIGQUIT ("hurry") before it starts anything, and must
    let them through. `interrupt` is what becomes of SIGINT on its way to the child; None keeps it to ourselves,
    for when the terminal has sent it to everyone already.
    """
    global _spared_writer
    adopt_orphans()
    reader, _spared_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    with blocked_signals():
        parent = os.getpid()
        worker = os.fork()
        if worker == 0:
            _work(parent, work)
        _forward_signals(worker, interrupt)
    status = _wait_for(worker)
    # A worker that ended by itself has stopped everything. One that was killed could not: the kernel has told
    # what it had started to stop, so give that a moment, and a database as long as it needs.
    end_descendants(ORPHAN_SECONDS if os.WIFSIGNALED(status) else 0, _read_spared(reader))
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1


def _read_spared(reader: int) -> dict[int, float]:
    try:
        lines = os.read(reader, 65536).decode().splitlines()
    except BlockingIOError:
        return {}
    return {int(pid): float(seconds) for pid, seconds in (line.split() for line in lines)}


def _work(parent: int, work: Callable[[], int]) -> None:
    """Run `work` in the forked child; never returns."""
    code = 1
    try:
        adopt_orphans()
        tie_to(parent, signal.SIGTERM)
        code = work()
    except BaseException:  # nothing may escape into the parent's half of the program
        sys.excepthook(*sys.exc_info())
    finally:
        flush_output()
        os._exit(code)


def flush_output() -> None:
    """Write out what this process has printed; for one that ends without Python's own end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # the reader is gone
            stream.flush()


def _forward_signals(worker: int, interrupt: signal.Signals | None) -> None:
    stopping = False

    def stop(number: int, _frame: object) -> None:
        nonlocal stopping
        if number == signal.SIGINT and interrupt != signal.SIGTERM:
            if interrupt is not None:
                _kill(worker, interrupt)
            return
        _kill(worker, signal.SIGQUIT if stopping else signal.SIGTERM)
        stopping = True
        signal.alarm(WORKER_SECONDS)

    for number in STOP_SIGNALS:
        handle(number, stop)
    signal.signal(signal.SIGALRM, lambda *_: _kill(worker, signal.SIGKILL))


def _wait_for(worker: int) -> int:
    """Wait for the worker's end and return its status; collects orphans on the way."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == worker:
            return status
