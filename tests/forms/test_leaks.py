"""A canary (FRM-5): values that are nowhere else go into a form, its story is played, then everything is searched."""

import sys
from typing import Any
from uuid import UUID

import pytest
from channels.layers import get_channel_layer
from django.core.signals import got_request_exception
from django.views.debug import ExceptionReporter

from apps.accounts.models import User
from apps.chat.tokens import token_make as visitor_token
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.dispositions.actions import wrap_up_close
from apps.forms.actions import form_send, submission
from apps.forms.choices import Via
from apps.forms.models import SentForm
from apps.forms.tokens import token_make
from apps.routing.actions import offer_accept
from apps.vault.models import DataKey
from tests.support.browser import Browser, signed_in, user_as
from tests.support.dispositions import resolution
from tests.support.forms import given, published, send
from tests.support.leaks import console, every_cell, heard, told_to_valkey
from tests.support.peer import Peer
from tests.support.people import make_agent, ringing
from tests.support.widget import Widget, widget

pytestmark = pytest.mark.django_db(transaction=True)

NAME, CARD, CODE, STORY = "Canary Quillfeather", "4929 3716 8857 0042", "zx-81-canary-pw", "canary story 77f3"
SECRETS = (NAME, "Quillfeather", CARD, "3716 8857", CODE, STORY)
FIELDS = (
    {"label": "Full name", "secure": "replace", "replacement": "on file"},
    {"label": "Card", "secure": "mask", "keep": 4},
    {"label": "Code", "kind": "password", "secure": "redact"},
    {"label": "Story", "kind": "area", "secure": "redact", "pattern": "canary.*"},
)
ANSWERS = {"full_name": NAME, "card": CARD, "code": CODE, "story": STORY}
WRONG = ANSWERS | {"story": "not so: " + STORY}
JSON = {"accept": "application/json"}


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.fixture
async def layer() -> Any:
    yield get_channel_layer()
    await get_channel_layer().flush()  # type: ignore[union-attr]


def begin(conversation: str) -> SentForm:
    """Its agent takes it, and sends the form."""
    row = Conversation.objects.get(pk=UUID(conversation))
    offer = ringing(row)
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=offer.agent)
    return form_send(conversation_id=row.pk, form_id=published(*FIELDS).pk, actor=offer.agent)


def play(sent: SentForm, address: str, browser: Browser, channel: str) -> list[str]:
    """Fill it in with a mistake first, look at it, reveal one field, save the transcript, end, close; look again.

    Returns:
        Everything that was answered, the reveal alone excepted.
    """
    pages: list[str] = []
    customer, agent = Browser("acme.localhost"), sent.agent
    owner = signed_in(user_as("owner"))

    def keep(answer: Any) -> Any:
        pages.append(answer.content.decode() + str(dict(answer.headers)))
        return answer

    assert keep(customer.post(address, given(**WRONG), headers=JSON)).status_code == 422
    assert keep(customer.post(address, given(**ANSWERS), headers=JSON)).status_code == 200
    for path in (address, f"{address}?part"):
        keep(customer.get(path))
    keep(customer.post(address, given(**ANSWERS), headers=JSON))
    pane, card = f"/console/c/{sent.conversation_id}/", f"/console/forms/{sent.pk}/"
    keep(browser.get(pane))
    keep(browser.get(pane, headers={"HX-Request": "true"}))
    keep(browser.get(card, headers={"X-Requested-With": "fetch"}))
    revealed = browser.post(f"{card}reveal/", {"field": "story", "reason": "Canary check"}, headers=JSON)
    assert STORY in revealed.json()["values"][0]["text"]
    keep(browser.get("/console/tray/", headers={"HX-Request": "true"}))
    conversation_end(conversation_id=sent.conversation_id, by=Side.CUSTOMER, actor=None)
    keep(browser.get(pane))
    wrap_up_close(conversation_id=sent.conversation_id, chosen=[resolution()], description="", actor=agent)
    keep(browser.get(pane))
    keep(customer.post("/widget/transcript/", transcript_of(sent, channel)))
    for path in (
        f"/console/past/{sent.conversation_id}/",
        f"/admin/forms/sentform/{sent.pk}/change/",
        "/admin/forms/sentform/",
        "/admin/forms/formaccess/",
        f"/admin/conversations/conversation/{sent.conversation_id}/change/",
        "/admin/conversations/conversation/?q=Quillfeather",
    ):
        answer = owner.get(path)
        # What somebody searches for stands in the box that they search with.
        pages.append(answer.content.decode().replace("Quillfeather", "") if "?q=" in path else answer.content.decode())
    return pages


