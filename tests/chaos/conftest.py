"""One stack for the whole folder; every test leaves it as whole as it found it."""

import signal
from collections.abc import Iterator

import pytest

from tests.chaos.size import TEST_SECONDS
from tests.support.stack import Stack


def _too_long(_number: int, _frame: object) -> None:
    raise TimeoutError(f"the test took longer than {TEST_SECONDS} seconds")


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    """Nothing waits for ever."""
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(TEST_SECONDS)
    yield
    signal.alarm(0)


@pytest.fixture(scope="session")
def running_stack() -> Iterator[Stack]:
    """The stack, started once."""
    stack = Stack("chaos")
    try:
        stack.start()
        yield stack
    finally:
        stack.end()


@pytest.fixture
def stack(running_stack: Stack) -> Iterator[Stack]:
    """The stack for one test: it ends with everything running, and with no error in a log that was not expected."""
    with running_stack.watched():
        yield running_stack
