"""Each process is killed amid running conversations: what was acknowledged is stored, once, and everybody sees it.

Of what was written but not acknowledged, either may be true until the sender tries again; then it is stored once, too.
"""

import asyncio

import pytest

from tests.chaos.log_lines import EXPECTED
from tests.chaos.talks import talks_of
from tests.support import desk as office
from tests.support.clients import ConsoleClient, WidgetClient, all_of


@pytest.mark.parametrize("name", ["web", "worker", "timers", "valkey", "postgres"])
async def test_killed_under_load_nothing_acknowledged_is_lost_or_doubled(stack, name, record_property):
    """CHAT-10, RTE-7, WRP-2: and every conversation can be finished, its slot is free, the next in line is served."""
    stack.expect(*EXPECTED[name])
    async with talks_of(stack, 6, agents=2) as talks:
        waiting = await talks.customer()
        await waiting.begin("I come after them")
        talks.write()
        await asyncio.sleep(1.5)
        stack.kill(name)
        await asyncio.sleep(1.5)
        stack.begin(name)
        talks.silence()
        seconds = await talks.settled()
        written = talks.check()
        assert talks.states() == ["active"] * 6
        record_property("seconds", round(seconds, 2))
        print(f"{name}: {written} messages, everybody up to date {seconds:.1f} s after it was back")
        await talks.finish()
        await waiting.until(lambda: waiting.conversations[waiting.conversation]["state"] == "active", 30)
        assert sum(stack.office("acme", office.agent_look, each.id)["used"] for each in talks.desk.agents) == 1
        stack.office("acme", office.check)


async def test_a_conversation_is_stored_and_offered_while_the_broker_is_away(stack):
    """Storing and routing need the database alone; screens learn of it once the broker is back."""
    stack.expect(*EXPECTED["valkey"])
    desk = stack.desk()
    agent = await ConsoleClient("acme", desk.agent, stack.port).sign_in()
    customer = WidgetClient(desk, stack.port)
    async with all_of(agent, customer):
        await agent.up()
        await customer.up()
        await agent.choose("available")
        stack.kill("valkey")
        beginning = asyncio.create_task(customer.begin("is anybody there?"))
        (opened,) = await customer.until(lambda: stack.office("acme", office.conversations_of, desk.queue), 30)
        await agent.until(lambda: stack.office("acme", office.agent_look, desk.agent.id)["ringing"] == [opened], 30)
        stack.begin("valkey")
        assert await beginning == opened
        await customer.until(lambda: customer.conversations[opened]["state"] == "active", 30)
