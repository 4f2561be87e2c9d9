"""The console's socket: who gets one, what it tells, what it lets an agent do, when it ends (AGT-2, AGT-9, AGT-10)."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from apps.accounts.models import Role, User
from apps.accounts.permissions import Permission
from apps.agents.actions import agent_sign_out
from apps.agents.models import Agent
from apps.console.tray.selectors.tray import digest_for
from apps.conversations.actions import message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import conversation_marks
from apps.conversations.steps import MessageDraft
from apps.realtime.publish import conversation_group, publish_now
from apps.realtime.tenant_threads import run_in_tenant
from apps.responses.models import Draft
from apps.tenants.actions import tenant_freeze
from tests.console.console_page import agent_in, agent_row, console
from tests.support.people import UserFactory, arrive, make_agent, talk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("layer")]


# --- Who gets one


async def test_nobody_gets_no_console(acme: Any) -> None:
    async with console(acme, None) as page:
        assert await page.peer.closed() == 4401


async def test_users_without_the_console_or_an_agent_get_none(acme: Any) -> None:
    reports = await run_in_tenant(
        acme, Role.objects.create, code="reports", name="Reports", permissions=[Permission.REPORTS]
    )
    owner = await run_in_tenant(acme, UserFactory, role=await run_in_tenant(acme, Role.objects.get, code="owner"))
    reader = await agent_in(acme, role=reports)
    for user in (owner, reader.user):
        async with console(acme, user) as page:
            assert await page.peer.closed() == 4403


async def test_a_session_of_one_tenant_opens_nothing_in_another(acme: Any, globex: Any) -> None:
    agent = await agent_in(acme)
    async with console(acme, agent.user, host="globex.localhost") as page:
        assert await page.peer.closed() == 4401


# --- Coming and going


async def test_a_hello_opens_the_console(acme: Any) -> None:
    """AGT-2, AGT-4: from Offline the agent becomes Away."""
    agent = await agent_in(acme, available=False)
    await run_in_tenant(acme, lambda: agent_sign_out(agent_id=agent.pk))
    console_id = uuid4()
    async with console(acme, agent.user) as page:
        welcome = await page.hello(console_id)
        assert set(welcome) == {"type", "id", "server_time", "digest", "status", "offers"}
        assert welcome["status"]["base"] == "away"
        row = await page.db(agent_row, agent)
        assert (row.console_id, row.console_lost_at) == (console_id, None)
        assert welcome["digest"] == await page.db(digest_for, row)
    row = await run_in_tenant(acme, agent_row, agent)
    assert row.console_id == console_id
    assert row.console_lost_at is not None


async def test_what_rings_is_told_at_once_and_in_the_welcome(acme: Any) -> None:
    """CON-2."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        conversation = await page.db(arrive, "Anybody?")
        offer = (await page.event("offer"))["offer"]
        assert (offer["conversation"], offer["last_line"]) == (str(conversation.pk), "Anybody?")
    async with console(acme, agent.user) as page:
        offers = (await page.hello())["offers"]
        assert [each["conversation"] for each in offers] in ([], [str(conversation.pk)])


async def test_a_second_console_asks_and_the_first_one_stops(acme: Any) -> None:
    """AGT-10."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as first, console(acme, agent.user) as second:
        await first.hello()
        frame = {"v": 1, "console": str(uuid4())}
        assert (await second.ask("hello", **frame))["code"] == "console_elsewhere"
        assert (await second.ask("hello", **frame, take_over=True))["type"] == "welcome"
        assert await first.peer.closed() == 4409
    row = await run_in_tenant(acme, agent_row, agent)
    assert str(row.console_id) == frame["console"]


async def test_a_live_socket_reopens_a_console_that_counts_as_lost(acme: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.console.consumers.ConsoleConsumer.beat_seconds", 0.1)
    agent = await agent_in(acme)
    console_id = uuid4()
    async with console(acme, agent.user) as page:
        await page.hello(console_id)
        await page.db(Agent.objects.filter(pk=agent.pk).update, console_id=None)
        for _try in range(50):
            row = await page.db(agent_row, agent)
            if row.console_id == console_id:
                break
            await asyncio.sleep(0.05)
        assert row.console_id == console_id


@pytest.mark.parametrize("end", ["session", "password", "user", "tenant"])
async def test_a_socket_ends_with_what_it_stood_on(acme: Any, monkeypatch: Any, end: str) -> None:
    """TEN-6."""
    monkeypatch.setattr("apps.console.consumers.ConsoleConsumer.beat_seconds", 0.1)
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        await page.db(_pull_away, acme, agent, end)
        assert await page.peer.closed() == 4401
    if end == "tenant":
        await run_in_tenant(acme, lambda: tenant_freeze(tenant=acme, frozen=False))


def _pull_away(tenant: Any, agent: Agent, what: str) -> None:
    from django.contrib.sessions.models import Session

    if what == "session":
        Session.objects.all().delete()
    elif what == "password":
        agent.user.set_password("another-password-1")
        agent.user.save(update_fields=["password"])
    elif what == "user":
        User.objects.filter(pk=agent.pk).update(is_active=False)
    else:
        tenant_freeze(tenant=tenant, frozen=True)


# --- What an agent says


async def test_a_message_is_stored_once_and_told(acme: Any) -> None:
    """CHAT-10."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = await page.db(talk, agent)
        frame = {"conversation": str(mine.pk), "client_id": str(uuid4()), "body": "Hello there"}
        acks = [await page.ask("send", **frame) for _ in range(2)]
        assert [ack["message"]["number"] for ack in acks] == [3, 3]
        assert acks[0]["message"]["author"] == {"id": str(agent.pk), "name": agent.user.public_name}
        assert await page.db(Message.objects.filter(conversation=mine, side=Side.AGENT).count) == 1


