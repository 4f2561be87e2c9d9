"""Starts what is measured as processes of their own, and stops them whatever happens."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config.local import tether
from config.local.embedded import free_port
from config.local.procfile import read_procfile
from config.local.state import ROOT

START_SECONDS = 60
STOP_SECONDS = 8


class Processes:
    """Named processes; a `with` block's end stops them.

    Attributes:
        pids: process ids by name.
        port: where the web process listens.
    """

    def __init__(self, commands: Mapping[str, list[str]], env: Mapping[str, str], log: Path, port: int) -> None:
        self.port = port
        self._commands = commands
        self._env = env
        self._log = log
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._running.items()}

    def start(self) -> None:
        """Start all, and wait until the web process answers.

        Raises:
            RuntimeError: one ended, or nothing answered in time.
        """
        with self._log.open("wb") as log:
            for name, argv in self._commands.items():
                self._running[name] = self._spawn(argv, log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            self.check()
            if time.monotonic() > deadline:
                raise RuntimeError(f"nothing answered on port {self.port}:\n{self._tail()}")
            time.sleep(0.05)

    def check(self) -> None:
        """Raise RuntimeError when a process has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended by itself ({process.returncode}):\n{self._tail()}")

    def stop(self) -> None:
        """Stop all; what does not go by itself is killed."""
        for process in self._running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()

    def _spawn(self, argv: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            argv,
            cwd=ROOT,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tether.tied(signal.SIGTERM),
        )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])


@contextmanager
def started(commands: Mapping[str, list[str]], env: Mapping[str, str], log: Path, port: int) -> Iterator[Processes]:
    """Start these processes for as long as the block lasts."""
    processes = Processes(commands, env, log, port)
    try:
        processes.start()
        yield processes
    finally:
        processes.stop()


@contextmanager
def stack(directory: Path) -> Iterator[Processes]:
    """Parley as its Procfile starts it.

    Args:
        directory: for the processes' output.
    """
    port = free_port()
    env = os.environ | {"PORT": str(port), "LOG_LEVEL": "WARNING"}
    with started(dict(read_procfile(ROOT / "Procfile", env)), env, directory / "stack.log", port) as processes:
        yield processes


@contextmanager
def floor_server(directory: Path) -> Iterator[Processes]:
    """The empty path, served by the very server that serves Parley."""
    port = free_port()
    env = os.environ | {"PORT": str(port), "DJANGO_SETTINGS_MODULE": ""}
    with started(
        {"floor": [sys.executable, "-m", "tests.bench.floor"]}, env, directory / "floor.log", port
    ) as processes:
        yield processes
