"""Chromium, as pages are opened in it: the same that the tests' stories use."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from config.local.state import ROOT
from tests.bench.world import HOST, Desk, Scene

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
VIEWPORT = {"width": 1440, "height": 900}


@asynccontextmanager
async def browser_open() -> AsyncIterator[Any]:
    """A browser, closed at the end."""
    from playwright.async_api import async_playwright

    found = await asyncio.to_thread(subprocess.check_output, [ROOT / "scripts/chromium.sh"], text=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found.split()[-1], args=FLAGS)
        yield browser
        await browser.close()


async def console_context(browser: Any, scene: Scene, desk: Desk) -> tuple[Any, str]:
    """A window with a cache of its own in which an agent is signed in, and the address of their console."""
    address = f"http://{HOST}:{scene.port}/console/"
    context = await browser.new_context(viewport=VIEWPORT)
    name, _, value = desk.cookie.partition("=")
    await context.add_cookies([{"name": name, "value": value, "url": address}])
    return context, address
