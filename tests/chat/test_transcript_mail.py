"""A chat by mail, as its customer's page asks for it (CHAT-1); what is sent is tested with mail."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from apps.chat import limits
from apps.chat.models import WidgetChannel
from apps.conversations.models import Conversation
from apps.email.models import MailChannel, OutboundMail
from apps.routing.actions import offer_accept
from tests.support.admin_pages import fields
from tests.support.browser import signed_in, user_as
from tests.support.inbound_mails import make_channel
from tests.support.people import make_agent, ringing
from tests.support.widget import Frame, Widget, widget

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("layer")]


@pytest.fixture(autouse=True)
def _count_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests have counted for the same address counts no more."""
    monkeypatch.setattr(limits, "MAIL_TO", limits.Limit(uuid4().hex, 5, 86_400))


def offered() -> None:
    """The widget offers it, and mail can be sent; nobody is at the other end."""
    WidgetChannel.objects.update(mails_transcripts=True)
    make_channel(smtp_host="127.0.0.1", smtp_port=1, smtp_security="none")


def accept(conversation: str) -> None:
    agent = make_agent()
    offer = ringing(Conversation.objects.get(pk=UUID(conversation)))
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=agent.user)


def sent() -> list[tuple[str, str, list[str]]]:
    return list(OutboundMail.objects.values_list("kind", "state", "recipients"))


async def wish(page: Widget, conversation: str, email: str = "lena@example.test", **more: str) -> Frame:
    return await page.ask(
        "mail_transcript", conversation=conversation, **{"client_id": str(uuid4()), "email": email, **more}
    )


async def test_a_page_asks_and_both_sides_read_where_it_goes(acme: Any) -> None:
    async with widget(acme) as page:
        await page.db(offered)
        await page.hello()
        conversation = (await page.start())["conversation"]["id"]
        assert (await wish(page, conversation))["code"] == "transcript_not_mailed"
        await page.db(accept, conversation)
        await page.ask("end", conversation=conversation)
        key = str(uuid4())
        for _again in range(2):
            answer = await wish(page, conversation, " Lena@Example.test", client_id=key, language="en")
            assert answer == {"type": "ack", "email": "lena@example.test"}
        assert await page.db(sent) == [("transcript", "queued", ["lena@example.test"])]
        lines = (await page.ask("sync", conversations={conversation: 0}))["messages"][conversation]
        assert [(line["number"], line["kind"]) for line in lines] == [
            (1, "text"),
            (2, "joined"),
            (3, "left"),
            (4, "notice"),
        ]
        assert lines[-1]["body"] == "This conversation goes to lena@example.test by email."


async def test_what_is_no_address_is_said_at_its_field(acme: Any) -> None:
    async with widget(acme) as page:
        await page.db(offered)
        await page.hello()
        conversation = (await page.start())["conversation"]["id"]
        await page.db(accept, conversation)
        for typed in ("", "lena@", "support@acme.test"):
            refused = await wish(page, conversation, typed)
            assert (refused["type"], refused["field"]) == ("error", "email"), typed
        assert await page.db(sent) == []


async def test_a_browser_asks_so_often(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAIL_BY_VISITOR", limits.Limit(uuid4().hex, 2, 3600))
    async with widget(acme) as page:
        await page.db(offered)
        await page.hello()
        conversation = (await page.start())["conversation"]["id"]
        codes = [(await wish(page, conversation)).get("code") for _each in range(3)]
        assert codes == ["transcript_not_mailed", "transcript_not_mailed", "slow_down"]


def test_the_frame_offers_it_where_the_widget_does_and_mail_can_be_sent(acme: Any) -> None:
    browser = Client(headers={"host": "acme.localhost"})

    def offers() -> bool:
        page = browser.get("/widget/frame/", {"channel": WidgetChannel.objects.get().key}).content.decode()
        assert ('id="mail-ended"' in page) == ('id="mail-dialog"' in page)
        return 'id="mail-ended"' in page

    assert not offers()
    offered()
    assert offers()
    MailChannel.objects.update(is_active=False)
    assert not offers()
    MailChannel.objects.update(is_active=True)
    WidgetChannel.objects.update(mails_transcripts=False)
    assert not offers()


def test_an_administrator_switches_it_on(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    address = f"/admin/chat/widgetchannel/{WidgetChannel.objects.get().pk}/change/"
    assert browser.post(address, fields(browser.get(address)) | {"mails_transcripts": "on"}).status_code == 302
    assert WidgetChannel.objects.get().mails_transcripts
