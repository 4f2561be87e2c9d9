"""What a console has missed, by numbers where there are any, and told again where there are none (CHAT-10, CON-1)."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from apps.accounts.models import Role
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.chat.presence import presence_keep
from apps.clocks.actions import clock_fire
from apps.clocks.models import ReplyClock
from apps.console.selectors.sync import missed_by
from apps.console.tray.selectors.queues import queues_for
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from apps.notes.actions import note_add
from tests.console.console_page import agent_in, console
from tests.support.people import UserFactory, arrive, make_agent, talk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("layer")]


async def test_a_sync_brings_what_is_missing_and_no_more(acme: Any) -> None:
    """CHAT-10."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        digest = (await page.hello())["digest"]
        mine = await page.db(talk, agent)
        ack = await page.ask("sync", conversations={str(mine.pk): 1}, digest=digest)
        assert [line["number"] for line in ack["messages"][str(mine.pk)]] == [2]
        assert (ack["more"], ack["stale"]) == ([], True)
        assert [each["state"] for each in ack["conversations"]] == ["active"]
        again = await page.ask("sync", conversations={str(mine.pk): 2}, digest=ack["digest"])
        assert (again["messages"], again["stale"]) == ({}, False)


async def test_a_sync_tells_of_the_queues_now_and_then(acme: Any) -> None:
    """RTE-12."""
    agent = await agent_in(acme, available=False)
    async with console(acme, agent.user) as page:
        await page.hello()
        told = [(await page.ask("sync", conversations={}, digest=""))["queues"] for _ in range(2)]
        assert told == [(await page.db(queues_for, agent)).digest, None]


async def test_a_reply_clock_tells_its_agent(acme: Any) -> None:
    """CHAT-11."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = await page.db(talk, agent)
        await page.db(_late, mine)
        told = await page.event("clock")
        assert (told["clock"]["conversation"], told["clock"]["stage"]) == (str(mine.pk), "overdue")
        notice = await page.event("notice")
        assert ("is overdue" in notice["text"], notice["about"]) == (True, str(mine.pk))


async def test_a_sync_tells_again_of_what_has_no_numbers(acme: Any) -> None:
    """CON-4, AGT-12: notices, notes, mentions, and what contacts are now, whatever frames were lost."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = await page.db(talk, agent)
        held = {str(mine.pk): mine.last_number}
        before = (await page.ask("sync", conversations=held))["server_time"]
        boss = await page.db(UserFactory, role=await page.db(Role.objects.get, code="administrator"))
        noted = await page.db(
            note_add,
            conversation_id=mine.pk,
            key=uuid4(),
            body=f"@{agent.user.first_name} look",
            on_contact=False,
            actor=boss,
        )
        ack = await page.ask("sync", conversations=held, since=before)
        assert ack["contacts"] == {str(mine.contact_id): 0}
        # About nothing that a later word could overtake: it has to be read.
        assert [(each["text"].startswith(boss.full_name), each["about"]) for each in ack["notices"]] == [(True, None)]
        assert [each["note"]["body"] for each in ack["notes"]] == [noted.note.body]
        assert ack["mentions"] == 1
        later = noted.note.created_at + timedelta(seconds=11)
        ack = await page.ask("sync", conversations=held, since=later.isoformat())
        assert (ack["notices"], ack["notes"], ack["mentions"]) == ([], [], 1)
        ack = await page.ask("sync", conversations=held)
        assert (ack["notices"], ack["notes"]) == ([], [])