def transcript_of(sent: SentForm, channel: str) -> dict[str, str]:
    from apps.chat.models import Visit, WidgetChannel

    visitor = Visit.objects.get(conversation=sent.conversation_id).visitor
    widget_channel = WidgetChannel.objects.get(key=channel)
    token = visitor_token(channel=widget_channel.pk, visitor=visitor.pk, generation=visitor.generation)
    return {"channel": channel, "token": token, "conversation": str(sent.conversation_id), "time_zone": "UTC"}


async def hears(peer: Peer) -> list[str]:
    """All that a socket has been told by now."""
    said = []
    while True:
        try:
            said.append(str(await peer.hear(0.5)))
        except Exception:
            return said


async def test_frm_5_a_value_is_in_the_vault_and_in_the_answer_to_a_reveal_and_nowhere_else(
    acme: Any, globex: Any, layer: Any
) -> None:
    with heard() as log, told_to_valkey() as commands:
        async with widget(acme) as page:
            user = await page.db(lambda: User.objects.get(pk=make_agent().pk))
            async with console(acme, user) as (peer, browser):
                await page.hello()
                conversation = str((await page.start())["conversation"]["id"])
                sent = await page.db(begin, conversation)
                sync = await page.ask("sync", conversations={conversation: 0})
                address = sync["forms"][0]["address"]
                pages = await page.db(play, sent, address, browser, page.key)
                after = await page.ask("sync", conversations={conversation: 0})
                frames = [*(await hears(peer)), str(after), *map(str, page.events)]
    assert len(pages) > 15
    assert [found_in(page) for page in pages if found_in(page)] == []
    assert "0042" in "".join(pages)  # What the mask leaves.
    assert any("Identity check" in frame for frame in frames)
    assert [frame for frame in frames if found_in(frame)] == []
    assert len(commands) > 20
    assert [command for command in commands if found_in(command)] == []
    assert "Unprocessable" in log.getvalue()
    assert found_in(log.getvalue()) == []
    await page_search(page)


def test_frm_5_an_error_report_holds_no_value(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should something break on the way: neither what is logged nor what Django would mail to its administrators."""

    def broken(*_args: Any, **_kwargs: Any) -> bytes:
        raise RuntimeError("no key to be had")

    sent = send(make_agent(), published(*FIELDS))
    monkeypatch.setattr(submission, "encrypt_value", broken)
    reports: list[str] = []

    def report(request: Any, **_kwargs: Any) -> None:
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_text())

    got_request_exception.connect(lambda request=None, **_rest: report(request), weak=False, dispatch_uid="canary")
    browser = Browser("acme.localhost", raise_request_exception=False)
    try:
        with heard() as log:
            answer = browser.post(f"/form/{token_make(sent.pk, Via.LINK)}/", given(**ANSWERS))
    finally:
        got_request_exception.disconnect(dispatch_uid="canary")
    assert (answer.status_code, found_in(answer.content.decode())) == (500, [])
    assert ("no key to be had" in log.getvalue(), found_in(log.getvalue())) == (True, [])
    assert (len(reports), "_keep" in reports[0], found_in(reports[0])) == (1, True, [])
    assert not SentForm.objects.get().is_filled


async def page_search(page: Widget) -> None:
    """The tables, last: also those of the other tenant, and the public ones."""
    cells = dict(await page.db(lambda: list(every_cell())))
    assert {"acme.forms_formvalue", "globex.forms_formvalue", "acme.conversations_message"} <= set(cells)
    assert cells["acme.forms_formvalue"].count("\n") == 3
    assert {table: found_in(text) for table, text in cells.items() if found_in(text)} == {}
    encoded = [secret.encode().hex() for secret in SECRETS]
    assert [table for table, text in cells.items() if any(each in text for each in encoded)] == []
    assert await page.db(DataKey.objects.filter(purpose="forms").count) == 1
