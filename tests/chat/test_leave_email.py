"""Waiting and leaving an address, as the widget's socket tells and takes them (RTE-4, RTE-5)."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from apps.chat import limits
from apps.chat.models import Visitor, WidgetChannel
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.queues.models import HoursProfile, Queue
from apps.routing.models import WaitingExperience
from tests.support.widget import Frame, Widget, widget

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("layer")]


def shut() -> None:
    """Out of hours: the stock flow asks for an address."""
    Queue.objects.filter(is_default=True).update(hours=HoursProfile.objects.create(name="Never"))
    WidgetChannel.objects.update(need_email=False)


async def asked(page: Widget, **who: str) -> str:
    """A chat that has ended with the wish for an address."""
    await page.db(shut)
    await page.hello()
    ack = await page.start(**who)
    assert ack["conversation"]["state"] == "closed"
    return str(ack["conversation"]["id"])


def left(conversation: str) -> list[tuple[str, dict[str, str]]]:
    timeline = Conversation.objects.get(pk=UUID(conversation)).timeline.filter(kind="email_left")
    return [(event.side, event.data) for event in timeline]


async def leave(page: Widget, conversation: str, email: str) -> Frame:
    return await page.ask("leave_email", conversation=conversation, email=email)


async def test_an_address_is_left_once(acme: Any) -> None:
    async with widget(acme) as page:
        conversation = await asked(page, email="")
        for typed in (" ANA@Example.test", "ana@example.test"):
            assert await leave(page, conversation, typed) == {"type": "ack", "email": "ana@example.test"}
        assert await page.db(left, conversation) == [("customer", {"email": "ana@example.test"})]
        assert (await page.db(Contact.objects.get)).email == "ana@example.test"
        assert (await page.db(Visitor.objects.get)).email == "ana@example.test"
    async with widget(acme) as again:
        welcome = await again.hello(page.welcome["token"])
        assert (welcome["email_left"], welcome["contact"]["email"]) == ("ana@example.test", "ana@example.test")


async def test_one_that_is_known_is_confirmed_and_another_leaves_the_contact_as_it_is(acme: Any) -> None:
    async with widget(acme) as page:
        conversation = await asked(page, email="ana@example.test")
        await leave(page, conversation, "ana@example.test")
        await leave(page, conversation, "ana@work.test")
        emails = [data["email"] for _side, data in await page.db(left, conversation)]
        assert emails == ["ana@example.test", "ana@work.test"]
        assert (await page.db(Contact.objects.get)).email == "ana@example.test"
        assert (await page.db(Visitor.objects.get)).email == "ana@work.test"


async def test_what_is_no_address_is_refused(acme: Any) -> None:
    async with widget(acme) as page:
        conversation = await asked(page, email="")
        for typed in (
            "",
            "ana",
            "ana@",
            "a b@example.test",
            "x" * 300 + "@example.test",
            "ana@example.test\r\nBcc: x@y.z",
        ):
            refused = await leave(page, conversation, typed)
            assert (refused["type"], refused["code"], refused["field"]) == ("error", "bad_frame", "email"), typed
        assert await page.db(left, conversation) == []


async def test_only_ones_own_conversation_that_asked(acme: Any, globex: Any) -> None:
    async with widget(acme) as victim, widget(acme) as other, widget(globex) as foreign:
        conversation = await asked(victim, email="")
        theirs = await asked(foreign, email="")
        await other.hello()
        for wanted in (conversation, theirs, str(uuid4())):
            assert (await leave(other, wanted, "eve@example.test"))["code"] == "conversation_unknown"
        await other.db(Queue.objects.update, hours=None)
        mine = (await other.start())["conversation"]["id"]
        assert (await leave(other, mine, "eve@example.test"))["code"] == "email_not_asked"
        assert (await leave(other, conversation, "eve@example.test"))["code"] == "conversation_unknown"
        assert await victim.db(left, conversation) == []
        assert await foreign.db(left, theirs) == []
        assert (await leave(foreign, theirs, "bo@example.test"))["type"] == "ack"
        assert not await victim.db(Contact.objects.filter(email="bo@example.test").exists)


async def test_leaving_is_limited(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EMAIL_BY_VISITOR", limits.Limit(uuid4().hex, 2, 3600))
    async with widget(acme) as page:
        conversation = await asked(page, email="")
        answers = [await leave(page, conversation, f"ana{number}@example.test") for number in range(3)]
        assert [answer["type"] for answer in answers] == ["ack", "ack", "error"]
        assert answers[2]["code"] == "slow_down"


async def test_who_waits_is_told_their_place_with_every_answer(acme: Any) -> None:
    async with widget(acme) as one, widget(acme) as other:
        await one.db(WaitingExperience.objects.update, first_message="Soon.")
        await one.hello()
        assert one.welcome["waiting"] is None
        first = await one.start()
        assert first["waiting"] == {"position": 1, "minutes": None, "message": "Soon.", "is_asked": False}
        await other.hello()
        second = (await other.start(email="bo@example.test"))["conversation"]["id"]
        ack = await other.ask("sync", conversations={second: 1})
        assert ack["waiting"] == {"position": 2, "minutes": None, "message": "Soon.", "is_asked": False}
        await one.ask("end", conversation=first["conversation"]["id"])
        ack = await other.ask("sync", conversations={second: 1})
        assert ack["waiting"]["position"] == 1
        ack = await one.ask("sync", conversations={first["conversation"]["id"]: 1})
        assert ack["waiting"] is None
        assert [line["kind"] for line in ack["messages"][first["conversation"]["id"]]] == ["left"]
    async with widget(acme) as again:
        assert (await again.hello(other.welcome["token"]))["waiting"]["position"] == 1


async def test_the_last_line_says_who_ended_it(acme: Any) -> None:
    async with widget(acme) as page:
        await page.hello()
        for by, kind in ((Side.CUSTOMER, "left"), (Side.SYSTEM, "ended")):
            conversation = (await page.start())["conversation"]["id"]
            await page.db(conversation_end, conversation_id=UUID(conversation), by=by, actor=None)
            ack = await page.ask("sync", conversations={conversation: 1})
            line = ack["messages"][conversation][-1]
            assert (line["side"], line["kind"], line["author"], line["body"]) == ("system", kind, None, "")
            assert timezone.now().isoformat() > line["at"]
