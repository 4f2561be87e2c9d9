"""The customer's socket, from the first hello to a new conversation after the end."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from apps.chat.models import Visit, Visitor
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end, marks_advance, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import conversation_marks
from apps.conversations.steps import MessageDraft
from apps.realtime.publish import agent_group, conversation_group, publish_now
from apps.realtime.tenant_threads import run_in_tenant
from apps.routing.actions import offer_accept
from apps.routing.models import Offer
from tests.support.people import make_agent
from tests.support.widget import Widget, widget

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("layer")]


def accept(conversation_id: str) -> Any:
    offer = Offer.objects.select_related("agent").get(conversation=conversation_id, state="ringing")
    offer_accept(offer_id=offer.pk, actor=offer.agent)
    return offer.agent


def reply(conversation_id: str, agent: Any, body: str) -> Message:
    return message_post(
        conversation_id=UUID(conversation_id),
        draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body=body, author=agent),
    )


def end(conversation_id: str) -> None:
    conversation_end(conversation_id=UUID(conversation_id), by=Side.SYSTEM, actor=None)


def write_many(conversation: str, count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            write(conversation, f"line {number}")


async def begun(page: Widget, body: str = "Hello") -> str:
    await page.hello()
    return str((await page.start(body))["conversation"]["id"])


async def test_a_hello_shows_the_widget_and_stores_nothing(acme: Any) -> None:
    async with widget(acme) as page:
        welcome = await page.hello(url="https://shop.example/")
        assert welcome["type"] == "welcome"
        assert welcome["channel"] == {
            "title": "Chat with us",
            "greeting": "Hello! How can we help you?",
            "colour": "#2f5bd7",
            "ask_name": True,
            "ask_email": True,
            "keeps_unsent": False,
        }
        assert (welcome["contact"], welcome["conversation"], welcome["messages"]) == (None, None, [])
        assert await page.db(Visitor.objects.count) == 0
        assert await page.db(Contact.objects.count) == 0


async def test_a_customer_begins_and_waits(acme: Any) -> None:
    """CHAT-1, CHAT-14."""
    async with widget(acme) as page:
        await page.hello(url="https://shop.example/x", title="Shop", language="de", time_zone="Europe/Berlin")
        ack = await page.start("Hello there", name="  Lena\u202e  Okafor ", email="Lena@Example.test")
        assert ack["type"] == "ack"
        assert ack["conversation"]["state"] == "waiting"
        assert ack["conversation"]["last_number"] == 1
        assert (ack["message"]["number"], ack["message"]["side"], ack["message"]["body"]) == (
            1,
            "customer",
            "Hello there",
        )
        visitor = await page.db(Visitor.objects.select_related("contact").get)
        assert (visitor.name, visitor.email) == ("Lena Okafor", "lena@example.test")
        assert (visitor.contact.name, visitor.contact.language) == ("Lena Okafor", "de")
        assert visitor.page["url"] == "https://shop.example/x"
        assert visitor.page["time_zone"] == "Europe/Berlin"


async def test_both_sides_talk(acme: Any) -> None:
    """CHAT-4, CHAT-6, CHAT-10."""
    await run_in_tenant(acme, make_agent)
    async with widget(acme) as page:
        conversation = await begun(page)
        agent = await page.db(accept, conversation)
        joined = (await page.event("message"))["message"]
        assert (joined["number"], joined["kind"], joined["author"]["name"]) == (2, "joined", agent.public_name)
        state = (await page.event("conversation"))["conversation"]
        assert (state["state"], state["agent"]["name"]) == ("active", agent.public_name)
        await page.db(reply, conversation, agent, "Hi")
        assert (await page.event("message"))["message"]["body"] == "Hi"
        sent = await page.send(conversation, "Thanks")
        assert sent["message"]["number"] == 4
        page.tell("mark", conversation=conversation, delivered=3, read=3)
        marks = await page.event("marks")
        assert (marks["side"], marks["delivered"], marks["read"]) == ("customer", 3, 3)
        row = await page.db(Conversation.objects.get, pk=conversation)
        await page.db(marks_advance, conversation=row, side=Side.AGENT, delivered=4, read=4)
        marks = await page.event("marks")
        assert (marks["side"], marks["read"]) == ("agent", 4)


async def test_typing_reaches_the_agent_and_is_never_stored(acme: Any, layer: Any) -> None:
    """CHAT-6: told to the agent's consoles and watchers, not to the customer's own page."""
    await run_in_tenant(acme, make_agent)
    async with widget(acme) as page:
        conversation = await begun(page)
        agent = await page.db(accept, conversation)
        await page.ask("sync", conversations={conversation: 2})
        channel = await layer.new_channel()
        await layer.group_add(f"t.acme.{agent_group(agent.pk)}", channel)
        page.events.clear()
        page.tell("typing", conversation=conversation, on=True)
        event = await layer.receive(channel)
        assert event["kind"] == "typing"
        assert '"side":"customer"' in event["text"]
        assert '"name":"Lena"' in event["text"]
        assert (await page.ask("sync", conversations={conversation: 2}))["type"] == "ack"
        assert [event for event in page.events if event["type"] == "typing"] == []


async def test_only_what_is_the_customers_goes_out(acme: Any) -> None:
    async with widget(acme) as page:
        conversation = await begun(page)
        page.events.clear()
        for frame in ({"type": "note", "body": "secret"}, {"type": "offer", "offer": {}}):
            await page.db(publish_now, frame, groups=[conversation_group(UUID(conversation))])
        await page.db(write, conversation, "x")
        frame = await page.next()
        assert frame["type"] == "message"


async def test_the_customer_ends_it(acme: Any) -> None:
    """EDG-2: leaving is End chat."""
    async with widget(acme) as page:
        conversation = await begun(page)
        ack = await page.ask("end", conversation=conversation)
        assert (ack["conversation"]["state"], ack["conversation"]["ended_by"]) == ("closed", "customer")
        again = await page.ask("end", conversation=conversation)
        assert (again["type"], again["code"]) == ("error", "conversation_ended")
        refused = await page.send(conversation)
        assert refused["code"] == "conversation_ended"


async def test_coming_back_finds_the_conversation(acme: Any) -> None:
    """CHAT-12, CHAT-10: the newest messages come with the welcome, the rest by history."""
    async with widget(acme) as page:
        conversation = await begun(page)
        token = page.welcome["token"]
        await page.db(write_many, conversation, 150)
    async with widget(acme) as page:
        welcome = await page.hello(token)
        assert welcome["conversation"]["id"] == conversation
        assert welcome["contact"] == {"name": "Lena", "email": "lena@example.test", "phone": "", "proven": False}
        assert [message["number"] for message in welcome["messages"]] == list(range(52, 152))
        assert welcome["more"] is True
        assert {mark["side"] for mark in welcome["marks"]} == {"customer", "agent"}
        ack = await page.ask("history", conversation=conversation, before=52)
        assert [message["number"] for message in ack["messages"]] == list(range(1, 52))
        assert ack["more"] is False


def write(conversation: str, body: str) -> None:
    message_post(
        conversation_id=UUID(conversation), draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body=body)
    )


async def test_resuming_after_an_absence_by_number(acme: Any) -> None:
    """CHAT-10: `sync` answers exactly what is missing, in pages."""
    async with widget(acme) as page:
        conversation = await begun(page)
        await page.db(write_many, conversation, 205)
        ack = await page.ask("sync", conversations={conversation: 1})
        numbers = [message["number"] for message in ack["messages"][conversation]]
        assert numbers == list(range(2, 202))
        assert ack["more"] == [conversation]
        ack = await page.ask("sync", conversations={conversation: numbers[-1]})
        assert [message["number"] for message in ack["messages"][conversation]] == [202, 203, 204, 205, 206]
        assert ack["more"] == []
        assert ack["conversations"][0]["last_number"] == 206
        assert len(ack["marks"]) == 2


async def test_sync_listens_to_a_conversation_that_another_page_opened(acme: Any) -> None:
    async with widget(acme) as one, widget(acme) as other:
        conversation = await begun(one)
        await other.hello(one.welcome["token"])
        await one.ask("end", conversation=conversation)
        newer = (await other.start("Once more"))["conversation"]["id"]
        await one.ask("sync", conversations={newer: 0})
        one.events.clear()
        await other.send(newer, "Heard?")
        assert (await one.event("message"))["message"]["body"] == "Heard?"


async def test_started_twice_with_one_key_it_is_one_conversation(acme: Any) -> None:
    async with widget(acme) as page:
        await page.hello()
        keys = {"start_key": str(uuid4()), "client_id": str(uuid4())}
        first = await page.start("Hello", **keys)
        again = await page.start("Hello", **keys)
        assert again["message"] == first["message"]
        assert again["conversation"]["id"] == first["conversation"]["id"]
        assert await page.db(Conversation.objects.count) == 1
        assert await page.db(Message.objects.count) == 1
        assert await page.db(Visit.objects.count) == 1


async def test_begun_on_a_second_page_it_goes_on_in_the_same_conversation(acme: Any) -> None:
    async with widget(acme) as one, widget(acme) as other:
        conversation = await begun(one)
        await other.hello(one.welcome["token"])
        ack = await other.start("Me again")
        assert (ack["conversation"]["id"], ack["message"]["number"]) == (conversation, 2)


async def test_a_client_id_sent_again_is_stored_once(acme: Any) -> None:
    """CHAT-4: Resend sends the same message, never twice, on this or another socket."""
    async with widget(acme) as one, widget(acme) as other:
        conversation = await begun(one)
        await other.hello(one.welcome["token"])
        client_id = str(uuid4())
        first = await one.send(conversation, "Once", client_id)
        again = await other.send(conversation, "Once", client_id)
        assert again["message"] == first["message"]
        assert await one.db(Message.objects.count) == 2


async def test_writing_after_the_end_starts_a_linked_conversation_in_the_same_queue(acme: Any) -> None:
    """WRP-8."""
    from apps.chat.models import WidgetChannel
    from apps.queues.models import Queue

    async with widget(acme) as page:
        conversation = await begun(page)
        await page.db(end, conversation)
        other_queue = await page.db(Queue.objects.create, name="Elsewhere")
        await page.db(WidgetChannel.objects.update, queue=other_queue)
        newer = (await page.start("One more thing"))["conversation"]["id"]
        row = await page.db(Conversation.objects.select_related("previous").get, pk=newer)
        assert str(row.previous_id) == conversation
        assert row.queue_id == row.previous.queue_id
    async with widget(acme) as page:
        await page.db(end, newer)
        await page.db(Queue.objects.filter(pk=row.queue_id).update, is_active=False, is_default=False)
        await page.hello()
        assert (await page.start("A stranger"))["conversation"]["state"] == "waiting"


async def test_an_old_conversation_is_not_shown_again(acme: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    async with widget(acme) as page:
        conversation = await begun(page)
        await page.db(end, conversation)
    async with widget(acme) as other:
        welcome = await other.hello(page.welcome["token"])
        assert welcome["conversation"]["state"] == "closed"
        long_ago = timezone.now() - timedelta(days=1, minutes=1)
        await other.db(Conversation.objects.update, closed_at=long_ago)
    async with widget(acme) as other:
        welcome = await other.hello(page.welcome["token"])
        assert welcome["conversation"] is None
        assert welcome["contact"] == {"name": "Lena", "email": "lena@example.test", "phone": "", "proven": False}


async def test_marks_of_a_page_never_move_back(acme: Any) -> None:
    """CHAT-8."""
    async with widget(acme) as page:
        conversation = await begun(page)
        page.tell("mark", conversation=conversation, delivered=1, read=1)
        await page.event("marks")
        page.tell("mark", conversation=conversation, delivered=0, read=0)
        await page.ask("sync", conversations={conversation: 1})
        marks = await page.db(conversation_marks, UUID(conversation))
        assert (marks[Side.CUSTOMER].delivered, marks[Side.CUSTOMER].read) == (1, 1)
