"""A whole Parley in processes of its own, for tests that look from outside: each process can be killed, stopped and
started again on the same port.

The servers are the embedded ones, PostgreSQL with its promises kept (fsync on); the rest is one process of each kind,
each alone, as on a machine of its own. One group frame in twenty is lost on purpose. Should the tests be killed, the
kernel ends every process.
"""

import http.client
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from config.local import embedded, lock, state, tether
from config.local.processes import Manager
from config.local.programs import Child, Program
from config.local.state import ROOT, LocalError
from config.processes.kinds import KINDS
from tests.support import desk
from tests.support.office import Office
from tests.support.stack_logs import Logs

ARTIFACTS = ROOT / "test-artifacts"
LOSE = 0.05
SERVERS = ("postgres", "valkey")
START_SECONDS = 60.0


class QuietManager(Manager):
    """The process manager as a library: signals and children that are not its own are left alone."""

    def _listen(self) -> None:
        """The tests handle their own signals."""

    def _collect(self) -> None:
        """Collect our own children only: others' are theirs to wait for."""
        for child in self.children:
            if child.returncode is None:
                child.returncode = child.process.poll()

    def stop_ours(self) -> None:
        """Stop what we started; unlike `stop_all`, no other descendant of this process."""
        self._stop_together(self.children)
        self.children.clear()


class LoggedPostgres(embedded.Postgres):
    """The embedded PostgreSQL with its log where the tests want it."""

    log: Path

    def _program(self, port: int) -> Program:
        return replace(super()._program(port), log=self.log)


class LoggedValkey(embedded.Valkey):
    """The embedded Valkey with its log where the tests want it."""

    log: Path

    def _program(self, port: int) -> Program:
        return replace(super()._program(port), log=self.log)


