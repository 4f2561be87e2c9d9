"""Conversations in which both sides keep writing, and what must be true of them afterwards."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tests.support import desk as office
from tests.support.clients import ConsoleClient, WidgetClient
from tests.support.desk import Desk
from tests.support.stack import Stack

CATCH_UP_SECONDS = 30.0
"""How long we wait, on a machine that may be busy with other things; how long it took is printed, not judged."""


@dataclass
class Talk:
    """One conversation: the customer's page and the agent's."""

    id: str
    customer: WidgetClient
    agent: ConsoleClient


class Talks:
    """Conversations of one desk, each with an agent who has accepted it.

    Args:
        stack: where they are held.
        desk: its queue, widget and agents.
        count: how many; the agents must have as many slots.
    """

    def __init__(self, stack: Stack, desk: Desk, count: int) -> None:
        self.stack, self.desk, self.count = stack, desk, count
        self.agents: list[ConsoleClient] = []
        self.customers: list[WidgetClient] = []
        self.talks: list[Talk] = []
        self._writers: list[asyncio.Task[None]] = []
        self._pages = contextlib.AsyncExitStack()

    async def __aenter__(self) -> "Talks":
        self.agents = [await self.console(person) for person in self.desk.agents]
        self.customers = [await self.customer() for _ in range(self.count)]
        for customer in self.customers:
            await customer.begin("hello")
        for customer in self.customers:
            self.talks.append(await self._talk(customer))
        return self

    async def __aexit__(self, *_failure: object) -> None:
        for writer in self._writers:
            writer.cancel()
        await self._pages.aclose()

    async def console(self, person: office.Person, *, port: int = 0) -> ConsoleClient:
        """An agent signs in, opens the console and is Available."""
        client = ConsoleClient(self.desk.schema, person, port or self.stack.port)
        await self._pages.enter_async_context(await client.sign_in())
        await client.up()
        await client.choose("available")
        return client

    async def customer(self) -> WidgetClient:
        """A customer opens the page."""
        client = await self._pages.enter_async_context(WidgetClient(self.desk, self.stack.port))
        await client.up()
        return client

    async def _talk(self, customer: WidgetClient) -> Talk:
        conversation = customer.conversation

        def holder() -> ConsoleClient | None:
            return next((each for each in self.agents if each.cards.get(conversation) == "active"), None)

        return Talk(conversation, customer, await customer.until(holder, 30, "nobody accepted"))

    # --- Writing

    def write(self, pause: float = 0.5) -> None:
        """Let both sides of every conversation write until `silence`."""
        sides = [side for talk in self.talks for side in ((talk, talk.customer), (talk, talk.agent))]
        self._writers = [asyncio.create_task(self._write(talk.id, page, pause)) for talk, page in sides]

    async def _write(self, conversation: str, page: WidgetClient | ConsoleClient, pause: float) -> None:
        for number in range(10_000):
            page.say(conversation, f"{self.desk.schema} {number}")
            await asyncio.sleep(pause)

    def silence(self) -> None:
        """Nobody writes any more; what was written may still be on its way."""
        for writer in self._writers:
            writer.cancel()
        self._writers = []

    # --- What must be true

    async def settled(self, seconds: float = CATCH_UP_SECONDS) -> float:
        """Wait until every message is stored and every page shows exactly what the database holds.

        Returns:
            How long it took.
        """
        began = time.monotonic()
        pages = [*self.customers, *self.agents]
        deadline = began + seconds
        while any(page.unsettled for page in pages):
            assert time.monotonic() < deadline, [
                (page.connects, page.unsettled[:3]) for page in pages if page.unsettled
            ]
            await asyncio.sleep(0.02)
        for talk in self.talks:
            stored = self.stack.office(self.desk.schema, office.transcript, talk.id)
            for page in (talk.customer, talk.agent):
                while page.lines(talk.id) != stored:
                    assert time.monotonic() < deadline, (page.connects, page.last(talk.id), len(stored))
                    await asyncio.sleep(0.02)
        return time.monotonic() - began

    def check(self) -> int:
        """Nothing is stored twice, out of number or not at all; nothing was ever shown differently.

        Returns:
            How many messages were written and acknowledged.
        """
        written = 0
        for talk in self.talks:
            stored = self.stack.office(self.desk.schema, office.transcript, talk.id)
            assert [line.number for line in stored] == list(range(1, len(stored) + 1))
            assert max(Counter(line.client_id for line in stored).values()) == 1
            numbers = {line.client_id: line.number for line in stored}
            for side, page in (("customer", talk.customer), ("agent", talk.agent)):
                mine = [entry for entry in page.sent if entry.conversation == talk.id]
                assert [entry.number for entry in mine] == [numbers[entry.client_id] for entry in mine]
                # As often as they were written, and in that order.
                bodies = Counter(entry.body for entry in mine)
                assert bodies == Counter(line.body for line in stored if line.side == side and line.body in bodies)
                assert sorted(entry.number or 0 for entry in mine) == [entry.number for entry in mine]
                assert not page.conflicts
                written += len(mine)
        self.stack.office(self.desk.schema, office.check)
        return written

    async def finish(self) -> None:
        """End every conversation, half by each side, and wrap it up; all slots are free then."""
        for number, talk in enumerate(self.talks):
            if number % 2:
                await talk.customer.end()
            else:
                await talk.agent.end(talk.id)
            await talk.agent.wrap_up(talk.id)
            look = self.stack.office(self.desk.schema, office.look, talk.id)
            assert (look["state"], look["holds"]) == ("closed", [])
            assert look["dispositions"] == [("Resolution", "Resolved")]
            await talk.customer.until(lambda talk=talk: talk.customer.conversations[talk.id]["state"] == "closed")

    def states(self) -> list[str]:
        """Where every conversation stands."""
        return [self.stack.office(self.desk.schema, office.look, talk.id)["state"] for talk in self.talks]


@contextlib.asynccontextmanager
async def talks_of(stack: Stack, count: int, *, schema: str = "acme", agents: int = 1) -> AsyncIterator[Talks]:
    """So many conversations of a fresh desk, all slots of its agents taken."""
    desk = stack.desk(schema, agents=agents, slots=-(-count // agents))
    async with Talks(stack, desk, count) as talks:
        yield talks