async def test_a_draft_is_kept_and_told_to_nobody(acme: Any) -> None:
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = str((await page.db(talk, agent)).pk)
        kept = await page.ask("draft", conversation=mine, body="Dear")
        draft = await page.db(Draft.objects.get)
        assert (draft.body, kept["saved_at"]) == ("Dear", draft.saved_at.isoformat().replace("+00:00", "Z"))
        assert (await page.ask("draft", conversation=mine, body=""))["saved_at"] is None
        assert not await page.db(Draft.objects.exists)
        assert {event["type"] for event in page.events} & {"message", "draft"} == {"message"}


async def test_a_conversation_by_email_takes_no_chat_message(acme: Any) -> None:
    """EML-5: it would be sent nowhere."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = await page.db(talk, agent)
        await page.db(Conversation.objects.filter(pk=mine.pk).update, channel="email")
        answer = await page.ask("send", conversation=str(mine.pk), client_id=str(uuid4()), body="Psst")
        assert answer["code"] == "by_mail"
        assert await page.db(Message.objects.filter(conversation=mine, side=Side.AGENT).count) == 0


async def test_a_file_for_a_new_mail_needs_no_conversation(acme: Any) -> None:
    """EML-6: but the right to begin one."""
    agent = await agent_in(acme)
    plain = await run_in_tenant(acme, lambda: Role.objects.create(code="plain", permissions=[Permission.CONSOLE]))
    async with console(acme, agent.user) as page:
        await page.hello()
        answer = await page.ask("upload", conversation=None, name="label.txt", size=5)
        assert (answer["type"], answer["address"].startswith("/files/")) == ("ack", True)
        await page.db(User.objects.filter(pk=agent.pk).update, role=plain)
        answer = await page.ask("upload", conversation=None, name="label.txt", size=5)
        assert answer["code"] == "not_allowed"


async def test_another_agents_conversation_takes_and_tells_nothing(acme: Any) -> None:
    other = await agent_in(acme)
    theirs = await run_in_tenant(acme, talk, other)
    agent = await agent_in(acme, available=False)
    async with console(acme, agent.user) as page:
        await page.hello()
        where = {"conversation": str(theirs.pk)}
        answers = [
            await page.ask("send", **where, client_id=str(uuid4()), body="Psst"),
            await page.ask("draft", **where, body="Psst"),
            await page.ask("typing", **where, on=True),
            await page.ask("mark", **where, delivered=1, read=1),
            await page.ask("history", **where, before=3),
        ]
        assert [answer["code"] for answer in answers] == ["not_yours"] * 5
        ack = await page.ask("sync", conversations={str(theirs.pk): 0}, digest="")
        assert (ack["messages"], ack["conversations"], ack["marks"]) == ({}, [], [])
        await page.db(
            message_post, conversation_id=theirs.pk, draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body="x")
        )
        assert (await page.ask("sync", conversations={}, digest=""))["type"] == "ack"
        assert [event for event in page.events if event["type"] == "message"] == []
    assert await run_in_tenant(acme, Message.objects.filter(conversation=theirs).count) == 3


async def test_a_conversation_of_another_tenant_is_not_there(acme: Any, globex: Any) -> None:
    theirs = await run_in_tenant(globex, lambda: talk(make_agent()))
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        answer = await page.ask("send", conversation=str(theirs.pk), client_id=str(uuid4()), body="Psst")
        assert answer["code"] == "conversation_unknown"


async def test_a_deactivated_agent_says_nothing_more(acme: Any) -> None:
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = await page.db(talk, agent)
        await page.db(User.objects.filter(pk=agent.pk).update, is_active=False)
        page.peer.say(
            {"type": "send", "id": "1", "conversation": str(mine.pk), "client_id": str(uuid4()), "body": "Late"}
        )
        assert await page.peer.closed() == 4401
    assert await run_in_tenant(acme, Message.objects.filter(body="Late").count) == 0


async def test_marks_move_and_are_told(acme: Any) -> None:
    """CHAT-4."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = await page.db(talk, agent)
        page.peer.say({"type": "mark", "id": "1", "conversation": str(mine.pk), "delivered": 99, "read": 1})
        told = await page.event("marks")
        assert (told["side"], told["delivered"], told["read"]) == ("agent", 2, 1)
        assert (await page.db(conversation_marks, mine.pk))[Side.AGENT].read == 1


async def test_typing_is_whispered_to_the_customer_and_stored_nowhere(acme: Any, layer: Any) -> None:
    """CHAT-6."""
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        mine = await page.db(talk, agent)
        channel = await layer.new_channel()
        await layer.group_add(f"t.acme.{conversation_group(mine.pk)}", channel)
        page.peer.say({"type": "typing", "id": "1", "conversation": str(mine.pk), "on": True})
        heard = await layer.receive(channel)
        assert heard["kind"] == "typing"
        assert f'"name":"{agent.user.public_name}"' in heard["text"]


async def test_a_close_for_all_consoles_of_an_agent_ends_them(acme: Any) -> None:
    from apps.realtime.frames import CLOSE_SIGNED_OUT, Close
    from apps.realtime.publish import agent_group

    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        await page.db(publish_now, Close(code=CLOSE_SIGNED_OUT), groups=[agent_group(agent.pk)])
        assert await page.peer.closed() == 4401
