"""What a message costs where consoles do what their pages do: one in a browser, then twenty without."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from tests.bench.browser import browser_open, console_context
from tests.bench.load import Outcome, highest_held
from tests.bench.page import ConsolePage
from tests.bench.processes import Processes, stack
from tests.bench.rows.messages import CPU_RATE, START_RATE, converse, talking
from tests.bench.run import Run
from tests.bench.sockets import close_all
from tests.bench.table import Aim, Row
from tests.bench.world import AT_ONCE, HOST, Desk, Scene, ask_until_taken, clear, in_bench, make_desk, start_frame
from tests.support.web import Web

SETTLE_SECONDS = 3
MOST_MS = 8
"""What a message may cost the whole stack beside a console."""
MOST_FETCHES = 0.05
"""Pages that a console may fetch for a message: what a lost frame or a reply clock brings about."""


@dataclass
class BrowserPage:
    """A console in a browser.

    Attributes:
        page: it.
        requests: addresses that it has asked for since it was usable.
    """

    page: Any
    requests: list[str] = field(default_factory=list)


async def measure(run: Run) -> None:
    """Measure beside a page with few conversations in the tray, and with many; then how much all of them hold."""
    for talks in run.sizes.tray:
        with stack(run.directory) as processes:
            await _beside_a_page(run, processes, talks)
        await asyncio.to_thread(clear)  # Its agent is not seen to be gone, and would be offered conversations.
    async with talking(run) as (_processes, scene), pages_of(scene) as pages:
        await _rate(run, scene, pages)


async def _rate(run: Run, scene: Scene, pages: list[ConsolePage]) -> None:
    trays = _trays(pages)
    outcome = await converse(scene, rate=CPU_RATE, seconds=run.sizes.cpu_seconds)
    fetches = (_trays(pages) - trays) / len(outcome.sent)
    floor = run.floor_ms(0.5)
    run.rows.append(Row(f"message among {len(pages)} consoles as pages, p50", outcome.ms(0.5), "ms", floor, Aim(1.5)))
    run.rows.append(Row("  trays that they fetched for each", fetches, "", aim=_at_most(MOST_FETCHES)))
    best = await highest_held(
        lambda rate: converse(scene, rate=rate, seconds=run.sizes.step_seconds),
        start=START_RATE,
        steps=run.sizes.steps,
    )
    held = best.rate if best else 0.0
    run.rows.append(Row("  highest rate held", held, "/s", run.floor_rate, Aim(0.5, at_least=True)))


def _trays(pages: list[ConsolePage]) -> int:
    return sum(page.trays for page in pages)


@contextlib.asynccontextmanager
async def pages_of(scene: Scene) -> AsyncIterator[list[ConsolePage]]:
    """The consoles of a scene, as pages of agents who have a conversation open."""
    pages = []
    for desk, socket in zip(scene.desks, scene.consoles, strict=True):
        web = Web(f"{HOST}:{scene.port}", scene.port)
        name, _sign, value = desk.cookie.partition("=")
        web.cookies[name] = value
        pages.append(ConsolePage(socket, web, scene.console_heard))
    for page in pages:
        await page.start()
    try:
        yield pages
    finally:
        for page in pages:
            await page.stop()


async def _beside_a_page(run: Run, processes: Processes, talks: int) -> None:
    scene, desk = Scene(processes.port), await in_bench(make_desk)
    async with console_page(desk, scene) as page:
        await assign_talks(scene, desk, talks)
        await converse(scene, rate=CPU_RATE, seconds=SETTLE_SECONDS)
        idle, _none = await run.spent(processes, asyncio.sleep(run.sizes.cpu_seconds))
        page.requests.clear()
        spent, outcome = await run.spent(processes, converse(scene, rate=CPU_RATE, seconds=run.sizes.cpu_seconds))
    await close_all(scene.widgets)
    _report(run, talks, page, outcome, {name: seconds - idle[name] for name, seconds in spent.items()})


def _report(run: Run, talks: int, page: BrowserPage, outcome: Outcome, spent: dict[str, float]) -> None:
    messages = len(outcome.sent)
    fetches = Row("  pages that it fetched for each", len(page.requests) / messages, "", aim=_at_most(MOST_FETCHES))
    each = sum(spent.values()) / messages * 1000
    name = f"CPU per message, a console with {talks} conversations open"
    run.rows += [Row(name, each, "ms", aim=_at_most(MOST_MS)), fetches]
    run.rows += [Row(f"  of it {each}", seconds / messages * 1000, "ms") for each, seconds in spent.items()]


def _at_most(limit: float) -> Aim:
    return Aim(limit, of_floor=False)


@contextlib.asynccontextmanager
async def console_page(desk: Desk, scene: Scene) -> AsyncIterator[BrowserPage]:
    """A signed-in agent's console, open in Chromium.

    Args:
        desk: the agent's.
        scene: where it stands; it is told what the page's socket hears.
    """
    async with browser_open() as browser:
        context, address = await console_context(browser, scene, desk)
        page = await context.new_page()
        found = BrowserPage(page)
        page.on("websocket", lambda socket: socket.on("framereceived", lambda text: _heard(scene, text)))
        await page.goto(address)
        await page.get_by_role("dialog").get_by_role("button", name="Mark as Available").wait_for()
        page.on("request", lambda request: found.requests.append(request.url))
        yield found


def _heard(scene: Scene, text: str | bytes) -> None:
    scene.console_heard(time.perf_counter(), msgspec.json.decode(text))


async def assign_talks(scene: Scene, desk: Desk, count: int) -> None:
    """Open so many customer pages, each in a conversation that the agent was assigned."""
    widgets = await scene.open_widgets(count)
    for start in range(0, count, AT_ONCE):
        acks = await asyncio.gather(
            *(ask_until_taken(each, start_frame()) for each in widgets[start : start + AT_ONCE])
        )
        ids = [ack["conversation"]["id"] for ack in acks]
        await in_bench(_assign, ids, desk.agent_id)
        scene.talks += ids


def _assign(conversation_ids: list[str], agent_id: UUID) -> None:
    from apps.accounts.models import Role, User
    from apps.routing.actions import conversation_assign

    boss, _made = User.objects.get_or_create(
        email="boss@bench.test", defaults={"role": Role.objects.get(code="owner"), "first_name": "Boss"}
    )
    for conversation_id in conversation_ids:
        conversation_assign(conversation_id=UUID(conversation_id), agent_id=agent_id, actor=boss)
