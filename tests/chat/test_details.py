"""What a page tells over its socket: identity, attributes, pages, that it is there (CHAT-12, CHAT-14, EDG-2)."""

import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from channels.layers import get_channel_layer

from apps.chat.actions import identity_key_make
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.realtime.publish import agent_group, group_in_schema
from apps.routing.actions import offer_accept
from apps.routing.models import Offer
from tests.support.people import make_agent
from tests.support.widget import Widget, widget

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("layer")]


def secret() -> str:
    return identity_key_make(channel=WidgetChannel.objects.get(), keep=timedelta())


def token(key: str, **claims: Any) -> str:
    return jwt.encode({"sub": "ana", "name": "Ana", "exp": int(time.time()) + 60, **claims}, key, algorithm="HS256")


async def greet(page: Widget, **fields: Any) -> Any:
    page.welcome = await page.ask("hello", v=1, channel=page.key, **{"token": None, "page": {}, **fields})
    return page.welcome


async def test_a_signed_token_brings_the_conversation_to_another_device(acme: Any) -> None:
    async with widget(acme) as home, widget(acme) as phone, widget(acme) as stranger:
        key = await home.db(secret)
        welcome = await greet(home, identity=token(key), attributes={"plan": "pro"})
        assert welcome["contact"] == {"name": "Ana", "email": "", "phone": "", "proven": True}
        begun = await home.start("Where is my parcel?", name="", email="ana@example.test")
        conversation = begun["conversation"]["id"]
        assert (await greet(phone, identity=token(key)))["conversation"]["id"] == conversation
        await phone.send(conversation, "It is me, on the way")
        assert (await home.event("message"))["message"]["body"] == "It is me, on the way"
        assert (await greet(stranger, identity=token(key, sub="ben")))["conversation"] is None
        assert (await stranger.send(conversation))["code"] == "conversation_unknown"
        row = await home.db(lambda: Visit.objects.select_related("visitor__contact").get())
        assert (row.attributes, row.visitor.contact.attributes) == ({"plan": "pro"}, {"plan": "pro"})


async def test_a_refused_identity_says_why_and_the_page_may_go_on_without(acme: Any) -> None:
    async with widget(acme) as page:
        key = await page.db(secret)
        answer = await greet(page, identity=token(key, exp=int(time.time()) - 600))
        assert (answer["code"], answer["reason"]) == ("identity_refused", "expired")
        assert key not in str(answer)
        assert (await greet(page))["type"] == "welcome"
        assert await page.db(Contact.objects.count) == 0


async def test_a_hello_with_attributes_alone_stores_nothing(acme: Any) -> None:
    async with widget(acme) as page:
        assert (await greet(page, attributes={"plan": "pro"}))["type"] == "welcome"
        assert (await page.ask("attributes", attributes={"bad": []}))["code"] == "bad_frame"
        page.tell("attributes", attributes={"seats": 5})
        page.tell("page", url="https://shop.example/two?secret=1", title="Two")
        await page.start()
        visitor = await page.db(Visitor.objects.get)
        assert visitor.attributes == {"plan": "pro", "seats": 5}
        assert [seen["url"] for seen in visitor.pages] == ["https://shop.example/two"]
    async with widget(acme) as page:
        assert (await greet(page, attributes={f"a{n}": 1 for n in range(21)}))["code"] == "bad_frame"


async def test_the_agent_is_told_of_the_customers_page(acme: Any) -> None:
    """Where it is now, that it was closed, that it is back; the customer's own pages are told nothing of it."""
    heard = get_channel_layer()
    channel = await heard.new_channel()

    def accept() -> str:
        agent = make_agent()
        offer = Offer.objects.get(state="ringing")
        offer_accept(offer_id=offer.pk, actor=agent.user)
        return str(agent.pk)

    async with widget(acme) as page:
        await greet(page)
        begun = await page.start()
        agent = await page.db(accept)
        conversation = begun["conversation"]["id"]
        await heard.group_add(group_in_schema("acme", agent_group(agent)), channel)
        page.tell("page", url="https://shop.example/basket?item=5", title="Basket")
        told = await next_visitor(heard, channel)
        assert told == {"conversation": conversation, "url": "https://shop.example/basket", "title": "Basket"}
        async with widget(acme) as second:
            await greet(second, token=page.welcome["token"])
        assert "visitor" not in [event["type"] for event in page.events]
    assert await next_visitor(heard, channel) == {"conversation": conversation, "here": False}
    async with widget(acme) as page:
        await greet(page, token=second.welcome["token"])
        assert await next_visitor(heard, channel) == {"conversation": conversation, "here": True}
    assert await page.db(lambda: Conversation.objects.get().state) == "active"


async def next_visitor(layer: Any, channel: str) -> dict[str, Any]:
    import asyncio
    import json

    async with asyncio.timeout(10):
        while True:
            message = await layer.receive(channel)
            frame = json.loads(message["text"])
            if frame["type"] == "visitor":
                return {name: value for name, value in frame.items() if name != "type"}