async def test_a_sync_tells_where_the_customer_is(acme: Any) -> None:
    """CHAT-14, EDG-2: whether a page of theirs is open, and which, whatever frames were lost."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = await page.db(talk, agent)
        held = {str(mine.pk): mine.last_number}
        assert (await page.ask("sync", conversations=held))["visitors"] == []
        visitor = await page.db(_browsing, mine)
        ack = await page.ask("sync", conversations=held)
        told = {"type": "visitor", "conversation": str(mine.pk), "url": "https://shop.example/a", "title": "A"}
        assert ack["visitors"] == [told | {"here": False}]
        await page.db(presence_keep, visitor.whose, "page")
        assert (await page.ask("sync", conversations=held))["visitors"] == [told | {"here": True}]
        await page.db(conversation_end, conversation_id=mine.pk, by="customer", actor=None)
        assert (await page.ask("sync", conversations=held))["visitors"] == []


def _browsing(conversation: Conversation) -> Visitor:
    told = {"url": "https://shop.example/a", "title": "A"}
    visitor = Visitor.objects.create(
        channel=WidgetChannel.objects.earliest("pk"), contact=conversation.contact, page=told
    )
    Visit.objects.create(conversation=conversation, visitor=visitor)
    return visitor


def _late(conversation: Conversation) -> None:
    now = timezone.now()
    late = {"since": now - timedelta(seconds=125), "due_at": now - timedelta(seconds=1)}
    ReplyClock.objects.filter(pk=conversation.pk).update(**late)
    clock_fire(conversation_id=conversation.pk, due_at=late["due_at"])


async def test_long_ways_are_caught_up_page_by_page(acme: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.console.selectors.sync.PAGE", 2)
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = await page.db(talk, agent)
        for body in ("a", "b", "c"):
            await page.ask("send", conversation=str(mine.pk), client_id=str(uuid4()), body=body)
        first = await page.ask("sync", conversations={str(mine.pk): 1}, digest="")
        assert [line["number"] for line in first["messages"][str(mine.pk)]] == [2, 3]
        assert first["more"] == [str(mine.pk)]
        second = await page.ask("sync", conversations={str(mine.pk): 3}, digest="")
        assert [line["number"] for line in second["messages"][str(mine.pk)]] == [4, 5]
        assert second["more"] == []


async def test_history_leads_back_to_the_beginning(acme: Any) -> None:
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = await page.db(talk, agent)
        ack = await page.ask("history", conversation=str(mine.pk), before=2)
        assert ([line["number"] for line in ack["messages"]], ack["more"]) == ([1], False)


async def test_the_digest_changes_with_all_that_the_tray_shows_but_what_is_said(acme: Any) -> None:
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        seen = [(await page.hello())["digest"]]

        async def look() -> None:
            seen.append((await page.ask("sync", conversations={}, digest=seen[-1]))["digest"])

        mine: Conversation = await page.db(talk, agent)
        await look()
        await page.db(_write, mine)
        page.peer.say({"type": "mark", "id": "1", "conversation": str(mine.pk), "delivered": 3, "read": 3})
        await look()
        assert seen[-1] == seen[-2]
        await page.db(conversation_end, conversation_id=mine.pk, by=Side.CUSTOMER, actor=None)
        await look()
        assert len(set(seen)) == 3
        await look()
        assert seen[-1] == seen[-2]


async def test_what_rings_and_is_not_shown_makes_the_tray_stale(acme: Any) -> None:
    """CON-2: and what is shown and no longer rings."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        digest = (await page.hello())["digest"]
        await page.db(arrive)
        offer = (await page.event("offer"))["offer"]["id"]
        asked = [[], [offer], [offer, str(uuid4())], [str(uuid4())]]
        stale = [(await page.ask("sync", conversations={}, offers=o, digest=digest))["stale"] for o in asked]
        assert stale == [True, False, True, True]


async def test_a_card_that_was_not_told_of_a_message_makes_the_tray_stale(acme: Any) -> None:
    """CHAT-10: whatever frames were lost. A card that the page does not show is none that is behind."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine: Conversation = await page.db(talk, agent)
        ack = await page.ask("sync", conversations={}, cards={str(mine.pk): 2})
        said: Message = await page.db(_write, mine)
        asked = [{str(mine.pk): said.number - 1}, {str(mine.pk): said.number}, {}]
        stale = [(await page.ask("sync", conversations={}, cards=c, digest=ack["digest"]))["stale"] for c in asked]
        assert stale == [True, False, False]


async def test_a_message_tells_its_agent_what_the_card_says_now(acme: Any) -> None:
    """CON-1: whoever else hears of it is told the message alone."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine: Conversation = await page.db(talk, agent)
        await page.event("conversation")
        said: Message = await page.db(_write, mine, "I am very happy, thank you")
        told = await page.event("message")
        while told["message"]["number"] != said.number:
            told = await page.event("message")
        since = parse_datetime(told["preview"].pop("unanswered_since"))
        mine = await page.db(Conversation.objects.get, pk=mine.pk)
        assert told["preview"] == {
            "line": said.body,
            "at": told["message"]["at"],
            "mood": str(mine.mood),
            "mood_count": mine.mood_count,
        }
        assert since == mine.unanswered_since


def _write(conversation: Conversation, body: str = "?") -> Message:
    draft = MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body=body)
    return message_post(conversation_id=conversation.pk, draft=draft)


def test_a_sync_never_carries_more_than_a_socket_takes(acme: Any, monkeypatch: Any) -> None:
    """CHAT-10: what does not fit into one answer is named as more, and the next ones bring it, in order."""
    monkeypatch.setattr("apps.console.selectors.sync.SYNC_CHARACTERS", 25)
    agent = make_agent()
    first, second = talk(agent), talk(agent)
    for number in range(4):
        for conversation in (first, second):
            body = f"message {number:02}"
            message_post(
                conversation_id=conversation.pk, draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body=body)
            )
    held, rounds = {first.pk: 0, second.pk: 0}, 0
    seen: dict[UUID, list[int]] = {first.pk: [], second.pk: []}
    while True:
        missed = missed_by(agent, held)
        for pk, lines in missed.messages.items():
            seen[pk] += [line.number for line in lines]
            held[pk] = seen[pk][-1]
        rounds += 1
        if not missed.more:
            break
    assert rounds > 2
    assert seen == {pk: list(range(1, len(numbers) + 1)) for pk, numbers in seen.items()}
