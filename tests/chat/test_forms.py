"""What the widget's socket tells of forms: where one is filled in, how it stands, nothing else (FRM-2, FRM-5)."""

from typing import Any
from uuid import UUID

import pytest

from apps.conversations.models import Conversation
from apps.forms.actions import form_send, form_withdraw
from apps.forms.models import SentForm
from apps.routing.actions import offer_accept
from tests.support.forms import fill, published
from tests.support.people import make_agent, ringing
from tests.support.widget import Widget, widget

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("layer")]


def send(conversation: str) -> SentForm:
    """Its agent takes it, and sends a form."""
    row = Conversation.objects.get(pk=UUID(conversation))
    offer = ringing(row)
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=offer.agent)
    return form_send(conversation_id=row.pk, form_id=published().pk, actor=offer.agent)


async def sent_to(page: Widget) -> tuple[str, SentForm]:
    await page.db(make_agent)
    await page.hello()
    conversation = str((await page.start())["conversation"]["id"])
    return conversation, await page.db(send, conversation)


async def forms_of(page: Widget, conversation: str) -> Any:
    return (await page.ask("sync", conversations={conversation: 0}))["forms"]


async def test_a_form_is_a_line_and_its_address_comes_with_the_next_sync(acme: Any) -> None:
    """Also with the welcome after a reload; once it is shut there is no address."""
    async with widget(acme) as page:
        conversation, sent = await sent_to(page)
        while (line := (await page.event("message"))["message"])["kind"] != "form":
            pass
        assert (line["side"], line["body"]) == ("agent", "Identity check")
        (found,) = await forms_of(page, conversation)
        assert found.pop("expires_at")
        assert found.pop("address").startswith(f"/form/{sent.pk.hex}w.")
        assert found == {"number": line["number"], "title": "Identity check", "state": "sent"}
        async with widget(acme) as reloaded:
            assert (await reloaded.hello(page.welcome["token"]))["forms"][0]["state"] == "sent"
        await page.db(fill, sent)
        while (line := (await page.event("message"))["message"])["kind"] != "filled":
            pass
        assert (line["side"], line["body"]) == ("customer", "Identity check")
        (found,) = await forms_of(page, conversation)
        assert (found["state"], found["address"]) == ("filled", "")


async def test_what_was_taken_back_has_no_address(acme: Any) -> None:
    async with widget(acme) as page:
        conversation, sent = await sent_to(page)
        await page.db(lambda: form_withdraw(sent_id=sent.pk, actor=sent.agent))
        (found,) = await forms_of(page, conversation)
        assert (found["state"], found["address"]) == ("withdrawn", "")


async def test_another_browser_is_told_of_no_form(acme: Any) -> None:
    async with widget(acme) as page, widget(acme) as other:
        conversation, _sent = await sent_to(page)
        assert (await other.hello())["forms"] == []
        answer = await other.ask("sync", conversations={conversation: 0})
        assert answer["code"] == "conversation_unknown"
