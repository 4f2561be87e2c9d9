"""Somebody ends, the next of a long line rings: from the slot that became free to the frame on the agent's socket."""

import time
from uuid import UUID

from tests.bench.processes import stack
from tests.bench.run import Run
from tests.bench.sockets import close_all
from tests.bench.table import Row, percentile
from tests.bench.world import SLOTS, Scene, copies, in_bench


async def measure(run: Run) -> None:
    """Measure with nobody and with many waiting."""
    with stack(run.directory) as processes:
        scene = Scene(processes.port)
        await scene.open_consoles(1)
        for waiting in (run.sizes.freed + SLOTS, run.sizes.waiting):
            await in_bench(_stand_in_line, waiting, scene.desks[0].agent_id)
            taken = await _free_slots(scene, run.sizes.freed)
            for share in (0.5, 0.99):
                name = f"slot free to offer, {waiting:,} waiting, p{share * 100:.0f}"
                run.rows.append(Row(name, percentile(taken, share) * 1000, "ms", run.floor_ms(share)))
            await in_bench(_leave_line)
        await close_all(scene.consoles)


async def _free_slots(scene: Scene, count: int) -> list[float]:
    """End conversations one by one; seconds from each call to the next offer."""
    from apps.conversations.actions import conversation_end
    from apps.conversations.choices import Side

    await scene.until(lambda: len(scene.offers) >= SLOTS)
    taken = []
    for _ in range(count):
        ended, before = next(iter(scene.offers)), len(scene.offers)
        start = time.perf_counter()
        await in_bench(conversation_end, conversation_id=UUID(ended), by=Side.CUSTOMER, actor=None)
        await scene.until(lambda before=before: len(scene.offers) > before)  # type: ignore[misc]
        taken.append(scene.last_offer - start)
        del scene.offers[ended]
    scene.forget()
    return taken


def _stand_in_line(count: int, agent_id: UUID) -> None:
    """Conversations that wait, as if the agent had been away when they came; then the agent is back."""
    from apps.agents.actions import agent_status_choose
    from tests.support.people import arrive

    agent_status_choose(agent_id=agent_id, code="away")
    copies(arrive().pk, count - 1)
    agent_status_choose(agent_id=agent_id, code="available")


def _leave_line() -> None:
    """Everybody who waits or is offered goes."""
    from apps.conversations.actions import conversation_end
    from apps.conversations.choices import Side, State
    from apps.conversations.models import Conversation, Segment

    waiting = Conversation.objects.filter(state=State.WAITING)
    Segment.objects.filter(conversation__in=waiting.values("pk")).delete()
    waiting.delete()
    for pk in Conversation.objects.filter(state=State.OFFERED).values_list("pk", flat=True):
        conversation_end(conversation_id=pk, by=Side.CUSTOMER, actor=None)
