"""Whatever a page may send, and exactly what it is told."""

import json
from typing import Any
from uuid import uuid4

import pytest

from apps.chat import limits
from apps.chat.models import Visitor, WidgetChannel
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from apps.tenants.actions import tenant_freeze
from tests.support.widget import caller, widget

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("layer")]

BEFORE_THE_HELLO = [
    ("", "bad_json"),
    ("hello", "bad_json"),
    ("{", "bad_json"),
    ("[" * 60_000, "bad_frame"),
    ("[]", "bad_frame"),
    ("null", "bad_frame"),
    ('{"type":"hello"}', "bad_frame"),
    ('{"type":"hello","id":"1","v":"x","channel":"k"}', "bad_frame"),
    ('{"type":"hello","id":"1","v":1,"channel":"k","token":5}', "bad_frame"),
    ('{"type":"hello","id":"1","v":1,"channel":"k","admin":true}', "bad_frame"),
    ('{"type":"hello","id":"1","v":1,"channel":"k","token":"\\ud83d"}', "bad_frame"),
    ('{"type":"hello","id":"1","v":1,"channel":"k","page":{"title":"\\u0000"}}', "bad_frame"),
    ('{"type":"nonsense","id":"1"}', "unknown_type"),
    ('{"type":"send","id":"1"}', "bad_frame"),
    (json.dumps({"type": "typing", "id": "1", "conversation": str(uuid4()), "on": True}), "out_of_turn"),
    (json.dumps({"type": "hello", "id": "1", "v": 1, "channel": "x" * 70_000}), "too_large"),
]


async def test_before_the_hello(acme: Any) -> None:
    async with widget(acme) as page:
        for text, code in BEFORE_THE_HELLO:
            answer = await page.raw(text)
            assert (answer["type"], answer["code"]) == ("error", code), text[:80]
        assert (await page.hello())["type"] == "welcome"


async def test_bytes_are_no_frame(acme: Any) -> None:
    async with widget(acme) as page:
        page.peer.say_bytes(b"\x00\x01")
        assert (await page.next())["code"] == "bad_json"


async def test_a_second_hello_is_out_of_turn(acme: Any) -> None:
    async with widget(acme) as page:
        await page.hello()
        assert (await page.hello())["code"] == "out_of_turn"


async def test_an_unknown_or_inactive_widget(acme: Any) -> None:
    for key in ("\0", "\ud83d"):
        async with widget(acme, key=key) as page:
            answer = await page.hello()
            assert (answer["type"], answer["code"], answer["field"]) == ("error", "bad_frame", "channel")
            assert await page.peer.closed() == 4410
    for key in ("", "nonsense", "x" * 5000, "' OR 1=1 --"):
        async with widget(acme, key=key) as page:
            answer = await page.hello()
            assert (answer["type"], answer["code"]) == ("error", "channel_unknown")
            assert await page.peer.closed() == 4410
    async with widget(acme) as page:
        await page.db(WidgetChannel.objects.update, is_active=False)
        assert (await page.hello())["code"] == "channel_unknown"
        assert await page.peer.closed() == 4410


async def test_another_tenants_widget(acme: Any, globex: Any) -> None:
    async with widget(globex) as other:
        key = other.key
    async with widget(acme, key=key) as page:
        assert (await page.hello())["code"] == "channel_unknown"


async def test_tokens_that_are_not_ours(acme: Any, globex: Any) -> None:
    """CHAT-12: made up, forged, another tenant's, another channel's: the browser starts afresh."""
    async with widget(globex) as page:
        foreign = (await page.hello())["token"]
    async with widget(acme) as page:
        from apps.queues.models import Queue

        queue = await page.db(Queue.objects.first)
        second = await page.db(WidgetChannel.objects.create, name="Second", queue=queue)
        good = (await page.hello())["token"]
        other = page.key
    visitor, generation, signature = good.split(".")
    forged = [
        "",
        "x",
        "..",
        f"{uuid4().hex}.{generation}.{signature}",
        f"{visitor}.{int(generation) + 1}.{signature}",
        f"{visitor}.{generation}.{signature[:-1]}",
        f"{visitor}.{'9' * 30}.{signature}",
        f"{visitor}.-1.{signature}",
        f"{visitor}.²{signature}",
        foreign,
        "é" * 300,
    ]
    for token in forged:
        async with widget(acme, key=other) as page:
            answer = await page.hello(token)
            assert (answer["type"], answer["code"]) == ("error", "token_refused"), token
            assert (await page.hello())["type"] == "welcome"
    async with widget(acme, key=second.key) as page:
        assert (await page.hello(good))["code"] == "token_refused"


