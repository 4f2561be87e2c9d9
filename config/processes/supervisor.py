"""Keeps forks of this process running: started, watched, started again, stopped in order.

The work is that of `config.local.processes.Manager`; what is new here is that a program is a function of ours and not a
command. Linux only where the tie to the parent's life is concerned, as there.
"""

import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

from config.local import tether
from config.local.processes import Manager, StopRequested
from config.local.programs import Program
from config.processes.kinds import Kind, Listening, Work

log = logging.getLogger(__name__)


@dataclass
class Fork:
    """A forked process, as far as the manager asks about it; its lines go to our own output."""

    pid: int
    returncode: int | None = None
    stdin: IO[bytes] | None = None
    stdout: IO[bytes] | None = None


class Supervisor(Manager):
    """Runs processes as forks of this one: all that it has loaded is theirs, in memory once.

    A process that ends by itself is started again after a pause that grows. Should this one be killed, the kernel tells
    every fork to stop.

    Args:
        works: what the processes do, by the name of their kind.
    """

    def __init__(self, works: Mapping[str, Work]) -> None:
        super().__init__()
        self.works = works
        self.listening: dict[str, Listening] = {}

    def supervise(self, kinds: Mapping[Kind, int]) -> None:
        """Run so many processes of each kind until told to stop, and stop them.

        Raises:
            LocalError: an address is taken, or one process ended again and again; the others have been stopped.
        """
        try:
            self.listening = {kind.name: kind.listen() for kind in kinds}
            for kind, count in kinds.items():
                for number in range(count):
                    self.start(Program(f"{kind.name}{number + 1 if number else ''}", (), {}, work=self._work_of(kind)))
            self.watch()
        except StopRequested:
            pass
        finally:
            # Nobody shall wait for an answer of processes that stop.
            self._close_except("")
            self.stop_all()

    def say(self, text: str) -> None:
        """Log a line of our own."""
        log.warning(text.removeprefix("parley: "))

    def _work_of(self, kind: Kind) -> Callable[[], None]:
        return lambda: self.works[kind.name](self._close_except(kind.name))

    def _close_except(self, name: str) -> Listening:
        """Close the sockets of other kinds, and return that of this one."""
        for other, listening in self.listening.items():
            if listening and other != name:
                listening.close()
        return self.listening.get(name)

    def _spawn(self, program: Program) -> Fork:
        parent = os.getpid()
        with tether.blocked_signals():
            pid = os.fork()
            if pid == 0:
                self._become(program, parent)
        return Fork(pid)

    def _become(self, program: Program, parent: int) -> None:
        """Do a program's work in the forked process; never returns."""
        code = 1
        try:
            self._leave_behind()
            tether.tie_to(parent, program.stop.steps[0][0])
            tether.name_process(program.name)
            program.work()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        except BaseException:  # nothing may escape into the parent's half of the program
            sys.excepthook(*sys.exc_info())
        finally:
            tether.flush_output()
            os._exit(code)

    def _leave_behind(self) -> None:
        """Let go of what is the parent's: its handlers, its loop, and signals that were held back for the fork."""
        signal.set_wakeup_fd(-1)
        for number in (*tether.STOP_SIGNALS, signal.SIGQUIT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.selector.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, tether.STOP_SIGNALS)
