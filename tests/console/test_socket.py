"""The console's socket: who gets one, what it tells, what it lets an agent do, when it ends (AGT-2, AGT-9, AGT-10)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.accounts.permissions import Permission
from apps.agents.actions import agent_sign_out
from apps.agents.models import Agent
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.chat.presence import presence_keep
from apps.clocks.actions import clock_fire
from apps.clocks.models import ReplyClock
from apps.console.selectors.sync import missed_by
from apps.console.tray.selectors.queues import queues_for
from apps.console.tray.selectors.tray import digest_for
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import conversation_marks
from apps.conversations.steps import MessageDraft
from apps.notes.actions import note_add
from apps.realtime.publish import conversation_group, publish_now
from apps.realtime.tenant_threads import run_in_tenant
from apps.responses.models import Draft
from apps.tenants.actions import tenant_freeze
from config.asgi import application
from tests.support.peer import Peer
from tests.support.people import UserFactory, arrive, make_agent, talk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("layer")]

Frame = dict[str, Any]


class Console:
    """One open console page: answers are matched with their questions, events are kept for `event`."""

    def __init__(self, peer: Peer, tenant: Any) -> None:
        self.peer = peer
        self.tenant = tenant
        self.events: list[Frame] = []

    async def db(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await run_in_tenant(self.tenant, call, *args, **kwargs)

    async def ask(self, kind: str, **fields: Any) -> Frame:
        frame_id = uuid4().hex
        self.peer.say({"type": kind, "id": frame_id, **fields})
        while True:
            frame = await self.peer.hear()
            if frame.get("id") == frame_id:
                return frame
            self.events.append(frame)

    async def event(self, kind: str) -> Frame:
        while True:
            frame = self.events.pop(0) if self.events else await self.peer.hear()
            if frame["type"] == kind:
                return frame

    async def hello(self, console: UUID | None = None, **fields: Any) -> Frame:
        return await self.ask("hello", v=1, console=str(console or uuid4()), take_over=True, **fields)


def cookie_of(tenant: Any, user: User) -> str:
    client = Client(headers={"host": f"{tenant.schema_name}.localhost"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return f"parley_session={client.cookies['parley_session'].value}"


@asynccontextmanager
async def console(tenant: Any, user: User | None, *, host: str = "") -> AsyncIterator[Console]:
    """A console's socket on a tenant's host, no hello said yet."""
    name = host or f"{tenant.schema_name}.localhost"
    headers = {"host": name, "origin": f"http://{name}"}
    if user is not None:
        headers["cookie"] = await run_in_tenant(tenant, cookie_of, tenant, user)
    async with Peer(application, path="/ws/console/", headers=headers, client=["127.0.0.1", 5000]) as peer:
        yield Console(peer, tenant)


async def agent_in(tenant: Any, **options: Any) -> Agent:
    return await run_in_tenant(tenant, lambda: agent_row(make_agent(**options)))  # type: ignore[no-any-return]


def agent_row(agent: Agent) -> Agent:
    return Agent.objects.select_related("user", "status").get(pk=agent.pk)


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


# --- Catching up


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


async def test_the_digest_changes_with_all_that_the_tray_shows(acme: Any) -> None:
    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        seen = [(await page.hello())["digest"]]

        async def look() -> None:
            seen.append((await page.ask("sync", conversations={}, digest=seen[-1]))["digest"])

        mine: Conversation = await page.db(talk, agent)
        await look()
        await page.db(
            message_post, conversation_id=mine.pk, draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body="?")
        )
        await look()
        page.peer.say({"type": "mark", "id": "1", "conversation": str(mine.pk), "delivered": 3, "read": 3})
        await look()
        await page.db(arrive)
        await look()
        await page.db(conversation_end, conversation_id=mine.pk, by=Side.CUSTOMER, actor=None)
        await look()
        assert len(set(seen)) == 6
        await look()
        assert seen[-1] == seen[-2]


async def test_a_close_for_all_consoles_of_an_agent_ends_them(acme: Any) -> None:
    from apps.realtime.frames import CLOSE_SIGNED_OUT, Close
    from apps.realtime.publish import agent_group

    agent = await agent_in(acme)
    async with console(acme, agent.user) as page:
        await page.hello()
        await page.db(publish_now, Close(code=CLOSE_SIGNED_OUT), groups=[agent_group(agent.pk)])
        assert await page.peer.closed() == 4401


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