class Stack:
    """A running Parley.

    Args:
        name: names its folder of logs.
        lose: share of group frames that the channel layer loses on purpose.
    """

    def __init__(self, name: str, *, lose: float = LOSE) -> None:
        self.directory = state.data_dir() / "stacks" / f"{name}-{os.getpid()}"
        self.logs = Logs(ARTIFACTS / name)
        self.port = 0
        self._lose = lose
        # One for each process: a manager waits for nothing more once any of its children has ended.
        self._managers: dict[str, QuietManager] = {}
        self._expected: list[str] = []
        self._lock: int | None = None

    # Life

    def start(self) -> None:
        """Start everything, with both tenants made.

        Raises:
            LocalError: something did not start.
        """
        _sweep(self.directory.parent)
        self.logs.clear()
        held = self._lock = lock.take(self.directory)
        self._postgres = LoggedPostgres(self.directory, for_tests=False, lock=held)
        self._valkey = LoggedValkey(self.directory, lock=held)
        self._server("postgres")
        self._server("valkey")
        self.port = embedded.free_port()
        self._run("migrate", "manage.py", "migrate_schemas", "--schema=public")
        self.office = self._office()
        self.office("public", desk.tenants_make)
        for name in self.processes:
            self._process(name)
        self.wait_healthy()

    def end(self) -> None:
        """Stop everything and remove its data; the logs stay."""
        with suppress(AttributeError):
            self.office.close()
        for name in sorted(self._managers, key=self._tier, reverse=True):
            if self.is_running(name):
                self.resume(name)
            self._managers.pop(name).stop_ours()
        if self._lock is not None:
            os.close(self._lock)
        _remove(self.directory)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the processes."""
        ours = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "HOST", "LOG_FORMAT", "LOG_LEVEL"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "DATABASE_URL": self._postgres.url,
            "REDIS_URL": self._valkey.url,
            "DATABASE_POOL_SIZE": "12",
            "PARLEY_DATA_DIR": str(self.directory),
            "PARLEY_LOSE_FRAMES": str(self._lose),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def processes(self) -> list[str]:
        """The names of the processes, each of a kind of its own."""
        return list(KINDS)

    # One process

    def begin(self, name: str) -> None:
        """Start a process that was killed or stopped, on the port it had; waits until servers and web answer."""
        if name in SERVERS:
            self._server(name)
        else:
            self._process(name)
        if name == "web":
            self.wait_healthy()

    def kill(self, name: str) -> None:
        """SIGKILL, and wait until it is gone; of PostgreSQL the postmaster alone, as a crash would."""
        child = self._child(name)
        child.signal(signal.SIGKILL)
        self._forget(name)

    def stop(self, name: str) -> None:
        """Stop a process as a deployment would."""
        child = self._child(name)
        child.signal(child.program.stop.steps[0][0])
        self._forget(name)

    def pause(self, name: str) -> None:
        """Freeze a process as it stands."""
        self._child(name).signal(signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Let a frozen process go on."""
        self._child(name).signal(signal.SIGCONT)

    def pid(self, name: str) -> int:
        """The process id."""
        return self._child(name).process.pid

    def is_running(self, name: str) -> bool:
        """Whether a process is alive."""
        return name in self._managers and self._child(name).process.poll() is None

    @contextmanager
    def another_web(self, *, lose: float) -> Iterator[int]:
        """A second web process beside the first, which loses another share of the frames.

        Yields:
            Its port.
        """
        port = embedded.free_port()
        env = self.environment | {"PORT": str(port), "PARLEY_LOSE_FRAMES": str(lose)}
        self._launch(Program("web2", alone("web"), env, log=self.logs.next("web2")))
        try:
            eventually(lambda: self.is_healthy(port), START_SECONDS, "the second web process does not answer")
            yield port
        finally:
            self._managers.pop("web2").stop_ours()

    @contextmanager
    def another_office(self, name: str) -> Iterator[Office]:
        """A further process that does what it is told, under a name by which it can be killed."""
        office = self._office(name)
        try:
            yield office
        finally:
            office.close()
            if manager := self._managers.pop(name, None):
                manager.stop_ours()

    def flush_valkey(self) -> None:
        """Empty the broker, buffers of every kind included."""
        import redis

        with redis.Redis.from_url(self._valkey.url) as client:
            client.flushall()

    # One test

    @contextmanager
    def watched(self) -> Iterator["Stack"]:
        """For the length of one test: everything runs again afterwards, and the logs hold no unexpected error."""
        self.logs.seen()
        self._expected = []
        try:
            yield self
        finally:
            self.mend()
        bad = self.logs.bad(self._expected)
        assert not bad, "\n".join(f"{entry.file}: {entry.text}" for entry in bad)

    def expect(self, *patterns: str) -> None:
        """Errors in the logs that this test brings about: regular expressions, found anywhere in the entry."""
        self._expected += patterns

    def mend(self) -> None:
        """Start what does not run."""
        for name in [*SERVERS, *self.processes]:
            if self.is_running(name):
                self.resume(name)
            else:
                self._managers.pop(name, None)
                self.begin(name)

    # Seen from outside

    def desk(self, schema: str = "acme", **wanted: Any) -> desk.Desk:
        """A fresh queue, widget and agents; see `desk.desk_make`."""
        made: desk.Desk = self.office(schema, desk.desk_make, schema, **wanted)
        return made

    def host(self, schema: str) -> str:
        """A tenant's host and port."""
        return f"{schema}.localhost:{self.port}"

    def wait_healthy(self) -> float:
        """Wait until the web process answers.

        Returns:
            The moment of its first answer, by the monotonic clock.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self.is_healthy():
            assert self.is_running("web"), f"web ended by itself:\n{self.logs.tail('web')}"
            assert time.monotonic() < deadline, f"web does not answer:\n{self.logs.tail('web')}"
            time.sleep(0.05)
        return time.monotonic()

    def is_healthy(self, port: int = 0) -> bool:
        """Whether the web process answers."""
        return self._says_ok("/healthz", port)

    def is_ready(self) -> bool:
        """Whether the web process answers, and reaches all that it needs."""
        return self._says_ok("/readyz")

    def _says_ok(self, path: str, port: int = 0) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    # How they are started

    def _server(self, name: str) -> None:
        """Start a server; after a kill PostgreSQL's orphaned backends may still hold its memory for a moment."""
        server = self._postgres if name == "postgres" else self._valkey
        port = server.port or None
        deadline = time.monotonic() + START_SECONDS
        while True:
            server.log, manager = self.logs.next(name), QuietManager()
            try:
                server.start(manager, port)
                break
            except LocalError:
                manager.stop_ours()
                if port is None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        assert port in {None, server.port}, f"{name} had to move from port {port}"
        self._managers[name] = manager

    def _process(self, name: str) -> None:
        self._launch(Program(name, alone(name), self.environment, log=self.logs.next(name)))

    def _office(self, name: str = "office") -> Office:
        ours, theirs = Pipe()
        program = Program(
            name=name,
            argv=[sys.executable, "-m", "tests.support.office", str(theirs.fileno())],
            env=self.environment,
            pass_fds=(theirs.fileno(),),
            log=self.logs.next(name),
        )
        self._launch(program)
        theirs.close()
        return Office(ours)

    def _run(self, name: str, *arguments: str) -> None:
        QuietManager().run_step(Program(name, [sys.executable, *arguments], self.environment, keep_output=True))

    def _launch(self, program: Program) -> None:
        manager = self._managers[program.name] = QuietManager()
        manager.start(program)

    def _child(self, name: str) -> Child:
        return self._managers[name].children[0]

    def _tier(self, name: str) -> int:
        return self._child(name).program.tier

    def _forget(self, name: str) -> None:
        child = self._child(name)
        child.process.wait(20)
        child.returncode = child.process.returncode
        child.kill()
        del self._managers[name]


def alone(kind: str) -> list[str]:
    """The command that runs one process of this kind, as on a machine of its own."""
    return [sys.executable, "-m", "config.processes", kind]


def _sweep(folder: Path) -> None:
    """Remove what killed test runs left behind."""
    for directory in folder.glob("*-*"):
        if not tether.is_alive(int(directory.name.rpartition("-")[2])):
            os.close(lock.take(directory))  # waits until the last server of that run is gone
            _remove(directory)


def _remove(directory: Path) -> None:
    shutil.rmtree(embedded.fallback_home(directory), ignore_errors=True)
    shutil.rmtree(directory, ignore_errors=True)  # another run may be at it, too


def eventually(condition: Callable[[], Any], seconds: float = 15.0, what: str = "") -> Any:
    """Wait until something is so, and return what the condition returned.

    Raises:
        AssertionError: it did not become so in time.
    """
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, what or "it did not come true in time"
        time.sleep(0.05)
    return found