async def test_a_token_is_good_until_a_newer_one_was_presented(acme: Any) -> None:
    """A token that leaked once opens nothing after the browser's next visit."""
    async with widget(acme) as page:
        await page.hello()
        await page.start()
        stolen = page.welcome["token"]
    async with widget(acme) as page:
        newer = (await page.hello(stolen))["token"]
    async with widget(acme) as page:
        # Twice the same is no theft: the welcome with the newer one may have been lost.
        assert (await page.hello(stolen))["type"] == "welcome"
    async with widget(acme) as page:
        assert (await page.hello(newer))["type"] == "welcome"
    async with widget(acme) as page:
        assert (await page.hello(stolen))["code"] == "token_refused"


async def test_a_browser_that_stayed_away_too_long_is_a_new_one(acme: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    async with widget(acme) as page:
        await page.hello()
        await page.start()
        await page.db(Visitor.objects.update, seen_at=timezone.now() - timedelta(days=91))
    async with widget(acme) as other:
        assert (await other.hello(page.welcome["token"]))["code"] == "token_refused"


async def test_conversations_of_others(acme: Any, globex: Any) -> None:
    """Another browser's, another tenant's, none at all: all the same to whoever asks."""
    async with widget(acme) as victim, widget(globex) as foreign:
        await victim.hello()
        await foreign.hello()
        ids = [
            (await victim.start())["conversation"]["id"],
            (await foreign.start())["conversation"]["id"],
            str(uuid4()),
        ]
        async with widget(acme) as page:
            await page.hello()
            # The same address gives no access either: nobody proved that it is theirs.
            await page.start("I am Lena too", email="lena@example.test")
            for conversation in ids:
                for frame in (
                    {"type": "send", "client_id": str(uuid4()), "body": "x"},
                    {"type": "typing", "on": True},
                    {"type": "mark", "delivered": 1, "read": 1},
                    {"type": "end"},
                    {"type": "history", "before": 9},
                ):
                    answer = await page.ask(**frame, conversation=conversation)
                    assert (answer["type"], answer["code"]) == ("error", "conversation_unknown")
                answer = await page.ask("sync", conversations={conversation: 0})
                assert answer["code"] == "conversation_unknown"
        row = await victim.db(Conversation.objects.get, pk=ids[0])
        assert (row.state, row.last_number) == ("waiting", 1)


async def test_the_address_of_a_known_contact_tells_nothing_about_them(acme: Any) -> None:
    from apps.contacts.models import Contact

    async with widget(acme) as page:
        known = await page.db(Contact.objects.create, name="Lena Okafor", email="lena@example.test", phone="+491")
        await page.db(WidgetChannel.objects.update, need_name=False)
        await page.hello()
        await page.start(name="")
        row = await page.db(Conversation.objects.select_related("contact").get)
        assert (row.contact.claims_id, row.contact.name, row.contact.phone) == (known.pk, "", "")
    async with widget(acme) as other:
        welcome = await other.hello(page.welcome["token"])
        assert welcome["contact"] == {"name": "", "email": "lena@example.test", "phone": "", "proven": False}
        await other.db(known.refresh_from_db)
        assert known.name == "Lena Okafor"


async def test_nothing_to_say(acme: Any) -> None:
    async with widget(acme) as page:
        await page.hello()
        for body in ("", "   \n\t ", "\u0002\u0007\u009f"):
            assert (await page.start(body))["code"] == "message_empty"
        assert await page.db(Conversation.objects.count) == 0
        assert await page.db(Visitor.objects.count) == 0


async def test_too_much_to_say(acme: Any) -> None:
    async with widget(acme) as page:
        await page.hello()
        conversation = (await page.start())["conversation"]["id"]
        assert (await page.send(conversation, "x" * 10_001))["code"] == "message_too_long"
        assert (await page.send(conversation, "x" * 10_000))["type"] == "ack"
        answer = await page.raw(
            json.dumps(
                {
                    "type": "send",
                    "id": "1",
                    "conversation": conversation,
                    "client_id": str(uuid4()),
                    "body": "x" * 64 * 1024,
                }
            )
        )
        assert (answer["type"], answer["id"], answer["code"]) == ("error", "1", "too_large")
        assert (await page.send(conversation, "still here"))["type"] == "ack"


TEXTS = {
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "{{ 7*7 }}{% now %}": "{{ 7*7 }}{% now %}",
    "a\u0002b\u0007c\u001bd": "abcd",
    "\u202eevil\u202c \u2066x\u2069": "\u202eevil\u202c \u2066x\u2069",
    "one\r\ntwo\rthree": "one\ntwo\nthree",
    "👩‍👩‍👧‍👦 שלום 日本": "👩‍👩‍👧‍👦 שלום 日本",
}


async def test_text_is_text(acme: Any) -> None:
    """Markup, control and bidirectional characters: stored and shown as text."""
    async with widget(acme) as page:
        await page.hello()
        conversation = (await page.start())["conversation"]["id"]
        for body, stored in TEXTS.items():
            message = (await page.send(conversation, body))["message"]
            assert message["body"] == stored
            assert await page.db(Message.objects.filter(client_id=message["client_id"], body=stored).exists)


async def test_half_a_character_is_refused_and_holds_nothing_up(acme: Any) -> None:
    """The page is told which of its messages it was; the next one is delivered."""
    async with widget(acme) as page:
        await page.hello()
        conversation = (await page.start())["conversation"]["id"]
        for body in ("half \ud83d", "\ude00", "a\0b"):
            answer = await page.send(conversation, body)
            assert (answer["type"], answer["code"], answer["field"]) == ("error", "bad_frame", "body")
            assert (await page.send(conversation, "whole \U0001f600"))["type"] == "ack"
        assert await page.db(Message.objects.filter(body="whole \U0001f600").count) == 3


async def test_an_address_that_is_none(acme: Any) -> None:
    async with widget(acme) as page:
        await page.hello()
        for email in ("ana", "ana@", "a b@example.test", "ana@example.test\u0000", "x" * 300 + "@e.test"):
            answer = await page.start(email=email)
            assert (answer["type"], answer["code"], answer["field"]) == ("error", "bad_frame", "email")
        assert await page.db(Conversation.objects.count) == 0


async def test_a_key_that_somebody_else_started_with(acme: Any) -> None:
    async with widget(acme) as one, widget(acme) as other:
        await one.hello()
        await other.hello()
        key = str(uuid4())
        await one.start(start_key=key)
        for email in ("lena@example.test", "bo@example.test"):
            assert (await other.start(start_key=key, email=email))["code"] == "start_key_taken"
        assert await one.db(Conversation.objects.count) == 1


async def test_a_client_id_of_the_agents(acme: Any) -> None:
    from tests.support.people import make_agent

    async with widget(acme) as page:
        await page.db(make_agent)
        await page.hello()
        conversation = (await page.start())["conversation"]["id"]
        message = await page.db(lambda: _agent_says(conversation))
        assert (await page.send(conversation, "mine", str(message.client_id)))["code"] == "client_id_taken"


def _agent_says(conversation: str) -> Message:
    from apps.conversations.actions import message_post
    from apps.conversations.choices import Side
    from apps.routing.actions import offer_accept
    from apps.routing.models import Offer

    offer = Offer.objects.select_related("agent").get(conversation=conversation)
    offer_accept(offer_id=offer.pk, actor=offer.agent)
    return message_post(
        conversation_id=offer.conversation_id,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body="Hi", author=offer.agent),
    )


