"""Two tenants at once through one pooled web process, a kill in between: never a row of the other."""

import asyncio

from tests.chaos.log_lines import EXPECTED
from tests.chaos.talks import talks_of
from tests.support import desk as office


async def test_two_tenants_at_once_never_see_a_row_of_the_other(stack):
    """TEN-1: pages, sockets and rows, while one process serves both over the same connections."""
    stack.expect(*EXPECTED["web"])
    async with talks_of(stack, 3, schema="acme") as acme, talks_of(stack, 3, schema="globex") as globex:
        both = (acme, globex)
        for talks in both:
            talks.write(0.4)
        await asyncio.gather(*(read_pages(talks) for talks in both))
        stack.kill("web")
        stack.begin("web")
        await asyncio.gather(*(talks.agents[0].up(30) for talks in both))
        await asyncio.gather(*(read_pages(talks) for talks in both))
        for talks in both:
            talks.silence()
        for talks, other in ((acme, globex), (globex, acme)):
            await talks.settled()
            talks.check()
            assert_own(talks, other, stack)


async def read_pages(talks, times=4):
    """An agent's pages name this tenant's customers and nobody else's conversations."""
    agent = talks.agents[0]
    own = {talk.id for talk in talks.talks}
    for _ in range(times):
        for path in ("/console/", "/console/tray/"):
            page = await asyncio.to_thread(agent.web.get, path)
            assert page.status == 200
            await agent.read_tray()
            assert set(agent.cards) == own


def assert_own(talks, other, stack):
    """Every line that anybody holds, and every row, is this tenant's; the other has none of these conversations."""
    schema = talks.desk.schema
    for page in (*talks.customers, *talks.agents):
        assert set(page.held) == set(page.conversations) <= {talk.id for talk in talks.talks}
    for talk in talks.talks:
        said = [line.body for line in stack.office(schema, office.transcript, talk.id) if line.kind == "text"]
        assert all(body == "hello" or body.startswith(schema) for body in said)
        assert stack.office(other.desk.schema, office.transcript, talk.id) == []
