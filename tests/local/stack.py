"""Starts `python -m config.local` in a data directory of its own and looks at what runs there."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg

from config.local import embedded
from config.local.state import ROOT, read_state

# Counts the tables that earlier runs have made, and makes one.
COUNTING = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    (count,) = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    connection.execute(f"create table t{count} ()")
    print(count)
"""
COUNT_RUNS = (sys.executable, "-c", COUNTING)
PROCFILE = "web: python tests/local/forking_server.py\nidle: sleep ${SECONDS_TO_SLEEP:-600}\n"


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Wait for a condition; tell whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def processes_in(directory: Path) -> list[psutil.Process]:
    """Return the live processes that belong to a data directory."""
    return [process for process in psutil.process_iter() if _belongs(process, str(directory))]


def _belongs(process: psutil.Process, directory: str) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        # The servers' environment is bare, but they work inside the data directory.
        return process.environ().get("PARLEY_DATA_DIR") == directory or process.cwd().startswith(directory)
    except psutil.Error:
        return False


def kill(process: psutil.Process | subprocess.Popen[bytes]) -> None:
    """Kill one that may be gone already, since those beside it take each other along."""
    with suppress(psutil.NoSuchProcess):
        process.kill()


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


class Stack:
    """A Parley with a stand-in for its processes."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = embedded.free_port()
        self.procfile = directory.with_name(f"{directory.name}.Procfile")
        self.procfile.write_text(PROCFILE)
        self.output = directory.with_name(f"{directory.name}.output")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The caller's environment without its servers."""
        dropped = {"DATABASE_URL", "REDIS_URL", "HOST"}
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        return kept | {"PARLEY_DATA_DIR": str(self.directory), "PORT": str(self.port)}

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `config.local` to its end."""
        argv = [sys.executable, "-m", "config.local", *arguments]
        return subprocess.run(argv, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60)

    def up_command(self) -> list[str]:
        """The arguments of `up`."""
        return ["up", "--no-setup", "--procfile", str(self.procfile)]

    def launch(self) -> None:
        """Start it without waiting."""
        argv = [sys.executable, "-m", "config.local", *self.up_command()]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                argv, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        self.launch()
        assert eventually(lambda: "Parley is ready" in self.text or self.has_ended), self.text
        assert not self.has_ended, self.text

    @property
    def text(self) -> str:
        """What it has printed."""
        return self.output.read_text()

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def shield(self) -> psutil.Process:
        """The process that a person sees and kills."""
        assert self.process is not None
        return psutil.Process(self.process.pid)

    @property
    def worker(self) -> psutil.Process:
        """Its child, which does the work."""
        (child,) = self.shield.children()
        return child

    def child(self, name: str) -> psutil.Process:
        """A process that the worker started, by a part of its command line."""
        (found,) = [child for child in self.worker.children() if name in " ".join(child.cmdline())]
        return found

    def has_child(self, name: str, *, other_than: psutil.Process | None = None) -> bool:
        """Whether the worker runs a process of which this is a part of the command line."""
        return any(name in _command(child) for child in self.worker.children() if child != other_than)

    def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def kill_rest(self) -> None:
        """Clean up after a failed test, and what the servers keep outside of the data directory."""
        for process in processes_in(self.directory):
            kill(process)
        if self.process:
            self.process.wait()
        self.command("clean")

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().read() == b"ok"
        except OSError:
            return False
        finally:
            connection.close()

    def connects(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(read_state(self.directory)["database_url"], autocommit=True)
