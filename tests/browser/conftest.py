"""One stack and one Chromium for the whole folder; every test has a desk and browsers of its own."""

import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from config.local.state import ROOT
from tests.browser.people import Agent, Customer, Watched
from tests.support import desk
from tests.support.proxy import Proxy
from tests.support.stack import ARTIFACTS, Stack

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TEST_SECONDS = 150
# A lost frame is made up for by the next sync, 5 s later; the machine may be busy.
expect.set_options(timeout=20_000)
OUTCOME = pytest.StashKey[bool]()
# A page that is closed or reloaded while it fetches something: the browser says so, and the server, too.
ALWAYS_EXPECTED = [r"net::ERR_ABORTED"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Keep whether the test failed, for the fixtures."""
    report = yield
    if report.when == "call":
        item.stash[OUTCOME] = report.failed
    return report


@pytest.fixture(scope="session")
def running_stack() -> Iterator[Stack]:
    """The stack, started once."""
    stack = Stack("browser")
    try:
        stack.start()
        yield stack
    finally:
        stack.end()


@pytest.fixture(scope="session")
def chromium(running_stack: Stack) -> Iterator[Browser]:
    """Chromium, started once. After the stack: what is forked must not inherit a running event loop."""
    path = subprocess.run([ROOT / "scripts/chromium.sh"], check=True, capture_output=True, text=True).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path.splitlines()[-1], args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def stack(running_stack: Stack) -> Iterator[Stack]:
    """The stack for one test: no log may hold an error that was not expected."""
    with running_stack.watched():
        yield running_stack


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    """Nothing waits for ever."""

    def too_long(_number: int, _frame: object) -> None:
        raise TimeoutError(f"the test took longer than {TEST_SECONDS} seconds")

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(TEST_SECONDS)
    yield
    signal.alarm(0)


class Stage:
    """Browsers of one test."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self.people: list[Watched] = []
        self.expected = list(ALWAYS_EXPECTED)

    def agent(self, **options: Any) -> Agent:
        """A fresh browser for an agent."""
        return self._enter(Agent, options)

    def customer(self, **options: Any) -> Customer:
        """A fresh browser for a customer."""
        return self._enter(Customer, options)

    def _enter(self, kind: Callable[..., Any], options: dict[str, Any]) -> Any:
        viewport = {"width": 1440, "height": 900}
        context = self._chromium.new_context(**{"viewport": viewport, "locale": "en-GB", **options})
        person = kind(context, f"{kind.__name__.lower()}-{len(self.people) + 1}", self.expected)
        self.people.append(person)
        return person

    def expect(self, *patterns: str) -> None:
        """Complaints of the browsers that this test brings about."""
        self.expected += patterns

    def complaints(self) -> list[str]:
        """What the browsers complain about that nobody expected."""
        return [
            f"{person.name}: {text}"
            for person in self.people
            for text in person.complaints
            if not any(re.search(pattern, text) for pattern in self.expected)
        ]

    def photograph(self, folder: Any) -> None:
        """What everybody sees."""
        folder.mkdir(parents=True, exist_ok=True)
        for person in self.people:
            if not person.page.is_closed():
                person.page.screenshot(path=folder / f"{person.name}.png")
            (folder / f"{person.name}.txt").write_text(
                "\n".join([person.page.url, *person.complaints, *person.refusals])
            )

    def close(self) -> None:
        """Everybody goes home."""
        for person in self.people:
            person.context.close()


@pytest.fixture
def stage(stack: Stack, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Fresh browsers; a failing test leaves what they showed, and the logs of the stack."""
    stage = Stage(chromium)
    yield stage
    failed = request.node.stash.get(OUTCOME, True)
    folder = ARTIFACTS / "failed" / re.sub(r"\W+", "_", request.node.name)
    if failed or stage.complaints():
        stage.photograph(folder)
        shutil.copytree(stack.logs.folder, folder / "logs", dirs_exist_ok=True)
    stage.close()
    assert not stage.complaints()


@pytest.fixture
def snoozes(stack: Stack) -> Iterator[None]:
    """Snooze is switched on in acme, any end included."""
    stack.office("acme", desk.snooze_set, is_on=True, allows_custom=True)
    yield
    stack.office("acme", desk.snooze_set, is_on=False, allows_custom=False)


@pytest.fixture
def cable(stack: Stack) -> Iterator[Proxy]:
    """A line to the web process that can be cut."""
    proxy = Proxy(stack.port).start()
    yield proxy
    proxy.stop()
