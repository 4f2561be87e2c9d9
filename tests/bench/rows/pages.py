"""What a page costs to load, in Chromium: requests, bytes on the wire, and the time until its scripts have run."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench.browser import VIEWPORT, browser_open, console_context
from tests.bench.processes import stack
from tests.bench.run import Run
from tests.bench.sockets import close_all
from tests.bench.table import Aim, Row
from tests.bench.world import HOST, Scene, copies, in_bench

SITE = (
    '<!DOCTYPE html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,">'
    '<script src="http://{home}/widget.js" data-channel="{key}" async></script></head><body><h1>Shop</h1></body></html>'
)
HEARS = """
    window.Parley = {queue: [
      ["on", "ready", () => { window.launcherAt = performance.now(); }],
      ["on", "open", () => { window.openAt = performance.now(); }],
    ]};
    addEventListener("click", () => { window.clickAt = performance.now(); }, {capture: true});
    addEventListener("message", ({data}) => { if (data.parley === "ready") window.frameAt = performance.now(); });
"""
QUIET_MS = 600
"""For so long nothing more may be asked for, before a page counts as loaded."""


@dataclass
class Cost:
    """What one load took.

    Attributes:
        requests: that went out; what came of the browser's cache is none.
        kib: that came, headers included.
        ms: until it was usable.
        cpu_ms: of the page's main thread, frames of its own site included.
    """

    requests: int = 0
    kib: float = 0
    ms: float = 0
    cpu_ms: float = 0


async def measure(run: Run) -> None:
    """Load the console and a site with the widget, again and again, each time with an empty cache and once more."""
    with stack(run.directory) as processes:
        scene = Scene(processes.port)
        await scene.open_consoles(1)
        few, many = run.sizes.tray
        await scene.open_talks(few)
        async with browser_open() as browser:
            await _console(run, browser, scene, few)
            await in_bench(copies, scene.talks[0], many - few)
            await _console(run, browser, scene, many)
            await _widget(run, browser, scene)
        await close_all([*scene.widgets, *scene.consoles])


async def _console(run: Run, browser: Any, scene: Scene, talks: int) -> None:
    cold: list[Cost] = []
    warm: list[Cost] = []
    for _ in range(run.sizes.loads):
        context, address = await console_context(browser, scene, scene.desks[0])
        page = await context.new_page()
        for costs in (cold, warm):
            costs.append(await _counted(page, lambda page=page, at=address: _open_console(page, at)))
        await context.close()
    title = f"console, {talks} conversations"
    _show(run, f"{title}, cold", cold, Aim(15, of_floor=False), Aim(120, of_floor=False))
    _show(run, f"{title}, warm", warm)


async def _open_console(page: Any, address: str) -> float:
    """Modules have run once the document is complete: from then on every click is answered."""
    await page.goto(address)
    await page.wait_for_timeout(QUIET_MS)
    usable: float = await page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    return usable


async def _widget(run: Run, browser: Any, scene: Scene) -> None:
    site = SITE.format(home=f"{HOST}:{scene.port}", key=scene.key)
    costs: dict[str, list[Cost]] = {each: [] for each in ("cold", "cold, click", "warm", "warm, click")}
    async with _served(site) as address:
        for _ in range(run.sizes.loads):
            context = await browser.new_context(viewport=VIEWPORT)
            page = await context.new_page()
            await page.add_init_script(HEARS)
            for state in ("cold", "warm"):
                costs[state].append(await _counted(page, lambda page=page: _open_site(page, address)))
                costs[f"{state}, click"].append(await _counted(page, lambda page=page: _click_launcher(page)))
                await page.evaluate("Parley.close()")
                await page.wait_for_timeout(QUIET_MS)
            await context.close()
    for state, found in costs.items():
        _show(run, f"widget, {state}", found)


@asynccontextmanager
async def _served(page: str) -> AsyncIterator[str]:
    """A customer's site of one page, of an origin of its own.

    Yields:
        Its address.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = page.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://{HOST}:{server.sockets[0].getsockname()[1]}/"


async def _open_site(page: Any, address: str) -> float:
    await page.goto(address)
    await page.wait_for_function("window.launcherAt")
    await page.wait_for_timeout(QUIET_MS)
    launcher: float = await page.evaluate("window.launcherAt")
    return launcher


async def _click_launcher(page: Any) -> float:
    await page.get_by_role("button", name="Open chat").click()
    await page.wait_for_function("window.openAt && window.frameAt")
    await page.wait_for_timeout(QUIET_MS)
    opened: float = await page.evaluate("Math.max(window.openAt, window.frameAt) - window.clickAt")
    return opened


async def _counted(page: Any, load: Callable[[], Awaitable[float]]) -> Cost:
    """What goes over the wire while a page does something, and what it costs the browser."""
    cost = Cost()
    session = await page.context.new_cdp_session(page)
    cached: set[str] = set()

    def heard(event: dict[str, Any]) -> None:
        response = event["response"]
        if response.get("fromDiskCache") or response.get("fromPrefetchCache"):
            cached.add(event["requestId"])
        if event["requestId"] not in cached and response["url"].startswith("http"):
            cost.requests += 1

    def came(event: dict[str, Any]) -> None:
        if event["requestId"] not in cached:
            cost.kib += event["encodedDataLength"] / 1024

    session.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    session.on("Network.responseReceived", heard)
    session.on("Network.loadingFinished", came)
    await session.send("Network.enable")
    await session.send("Performance.enable")
    before = await cpu_ms(session)
    cost.ms = await load()
    cost.cpu_ms = await cpu_ms(session) - before
    await session.detach()
    return cost


async def cpu_ms(session: Any) -> float:
    """What a page's main thread has done so far, in milliseconds."""
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration")) * 1000


def _show(run: Run, name: str, costs: list[Cost], requests: Aim | None = None, kib: Aim | None = None) -> None:
    run.rows += [
        Row(f"page: {name}, usable after, p50", median(each.ms for each in costs), "ms"),
        Row("  requests", median(each.requests for each in costs), "", aim=requests),
        Row("  on the wire", median(each.kib for each in costs), "KiB", aim=kib),
        Row("  main thread, p50", median(each.cpu_ms for each in costs), "ms"),
    ]
