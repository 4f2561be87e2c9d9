"""A canary (FRM-6): numbers that are nowhere else are said in every way there is, then everything is searched."""

import re
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest
from channels.layers import get_channel_layer

from apps.accounts.models import User
from apps.conversations.models import Conversation, Message
from apps.email.models import RawMail
from apps.mailin.actions import mail_content, mails_file
from apps.masking.check_digits import is_luhn
from apps.notes.actions import note_add
from apps.realtime.tenant_threads import run_in_tenant
from apps.routing.actions import offer_accept
from tests.support.browser import Browser, signed_in, user_as
from tests.support.inbound_mails import make_channel, receive
from tests.support.leaks import console, every_cell, heard, told_to_valkey
from tests.support.media import media_in
from tests.support.people import make_agent, ringing
from tests.support.widget import widget

pytestmark = pytest.mark.django_db(transaction=True)


def card(beginning: str) -> str:
    """A card's number that begins like this, in groups of four."""
    digits = next(beginning + check for check in "0123456789" if is_luhn(beginning + check))
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


FIRST, MORE, AGENT, DRAFT, UPLOAD, NAME, NOTE, MAIL, SUBJECT, HTML, ENCLOSED = (
    card(f"4929{place:02d}37168857{place % 10}") for place in range(11)
)
SECRETS = [FIRST, MORE, AGENT, DRAFT, UPLOAD, NAME, NOTE, MAIL, SUBJECT, HTML, ENCLOSED]
_ANY = re.compile("|".join(r"[^0-9A-Za-z]{0,4}".join(each.replace(" ", "")) for each in SECRETS))


def found_in(text: str) -> list[str]:
    """The numbers that stand in a text, in whatever formatting."""
    return _ANY.findall(text)


@pytest.fixture
async def layer() -> Any:
    yield get_channel_layer()
    await get_channel_layer().flush()  # type: ignore[union-attr]


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


def accept(conversation: str) -> None:
    offer = ringing(Conversation.objects.get(pk=UUID(conversation)))
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=offer.agent)


def mail_in() -> bytes:
    """A mail with numbers in it is received and filed; what the vault has of it."""
    channel = make_channel()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ana@customer.example", channel.address, f"About {SUBJECT}"
    mail["Message-ID"] = "<canary@customer.example>"
    mail.set_content(f"It is {MAIL}.")
    halves = HTML.split(" ", 2)
    mail.add_alternative(f"<p>{halves[0]}<b>{halves[1]}</b> {halves[2]}</p><!-- {HTML} -->", subtype="html")
    mail.add_attachment(b"Hello", maintype="text", subtype="plain", filename=f"{ENCLOSED}.txt")
    row = receive(channel, mail.as_bytes())
    mails_file(channel_id=channel.pk)
    return mail_content(RawMail.objects.get(pk=row.pk))


def pages(agent: Browser, conversation: str) -> list[str]:
    """What the console and the admin show of it all."""
    owner = signed_in(user_as("owner"))
    of_mail = Message.objects.exclude(conversation=conversation).values_list("conversation", flat=True).first()
    told = [
        agent.get(f"/console/c/{conversation}/"),
        agent.get(f"/console/past/{conversation}/"),
        agent.get("/console/tray/", headers={"HX-Request": "true"}),
        owner.get("/admin/conversations/conversation/"),
        owner.get(f"/admin/conversations/conversation/{conversation}/change/"),
        owner.get(f"/admin/conversations/conversation/{of_mail}/change/"),
        owner.get("/admin/email/rawmail/"),
    ]
    assert {answer.status_code for answer in told} == {200}
    return [answer.content.decode() for answer in told]


async def test_frm_6_a_number_is_in_the_vault_and_nowhere_else(acme: Any, layer: Any) -> None:
    with heard() as log, told_to_valkey() as commands:
        async with widget(acme) as page:
            user = await page.db(lambda: User.objects.get(pk=make_agent().pk))
            async with console(acme, user) as (peer, browser):
                await page.hello()
                begun = await page.start(f"My card is {FIRST}", name=f"Ana {NAME}")
                conversation = begun["conversation"]["id"]
                await page.db(accept, conversation)
                await page.send(conversation, f"I mean {MORE.replace(' ', chr(0x2011))}")
                await page.ask("upload", conversation=conversation, name=f"{UPLOAD}.txt", size=5)
                page.tell("typing", conversation=conversation, on=True)
                draft = {"type": "draft", "body": f"Is it {DRAFT}?"}
                said = {"type": "send", "body": f"Is it {AGENT}?", "client_id": str(uuid4())}
                for kind, frame in (("draft", draft), ("send", said)):
                    peer.say({"id": kind, "conversation": conversation, **frame})
                    while (await peer.hear()).get("id") != kind:
                        pass
                note = {"key": uuid4(), "on_contact": False, "actor": user, "body": f"Has {NOTE}"}
                await page.db(note_add, conversation_id=UUID(conversation), **note)
                await page.ask("sync", conversations={conversation: 0})
                original = await page.db(mail_in)
                shown = await run_in_tenant(acme, pages, browser, conversation)
                told = [*map(str, page.peer.heard), *map(str, peer.heard)]
    assert found_in(f"x{FIRST}y") != []  # The search finds what there is to be found.
    assert MAIL.encode() in original
    assert "•••• •••• ••••" in "".join(shown) + "".join(told)
    assert [found for each in (*shown, *told) for found in found_in(each)] == []
    assert found_in(log.getvalue()) == []
    assert found_in("\n".join(commands)) == []
    cells = await run_in_tenant(acme, lambda: {table: found_in(text) for table, text in every_cell()})
    assert {table: found for table, found in cells.items() if found} == {}