async def test_ten_starts_an_hour_for_one_browser(acme: Any) -> None:
    async with widget(acme) as page:
        await page.hello()
        for _ in range(limits.START_BY_VISITOR.count):
            conversation = (await page.start())["conversation"]["id"]
            assert (await page.ask("end", conversation=conversation))["type"] == "ack"
        answer = await page.start()
        assert (answer["type"], answer["code"]) == ("error", "slow_down")
        assert 0 < answer["retry_after"] <= 3600


async def test_starts_are_counted_by_address_and_by_tenant(acme: Any, globex: Any) -> None:
    """Each widget has its own number; two of them count for themselves."""
    address = f"2001:db8:{uuid4().hex[:4]}:1::7"
    answers = []
    for last in ("1", "2", "3"):
        async with widget(acme, address=address[:-1] + last) as page:
            await page.db(WidgetChannel.objects.update, starts_per_hour=2)
            await page.hello()
            answers.append((await page.start()).get("code"))
    assert answers == [None, None, "slow_down"]
    async with widget(globex, address=address) as page:
        await page.hello()
        assert (await page.start())["type"] == "ack"


FOREIGN_PAGES = [
    {"host": "acme.localhost", "origin": "http://globex.localhost"},
    {"host": "acme.localhost", "origin": "https://evil.example"},
    {"host": "acme.localhost", "origin": "null"},
    {"host": "nobody.localhost", "origin": "http://nobody.localhost"},
    {"host": "acme.localhost"},
]


async def test_pages_that_may_not_open_a_socket(acme: Any) -> None:
    for headers in FOREIGN_PAGES:
        async with caller(headers) as peer:
            assert await peer.closed() == 4403
            assert not peer.accepted


async def test_a_widget_that_is_switched_off_closes_its_sockets(acme: Any, monkeypatch: Any) -> None:
    from apps.chat.consumers import WidgetConsumer

    monkeypatch.setattr(WidgetConsumer, "beat_seconds", 0.2)
    async with widget(acme) as page:
        await page.hello()
        await page.db(WidgetChannel.objects.update, is_active=False)
        assert await page.peer.closed() == 4410


async def test_a_frozen_tenant_closes_its_sockets(acme: Any, monkeypatch: Any) -> None:
    from apps.chat.consumers import WidgetConsumer
    from apps.realtime.tenant_threads import run_in_public

    monkeypatch.setattr(WidgetConsumer, "beat_seconds", 0.2)
    async with widget(acme) as page:
        await page.hello()
        await run_in_public(tenant_freeze, tenant=acme, frozen=True)
        assert await page.peer.closed() == 4410
