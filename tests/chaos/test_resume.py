"""Whoever comes back gets everything that was missed, in order, once, however long it was."""

import asyncio

import pytest

from tests.chaos.talks import talks_of
from tests.support import desk as office

LONG = "\N{GRINNING FACE}" * 9900
"""As many bytes as one message can have: 300 of them are more than the kernel keeps for a page that does not read."""


@pytest.mark.parametrize(
    ("away", "missed", "flush"),
    [
        pytest.param(2.0, 6, False, id="2s"),
        # More than one sync and one welcome can carry: what half a minute of haste brings.
        pytest.param(0.5, 260, False, id="30s"),
        pytest.param(0.5, 120, True, id="a_night"),
    ],
)
async def test_both_sides_resume_without_a_gap(stack, away, missed, flush):
    """CHAT-10: pages closed, others write on; with the broker emptied nothing but the numbers can help."""
    stack.expect(r"connection to client lost")
    async with talks_of(stack, 2) as talks:
        first, agent = talks.talks[0], talks.agents[0]
        talks.write(0.1)
        await asyncio.sleep(1)
        talks.silence()
        await talks.settled()
        await first.customer.leave()
        await agent.leave()
        await asyncio.to_thread(stack.office, "acme", office.talk, first.id, missed)
        if flush:
            stack.flush_valkey()
        await asyncio.sleep(away)
        await first.customer.come_back()
        await agent.come_back()
        await talks.settled()
        talks.check()
        assert first.customer.last(first.id) > missed


async def test_a_page_that_was_cut_sends_what_it_had_written(stack):
    """CHAT-5: written while the line was down, and sent under the same id afterwards."""
    async with talks_of(stack, 2) as talks:
        for _ in range(3):
            for page in (*talks.customers, *talks.agents):
                page.cut()
            for talk in talks.talks:
                talk.customer.say(talk.id, "I write into the void")
                talk.agent.say(talk.id, "and so do I")
            await asyncio.sleep(0.3)
        await talks.settled()
        assert talks.check() == 12
        assert all(page.connects > 1 for page in (*talks.customers, *talks.agents))
        # The ack was lost, as far as a page can tell: sent again, on another socket, it is the same message.
        for page in (*talks.customers, *talks.agents):
            for entry in page.sent[:2]:
                again = {"conversation": entry.conversation, "client_id": entry.client_id, "body": entry.body}
                assert (await page.ask("send", **again))["message"]["number"] == entry.number
        assert talks.check() == 12


async def test_a_slow_reader_is_cut_and_resumes_rather_than_shown_a_gap(stack):
    """A page that stops reading costs the others nothing, and misses nothing."""
    async with talks_of(stack, 2) as talks:
        slow, other = talks.talks
        slow.customer.pause()
        # Beside the event loop: the other pages read on meanwhile.
        await asyncio.to_thread(stack.office, "acme", office.talk, slow.id, 300, LONG)
        other.customer.say(other.id, "I am not held up")
        await other.agent.until(lambda: other.agent.last(other.id) == other.customer.last(other.id) > 2)
        await asyncio.sleep(4)
        slow.customer.resume()
        await talks.settled(60)
        assert slow.customer.last(slow.id) == 302
        assert slow.customer.connects > 1
        talks.check()


async def test_an_idle_socket_still_gets_the_next_message(stack):
    """Nothing on the line for 21 s, no sync either: frames come as before. One in twenty is lost on purpose."""
    async with talks_of(stack, 1) as talks:
        talk = talks.talks[0]
        await talks.settled()
        for page in (talk.customer, talk.agent):
            page.syncing = False
        before = [len(page.told("message")) for page in (talk.customer, talk.agent)]
        connects = [page.connects for page in (talk.customer, talk.agent)]
        await asyncio.sleep(21)
        for number in range(6):
            talk.customer.say(talk.id, f"{number}")
            talk.agent.say(talk.id, f"{number}")
        await talk.customer.until(lambda: len(talk.customer.told("message")) >= before[0] + 4)
        await talk.agent.until(lambda: len(talk.agent.told("message")) >= before[1] + 4)
        assert [page.connects for page in (talk.customer, talk.agent)] == connects
