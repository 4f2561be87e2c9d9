"""Forks of one process: each is started again when it dies, and none outlives what started it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config.local import embedded
from config.local.state import ROOT
from tests.local.stack import eventually, kill

pytestmark = pytest.mark.slow


class Forks:
    """A supervisor with stand-ins for its kinds."""

    def __init__(self, output: Path, names: tuple[str, ...]) -> None:
        self.port = embedded.free_port()
        self.output = output
        with output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.local.forked_kinds", *names],
                cwd=ROOT,
                env=os.environ | {"PORT": str(self.port)},
                stdout=file,
                stderr=file,
            )
        self.family = psutil.Process(self.process.pid)

    @property
    def text(self) -> str:
        """What they have printed."""
        return self.output.read_text()

    def named(self, name: str) -> list[psutil.Process]:
        """The forks of one name, as the machine's list of processes has it."""
        return [each for each in self.family.children() if each.name() == f"parley-{name}"]

    def ask(self) -> int:
        """Which process answers."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as connection:
            return int(connection.makefile().readline())


def has_ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def forks(tmp_path: Path) -> Iterator[Callable[..., Forks]]:
    started: list[Forks] = []

    def start(*names: str, running: int) -> Forks:
        made = Forks(tmp_path / "output", names)
        started.append(made)
        assert eventually(lambda: len(made.text.splitlines()) >= running), made.text
        return made

    yield start
    for each in started:
        for process in [*each.family.children(), each.family] if each.process.poll() is None else []:
            kill(process)
        each.process.wait()


def test_each_fork_has_its_name_and_numbers_of_its_own(forks: Callable[..., Forks]) -> None:
    made = forks("answerer", "idler", "idler", running=3)
    assert [len(made.named(name)) for name in ("answerer", "idler", "idler2")] == [1, 1, 1]
    assert made.ask() == made.named("answerer")[0].pid
    assert len({line.split()[2] for line in made.text.splitlines()}) == 3


def test_a_fork_that_dies_is_started_again_and_callers_wait_meanwhile(forks: Callable[..., Forks]) -> None:
    made = forks("answerer", "idler", running=2)
    (first,), (idler,) = made.named("answerer"), made.named("idler")
    first.kill()
    assert eventually(lambda: has_ended(first))
    assert made.ask() not in {first.pid, made.process.pid}
    assert "answerer ended by itself (signal SIGKILL): it is started again in 0.5 s." in made.text
    idler.kill()
    assert eventually(lambda: [each for each in made.named("idler") if each != idler] != [])


def test_told_to_stop_all_stop_and_nobody_is_answered(forks: Callable[..., Forks]) -> None:
    made = forks("answerer", "idler", running=2)
    children = made.family.children()
    made.process.send_signal(signal.SIGTERM)
    assert made.process.wait(10) == 0
    assert all(map(has_ended, children))
    with pytest.raises(ConnectionRefusedError):
        made.ask()


def test_killed_it_takes_its_forks_along(forks: Callable[..., Forks]) -> None:
    made = forks("answerer", "idler", running=2)
    children = made.family.children()
    made.process.kill()
    made.process.wait()
    assert eventually(lambda: all(map(has_ended, children)))


def test_a_fork_that_dies_again_and_again_ends_all(forks: Callable[..., Forks]) -> None:
    made = forks("idler", "faller", running=1)
    (idler,) = made.named("idler")
    assert made.process.wait(30) == 1
    assert "faller ended by itself (exit code 3), 5 times within a minute." in made.text
    assert has_ended(idler)


def test_an_address_that_is_taken_is_named(forks: Callable[..., Forks]) -> None:
    made = forks("answerer", running=1)
    argv = [sys.executable, "-m", "tests.local.forked_kinds", "answerer", "idler"]
    environment = os.environ | {"PORT": str(made.port)}
    refused = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=20)
    assert refused.returncode == 1
    assert refused.stderr == f"Nothing can listen on 127.0.0.1, port {made.port}: Address already in use.\n"
