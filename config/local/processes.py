"""A small process manager: starts, watches and stops processes.

One thread, one loop. It is meant to run as the worker of `tether.shielded`, which covers what a process can't do
for itself: end its children when it is killed.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO

from config.local import tether
from config.local.programs import Child, Process, Program, as_announced, describe_end, describe_exit, log_tail
from config.local.state import LocalError

COLOURS = (36, 33, 32, 35, 34, 96, 93, 92)
NAME_WIDTH = 8
LONGEST_LINE = 65536
WAITS_QUIETLY = 5.0
"""Seconds for which a stop is waited for without a word, and between two words."""
DEATHS_ALLOWED = 4
"""Ends of one process within `DEATHS_WITHIN` after which it is started again; one more ends everything."""
DEATHS_WITHIN = 60.0
FIRST_PAUSE = 0.5
"""Seconds before a process that ended by itself is started again; each further end doubles them."""


class StopRequested(Exception):  # noqa: N818 - not an error
    """SIGTERM or Ctrl+C arrived while something was under way."""


class Manager:
    """Starts programs, passes on their output, notices their ends and stops them in order."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.selector = selectors.DefaultSelector()
        self.stop_requested = False
        self.hurry = False
        self.interrupt: Callable[[], None] = self._request_stop
        self.out: IO[bytes] | None = sys.stdout.buffer
        self.coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._listen()

    # Signals

    def _listen(self) -> None:
        """Let signals wake the loop."""
        reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self.selector.register(reader, selectors.EVENT_READ, None)
        tether.handle(signal.SIGTERM, lambda *_: self._request_stop())
        tether.handle(signal.SIGHUP, lambda *_: self._request_stop())
        tether.handle(signal.SIGINT, lambda *_: self.interrupt())
        tether.handle(signal.SIGQUIT, lambda *_: self._request_hurry())
        tether.handle(signal.SIGCHLD, lambda *_: None)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, tether.STOP_SIGNALS)

    def _request_stop(self) -> None:
        self.stop_requested = True

    def _request_hurry(self) -> None:
        self.stop_requested = self.hurry = True

    # Starting

    def start(self, program: Program) -> Child:
        """Start a program, tied to this process.

        Raises LocalError when its executable can't be started, StopRequested when we were told to stop.
        """
        child = self._launch(program, COLOURS[len(self.children) % len(COLOURS)])
        self.children.append(child)
        return child

    def _launch(self, program: Program, colour: int) -> Child:
        self._refuse_when_stopping()
        try:
            process = self._spawn(program)
        except OSError as error:
            raise LocalError(f"{program.name} could not be started: {error}.") from error
        if program.stop.keeps_data:
            tether.spare(process.pid, program.stop.seconds)
        child = Child(program, process, colour)
        if process.stdin:
            process.stdin.write(program.stdin)
            process.stdin.close()
        if process.stdout:
            os.set_blocking(process.stdout.fileno(), False)
            self.selector.register(process.stdout, selectors.EVENT_READ, child)
        return child

    def _spawn(self, program: Program) -> Process:
        uid, gid = program.user or (None, None)
        output = _open_log(program.log) if program.log else None if program.foreground else subprocess.PIPE
        try:
            return subprocess.Popen(
                program.argv,
                cwd=program.cwd,
                env=program.env,
                stdin=None if program.foreground else subprocess.PIPE if program.stdin else subprocess.DEVNULL,
                stdout=output,
                stderr=None if program.foreground else subprocess.STDOUT,
                # Its own session, so that the whole group can be killed and Ctrl+C reaches us alone.
                start_new_session=not program.foreground,
                preexec_fn=tether.tied(program.stop.steps[0][0]),
                user=uid,
                group=gid,
                extra_groups=None if uid is None else [],
                pass_fds=program.pass_fds,
            )
        finally:
            if isinstance(output, int) and output >= 0:
                os.close(output)

    def run_step(self, program: Program) -> None:
        """Run a program to its end; what it wrote is shown only when it fails.

        Raises LocalError when it fails, StopRequested when we were told to stop meanwhile.
        """
        child = self.start(program)
        while child.returncode is None:
            self.pump(1.0)
            self._refuse_when_stopping()
        self._drain(child)
        self.children.remove(child)
        if child.returncode:
            output = b"".join(child.output).decode(errors="replace").strip()
            raise LocalError(f"{program.name} failed ({describe_exit(child.returncode)}):\n{output}")

    def wait_until(self, condition: Callable[[], bool], seconds: float, what: str, pause: float = 0.02) -> None:
        """Keep the loop going until a condition holds.

        Raises LocalError when `seconds` pass first or a process ends, StopRequested when we were told to stop.
        """
        deadline = time.monotonic() + seconds
        while not condition():
            self.pump(pause)
            self._refuse_when_stopping()
            self.raise_for_ended()
            if time.monotonic() > deadline:
                raise LocalError(f"{what} took longer than {seconds:.0f} seconds.")

    def _refuse_when_stopping(self) -> None:
        if self.stop_requested:
            raise StopRequested

    # Watching

    def watch(self) -> None:
        """Keep the loop going until we are told to stop; start again what ends by itself, after a pause that grows.

        Raises LocalError, naming it, when a process ends once more than `DEATHS_ALLOWED` within `DEATHS_WITHIN`.
        """
        while not self.stop_requested:
            self.pump(self._next_restart())
            if not self.stop_requested:
                for child in [each for each in self.children if each.returncode is not None]:
                    self._restart(child)

    def _next_restart(self) -> float | None:
        """Return the seconds until the next process is to be started again, None when none is."""
        times = [child.restart_at for child in self.children if child.restart_at is not None]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _restart(self, child: Child) -> None:
        """Say that a process ended and when it is started again, or do that when the time has come."""
        now = time.monotonic()
        if child.restart_at is None:
            self._drain(child)
            # What it had started still holds its port.
            tether.kill_orphans([each.process.pid for each in self.children])
            child.deaths = (*(at for at in child.deaths if at > now - DEATHS_WITHIN), now)
            if len(child.deaths) > DEATHS_ALLOWED:
                raise LocalError(f"{describe_end(child)}, {len(child.deaths)} times within a minute.{log_tail(child)}")
            pause = FIRST_PAUSE * 2 ** (len(child.deaths) - 1)
            child.restart_at = now + pause
            self.say(f"parley: {describe_end(child)}: it is started again in {pause:g} s.")
        elif child.restart_at <= now:
            if child.program.before_restart:
                child.program.before_restart()
            again = self._launch(as_announced(child), child.colour)
            again.deaths = child.deaths
            self.children[self.children.index(child)] = again

    def raise_for_ended(self) -> None:
        """Raise LocalError when a process has ended, with what it last wrote if that went to a file."""
        for child in self.children:
            if child.returncode is not None:
                self._drain(child)
                raise LocalError(f"{describe_end(child)}.{log_tail(child)}")

    def pump(self, timeout: float | None) -> None:
        """Handle what has happened: output, ends and signals; wait up to `timeout` seconds for something to."""
        for key, _ in self.selector.select(timeout):
            if key.data is None:
                os.read(key.fd, 512)
            else:
                self._read(key.data)
        self._collect()

    def _collect(self) -> None:
        """Collect ended processes, orphans that we adopted included."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for child in self.children:
                if child.process.pid == pid:
                    child.returncode = child.process.returncode = os.waitstatus_to_exitcode(status)

    # Output

    def _read(self, child: Child) -> bool:
        """Read what there is; tell whether there may be more."""
        stream = child.process.stdout
        if stream is None or stream.closed:
            return False
        try:
            data = os.read(stream.fileno(), LONGEST_LINE)
        except BlockingIOError:
            return False
        lines = (child.partial + data).splitlines(keepends=True)
        complete = not lines or lines[-1].endswith(b"\n") or not data or len(lines[-1]) > LONGEST_LINE
        child.partial = b"" if complete else lines.pop()
        self._emit(child, lines)
        if not data:
            self.selector.unregister(stream)
            stream.close()
        return bool(data)

    def _drain(self, child: Child) -> None:
        while self._read(child):
            pass

    def _emit(self, child: Child, lines: list[bytes]) -> None:
        if child.program.keep_output:
            child.output.extend(lines)
            return
        if child.program.announces and not child.announced:
            child.announced = _announced(child.program.announces, lines)
        name = f"{child.program.name:<{NAME_WIDTH}} | "
        prefix = (f"\x1b[{child.colour}m{name}\x1b[0m" if self.coloured else name).encode()
        self._write(b"".join(prefix + line.rstrip(b"\r\n") + b"\n" for line in lines))

    def say(self, text: str) -> None:
        """Print a line of our own."""
        self._write(text.encode() + b"\n")

    def _write(self, data: bytes) -> None:
        if self.out is None or not data:
            return
        try:
            self.out.write(data)
            self.out.flush()
        except OSError:
            self.out = None  # nobody reads us any more: that is no reason to stop

    # Stopping

    def stop_all(self) -> None:
        """Stop everything, the highest tier first, and leave no descendant behind."""
        order = sorted(self.children, key=lambda child: child.program.tier)[::-1]
        for _, tier in groupby(order, key=lambda child: child.program.tier):
            self._stop_together(list(tier))
        self.children.clear()
        tether.end_descendants(0)

    def _stop_together(self, children: list[Child]) -> None:
        last = max(len(child.program.stop.steps) for child in children) - 1
        for step in range(last + 1):
            patience, keeps_data = 0.0, False
            for child in children:
                if step < len(child.program.stop.steps):
                    number, seconds = child.program.stop.steps[step]
                    child.signal(number)
                    patience = max(patience, seconds)
                    keeps_data |= child.program.stop.keeps_data
            self._wait_for_ends(children, patience, hurries=not (keeps_data and step == last))
        for child in children:
            if child.returncode is None:
                self.say(f"{child.program.name} did not stop in time and was killed.")
            child.kill()
        self._wait_for_ends(children, None)
        for child in children:
            self._drain(child)

    def _wait_for_ends(self, children: list[Child], patience: float | None, *, hurries: bool = True) -> None:
        """Wait for the ends of children; for `patience` seconds, less when we were told to hurry.

        Whoever watches is told now and then what is waited for.
        """
        begin = told = time.monotonic()
        self._collect()
        while waiting := [child.program.name for child in children if child.returncode is None]:
            now = time.monotonic()
            if patience is not None and ((self.hurry and hurries) or now > begin + patience):
                return
            if now > told + WAITS_QUIETLY:
                told = now
                self.say(f"Waiting for {', '.join(waiting)} to stop ({now - begin:.0f} s)")
            self.pump(0.1)


def _announced(begin: bytes, lines: Sequence[bytes]) -> str:
    found = next((line for line in lines if line.startswith(begin)), begin)
    return found.removeprefix(begin).decode(errors="replace").strip()


def _open_log(path: Path) -> int:
    """Open a log file anew, keeping the one of the last start beside it."""
    if path.exists():
        path.replace(path.with_name(f"{path.name}.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
