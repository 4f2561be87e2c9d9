"""The stack as the Procfile runs it, forked from one process: each fork comes back, and none outlives the one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil

from config.local import embedded
from config.local.programs import Program
from config.processes.kinds import KINDS
from tests.chaos.log_lines import EXPECTED
from tests.support.stack import START_SECONDS, eventually


@contextmanager
def forked(stack: Any) -> Iterator[psutil.Process]:
    """A second stack on the same servers, until the block ends."""
    port = embedded.free_port()
    environment = stack.environment | {"PORT": str(port)}
    argv = [sys.executable, "-m", "config.processes"]
    stack._launch(Program("app", argv, environment, log=stack.logs.next("app")))
    try:
        eventually(lambda: stack.is_healthy(port), START_SECONDS, "the forked web process does not answer")
        yield psutil.Process(stack.pid("app"))
    finally:
        stack._managers.pop("app").stop_ours()


def forks_of(app: psutil.Process) -> dict[str, psutil.Process]:
    """The forks that are there now, by name."""
    found = {}
    for process in app.children():
        with suppress(psutil.NoSuchProcess):
            found[process.name().removeprefix("parley-")] = process
    return found


def kill_one(app: psutil.Process, kind: str) -> None:
    """Kill a fork: it comes back, and the others stay as they were."""
    before = forks_of(app)
    before[kind].kill()
    eventually(lambda: forks_of(app).get(kind) not in {None, before[kind]}, 20, f"{kind} did not come back")
    assert {**forks_of(app), kind: None} == {**before, kind: None}


def test_each_fork_that_is_killed_comes_back_and_killed_itself_the_one_takes_all_along(stack: Any) -> None:
    stack.expect(*EXPECTED["web"])
    with forked(stack) as app:
        port = int(app.environ()["PORT"])
        eventually(lambda: set(forks_of(app)) == set(KINDS), START_SECONDS, "not all were forked")
        for kind in KINDS:
            kill_one(app, kind)
        eventually(lambda: stack.is_healthy(port), 20, "the web process does not answer")
        forks = forks_of(app)
        app.kill()
        _gone, alive = psutil.wait_procs(forks.values(), 20)
        assert not alive
