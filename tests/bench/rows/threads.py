"""A long conversation in Chromium: how long it takes to open, and what a page does for each message that arrives."""

from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection

from tests.bench.load import drive
from tests.bench.processes import stack
from tests.bench.rows.consoles import assign_talks, console_page
from tests.bench.rows.messages import BODY, CPU_RATE
from tests.bench.rows.pages import cpu_ms
from tests.bench.run import Run
from tests.bench.sockets import close_all
from tests.bench.table import Aim, Row, percentile
from tests.bench.world import HOST, Scene, in_bench, make_desk

MESSAGE = ".message[data-number]"
SETTLE_MS = 2000
FRAME_MS = 16
"""What a page may do between two pictures."""
FILL = """
INSERT INTO conversations_message (id, conversation_id, number, client_id, side, kind, body, created_at)
SELECT gen_random_uuid(), c.id, i, gen_random_uuid(), CASE WHEN i %% 3 = 0 THEN 'agent' ELSE 'customer' END, 'text',
    'Message ' || i || ': I have looked for the parcel, and nobody here has seen it.', c.first_arrived_at
FROM conversations_conversation c CROSS JOIN generate_series(c.last_number + 1, %(length)s) AS i
WHERE c.id = %(conversation)s
"""
WATCH = """
    window.work = [];
    const tick = (at) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { window.work.push(performance.now() - at); };
      channel.port2.postMessage(null);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
"""
"""How long each picture takes: from its beginning until the page is free again."""


async def measure(run: Run) -> None:
    """Open a short and a long conversation, by turns; then look at the long one while messages arrive."""
    with stack(run.directory) as processes:
        scene, desk = Scene(processes.port), await in_bench(make_desk)
        async with console_page(desk, scene) as console:
            await assign_talks(scene, desk, len(run.sizes.threads))
            for talk, length in zip(reversed(scene.talks), run.sizes.threads, strict=True):
                await in_bench(_fill, UUID(talk), length)
            home = f"http://{HOST}:{scene.port}/console"
            addresses = [f"{home}/c/{talk}/" for talk in reversed(scene.talks)]
            await _open(run, console.page, addresses)
            await _watch(run, console.page, addresses[-1], scene)
        await close_all(scene.widgets)


def _fill(conversation_id: UUID, length: int) -> None:
    """Lengthen a conversation to this many messages."""
    from apps.conversations.models import Conversation

    with connection.cursor() as cursor:
        cursor.execute(FILL, {"conversation": conversation_id, "length": length})
        Conversation.objects.filter(pk=conversation_id).update(last_number=length)
        cursor.execute("ANALYZE conversations_message")


async def _open(run: Run, page: Any, addresses: list[str]) -> None:
    usable: list[list[float]] = [[] for _ in addresses]
    for _ in range(run.sizes.loads):
        for address, found in zip(addresses, usable, strict=True):
            await page.goto(address)
            await page.wait_for_selector(MESSAGE)
            found.append(await page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
    short, long = (median(found) for found in usable)
    for length, figure, floor in zip(run.sizes.threads, (short, long), (None, short), strict=True):
        name = f"page: a conversation with {length:,} messages, usable after, p50"
        run.rows.append(Row(name, figure, "ms", floor, Aim(1.1) if floor else None))


async def _watch(run: Run, page: Any, address: str, scene: Scene) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    await page.goto(address)
    await page.wait_for_selector(MESSAGE)
    await page.wait_for_timeout(SETTLE_MS)
    await _scroll_back(page)
    await page.evaluate(WATCH)
    messages = page.locator(MESSAGE)
    shown, before = await messages.count(), await cpu_ms(session)
    outcome = await drive(_say_in(scene.talks[0]), scene.arrived, rate=CPU_RATE, seconds=run.sizes.cpu_seconds)
    spent = await cpu_ms(session) - before
    work = await page.evaluate("window.work")
    if (came := await messages.count() - shown) < len(outcome.sent):
        raise RuntimeError(f"{came} of {len(outcome.sent)} messages came to the page")
    name = f"page: a picture, {CPU_RATE:.0f} messages a second below {shown:,} shown"
    for share in (0.5, 0.99):
        aim = Aim(FRAME_MS, of_floor=False)
        run.rows.append(Row(f"{name}, p{share * 100:.0f}", percentile(work, share), "ms", aim=aim))
    run.rows.append(Row("  main thread, for each message", spent / len(outcome.sent), "ms"))


def _say_in(talk: str) -> Callable[[int, str], Awaitable[None]]:
    """What a customer writes in one conversation: past the socket, which would let one write no more than so much."""
    from apps.conversations.actions import message_post
    from apps.conversations.steps import MessageDraft

    async def send(_number: int, key: str) -> None:
        await in_bench(message_post, conversation_id=UUID(talk), draft=MessageDraft(UUID(key), BODY))

    return send


async def _scroll_back(page: Any) -> None:
    """Look at what was said long ago, so that much of it is held, and come back to the end."""
    thread = page.locator("#thread")
    for top in [0] * 10 + [10_000_000]:
        await thread.evaluate("(element, top) => { element.scrollTop = top; }", top)
        await page.wait_for_timeout(300)
