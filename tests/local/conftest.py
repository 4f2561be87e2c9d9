import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.local.stack import Stack


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that every user can traverse, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="parley-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def make_stack(place: Path) -> Iterator[Callable[[str], Stack]]:
    stacks: list[Stack] = []

    def make(name: str) -> Stack:
        stacks.append(Stack(place / name))
        return stacks[-1]

    yield make
    for stack in stacks:
        stack.kill_rest()


@pytest.fixture
def stack(make_stack: Callable[[str], Stack]) -> Stack:
    return make_stack("data")
