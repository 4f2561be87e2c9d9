"""What is started, how it is stopped, and what has become of it."""

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Protocol

from config.local.state import ROOT


@dataclass(frozen=True)
class Stop:
    """How to stop a process: a signal and how many seconds it gets to act on it, step by step, then SIGKILL.

    Attributes:
        keeps_data: it is not killed in a hurry either: that goes on to its last step, which gets its time.
    """

    steps: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 6.0),)
    keeps_data: bool = False

    @property
    def seconds(self) -> float:
        """How long it may take altogether."""
        return sum(seconds for _, seconds in self.steps)


class Process(Protocol):
    """A started process, as the standard library has it."""

    pid: int
    returncode: int | None
    stdin: IO[bytes] | None
    stdout: IO[bytes] | None


def do_nothing() -> None:
    """The work of a program that is a command."""


@dataclass(frozen=True)
class Program:
    """What to start. Programs of a higher tier stop first, those of one tier together."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    tier: int = 2
    stop: Stop = field(default_factory=Stop)
    cwd: Path = ROOT
    stdin: bytes = b""
    log: Path | None = None  # None: its lines go to our own output
    user: tuple[int, int] | None = None  # user and group to run as
    pass_fds: tuple[int, ...] = ()
    foreground: bool = False  # shares our terminal, input and output
    keep_output: bool = False  # collects its lines instead of printing them
    announces: bytes = b""  # begins the line by which it says that it is ready, and where
    port_variable: str = ""  # names the port that it announced, when it is started again
    work: Callable[[], None] = do_nothing  # what a fork of ours does, in place of a command
    before_restart: Callable[[], None] | None = None  # clears away what keeps a killed one from starting


@dataclass
class Child:
    """A started program."""

    program: Program
    process: Process
    colour: int
    returncode: int | None = None
    partial: bytes = b""
    output: list[bytes] = field(default_factory=list)
    announced: str = ""  # the rest of that line
    deaths: tuple[float, ...] = ()  # when it ended by itself of late, on the monotonic clock
    restart_at: float | None = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended: its number may be someone else's by now."""
        if self.returncode is None:
            os.kill(self.process.pid, number)

    def kill(self) -> None:
        """Kill it with all that it has started, ended or not."""
        self.signal(signal.SIGKILL)
        if not self.program.foreground:
            with suppress(ProcessLookupError):  # the usual case: nothing of the group is left
                os.killpg(self.process.pid, signal.SIGKILL)


def describe_exit(code: int) -> str:
    """Say how a process ended: `exit code 3` or `signal SIGKILL`."""
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def describe_end(child: Child) -> str:
    return f"{child.program.name} ended by itself ({describe_exit(child.returncode or 0)})"


def as_announced(child: Child) -> Program:
    """Return the program, to listen where it did."""
    port = child.announced.rpartition(":")[2]
    if not child.program.port_variable or not port:
        return child.program
    return replace(child.program, env={**child.program.env, child.program.port_variable: port})


def log_tail(child: Child) -> str:
    """Return the end of what it wrote, when that went to a file."""
    path = child.program.log
    if path is None:
        return ""
    lines = path.read_text(errors="replace").splitlines()[-8:]
    return "".join(f"\n    {line}" for line in [f"The end of {path}:", *lines])
