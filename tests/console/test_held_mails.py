"""What has been sent and can still be taken back: its card, its pane, its wrap-up (EML-7, EML-8)."""

from typing import Any

import pytest

from apps.agents.models import Agent
from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.dispositions.models import Choice
from apps.email.models import MailChannel, MailDraft, MailMessage, OutboundMail
from apps.mailout.actions import outbound_release
from apps.queues.models import Queue
from apps.responses.models import Response
from tests.support.browser import Browser
from tests.support.dispositions import outcome
from tests.support.inbound_mails import make_channel, write, written
from tests.support.mail_editor import answering, editor, keep, send
from tests.support.media import media_in
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import make_agent
from tests.support.responses import make_response

pytestmark = pytest.mark.django_db(transaction=True)
CY = "cy@customer.example"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    settings.EMAIL_HOST = "mail.test"
    yield from media_in(settings, tmp_path)


@pytest.fixture
def channel(acme: Any) -> MailChannel:
    return make_channel()


@pytest.fixture
def agent(channel: MailChannel) -> Agent:
    return make_agent()


@pytest.fixture
def browser(agent: Agent) -> Browser:
    return browser_of(agent.user)


def new_mail(browser: Browser, channel: MailChannel, then: str = "send") -> str:
    """Send a new mail; what the page becomes."""
    begun = editor(browser, "/console/mail/new/")
    fields = {"to": CY, "subject": "Your order", "queue": str(channel.queue_id), "then": then}
    answer = send(browser, begun, **fields)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def test_eml_7_a_new_mail_stands_in_the_tray_and_heads_its_thread_from_send_on(
    browser: Browser, channel: MailChannel
) -> None:
    said = new_mail(browser, channel)
    it = Conversation.objects.get()
    assert ">Your order</h1>" in said
    assert f'id="card-{it.pk}"' in said
    assert '<span class="card-subject">Your order</span>' in said
    assert f'dir="auto">{CY}</span>' in said
    assert 'id="wrap-up"' not in said
    again = browser.get(f"/console/c/{it.pk}/")
    assert (again.status_code, ">Your order</h1>" in again.content.decode()) == (200, True)
    stranger = browser_of(make_agent(available=False).user)
    assert stranger.get(f"/console/c/{it.pk}/").status_code == 404
    assert f"card-{it.pk}" not in stranger.get("/console/tray/").content.decode()
    outbound_release(outbound_id=OutboundMail.objects.get().pk)
    pane = browser.get(f"/console/c/{it.pk}/").content.decode()
    assert 'data-state="active"' in pane
    assert pane.count(f'id="card-{it.pk}"') == 1


def test_eml_8_send_and_close_of_a_new_mail_asks_for_the_outcome_at_once(
    browser: Browser, channel: MailChannel
) -> None:
    """Whoever answers needs no ten seconds more: it leaves, and is closed."""
    assert 'id="wrap-up"' in new_mail(browser, channel, "close")
    it = Conversation.objects.get()
    missing = browser.post(f"/console/c/{it.pk}/close/", {}, headers=HTMX)
    assert (missing.status_code, OutboundMail.objects.get().state) == (422, "held")
    closed = browser.post(f"/console/c/{it.pk}/close/", outcome(), headers=HTMX)
    it.refresh_from_db()
    assert (closed.status_code, it.state) == (200, "closed")
    assert MailMessage.objects.get().conversation == it
    assert Choice.objects.get(conversation=it).code_name == "Resolved"


def test_eml_8_send_and_close_of_an_answer_asks_too_and_undo_takes_all_of_it_back(
    browser: Browser, agent: Agent, channel: MailChannel
) -> None:
    mine = written(channel, agent, write())
    said = send(browser, answering(browser, mine), then="close").content.decode()
    row = OutboundMail.objects.get()
    assert 'id="wrap-up"' in said
    assert f'action="/console/mail/out/{row.pk}/undo/"' in said
    back = browser.post(f"/console/mail/out/{row.pk}/undo/", headers=HTMX).content.decode()
    assert 'id="wrap-up"' not in back
    assert 'id="mail-editor"' in back


def test_eml_8_undo_of_a_new_mail_leaves_no_card(browser: Browser, channel: MailChannel) -> None:
    new_mail(browser, channel, "close")
    it = Conversation.objects.get()
    back = browser.post(f"/console/mail/out/{OutboundMail.objects.get().pk}/undo/", headers=HTMX).content.decode()
    assert 'id="mail-editor"' in back
    assert str(it.pk) not in back
    assert browser.post(f"/console/c/{it.pk}/close/", outcome(), headers=HTMX).status_code == 409


def test_wrp_4_a_queue_without_wrap_up_asks_for_none(browser: Browser, channel: MailChannel) -> None:
    Queue.objects.update(acw_mode="off")
    assert 'id="wrap-up"' not in new_mail(browser, channel, "close")


# --- The editor of a new mail


def test_con_8_a_new_mail_has_standard_responses_with_what_was_typed_alone(
    browser: Browser, channel: MailChannel
) -> None:
    """What is known of somebody with that address is not filled in."""
    Contact.objects.create(email=CY, name="Cyrus Ambani", phone="+44 1632 960960")
    Response.objects.all().delete()
    make_response("hello", "Dear {{contact.first_name}} ({{contact.phone}}), {{queue.name}}", name="Hello")
    path = "/console/mail/new/responses/"
    asked = browser.get(f"{path}?queue={channel.queue_id}&to=%22Cy+A%22+%3C{CY}%3E", headers=HTMX)
    (option,) = elements(asked, "li", role="option")
    said = asked.content.decode()
    assert option["data-missing"] == "the customer's phone number"
    assert f"Dear Cy (your phone number), {channel.queue.name}" in said
    assert "Choose a queue first." in browser.get(f"{path}?queue=x&to={CY}", headers=HTMX).content.decode()
    page = editor(browser, "/console/mail/new/")["page"]
    assert f'data-address="{path}"' in page
    assert 'data-part="close"' in page


def test_eml_9_two_drafts_of_one_thread_are_told_apart(browser: Browser, agent: Agent, channel: MailChannel) -> None:
    mine = written(channel, agent, write())
    for to, body in (("Ana Ruiz <ana@customer.example>", "It is on its way."), ("depot@x.example", "Do you have it?")):
        keep(browser, answering(browser, mine), to=to, body=body)
    bar = browser.get("/console/drafts/", headers=HTMX).content.decode()
    foot = browser.get(f"/console/drafts/?in={mine.pk}", headers=HTMX).content.decode()
    for words in ("to Ana Ruiz<", "It is on its way.", "to depot@x.example<", "Do you have it?"):
        assert words in bar
        assert words in foot
    assert MailDraft.objects.count() == 2
