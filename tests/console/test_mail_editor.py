"""Mails are written in the console: answers, drafts, sending, undo (EML-5, EML-7 to EML-10)."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.models import Role
from apps.accounts.permissions import Permission
from apps.agents.models import Agent, Capacity
from apps.conversations.actions import message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.email.choices import OutboundState
from apps.email.models import MailChannel, MailDraft, MailDraftFile, MailMessage, OutboundMail
from apps.files.actions import file_store
from apps.files.models import Uploader
from tests.support.browser import Browser
from tests.support.inbound_mails import SUPPORT, make_channel, write, written
from tests.support.mail_editor import IN_PLACE, answering, editor, keep, letter, number_of, send
from tests.support.media import media_in
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    settings.EMAIL_HOST = "mail.test"
    yield from media_in(settings, tmp_path)


@pytest.fixture
def channel(acme: Any) -> MailChannel:
    return make_channel(signature="Acme Support")


@pytest.fixture
def agent(channel: MailChannel) -> Agent:
    return make_agent()


@pytest.fixture
def mine(channel: MailChannel, agent: Agent) -> Conversation:
    return written(channel, agent, write(cc="Bo <bo@customer.example>", files=[("list.txt", b"one, two")]))


@pytest.fixture
def browser(agent: Agent) -> Browser:
    return browser_of(agent.user)


# --- Answers


def test_eml_5_a_reply_goes_to_the_sender_and_one_to_all_keeps_everyone(browser: Browser, mine: Conversation) -> None:
    reply = answering(browser, mine)
    assert (reply["to"], reply["cc"], reply["subject"]) == ('"Ana Ruiz" <ana@customer.example>', "", "Re: Parcel")
    everyone = answering(browser, mine, "all")
    assert (everyone["to"], everyone["cc"]) == ('"Ana Ruiz" <ana@customer.example>', '"Bo" <bo@customer.example>')
    assert '<p class="editor-signature" dir="auto">Acme Support</p>' in reply["page"]
    assert "Where is my parcel?" in reply["page"]


def test_eml_5_handing_on_takes_the_files_along(browser: Browser, mine: Conversation) -> None:
    forward = answering(browser, mine, "forward", post=True)
    assert (forward["to"], forward["subject"]) == ("", "Fwd: Parcel")
    assert "list.txt" in forward["files"]
    assert "list.txt" not in answering(browser, mine, "forward")["files"]


def test_an_editor_comes_with_its_conversation_where_there_is_no_page_yet(browser: Browser, mine: Conversation) -> None:
    path = f"/console/c/{mine.pk}/mails/{number_of(mine)}/reply/"
    whole = browser.get(path).content.decode()
    assert "<!DOCTYPE html>" in whole
    assert 'id="mail-editor"' in whole
    part = browser.get(path, headers=HTMX)
    assert part["HX-Push-Url"] == f"/console/c/{mine.pk}/"


# --- Drafts


def test_eml_9_a_draft_is_kept_listed_and_opened_again(browser: Browser, mine: Conversation) -> None:
    begun = answering(browser, mine)
    assert keep(browser, begun).json()["version"] == 1
    assert keep(browser, begun, version="1", body="And more").json()["version"] == 2
    pane = browser.get(f"/console/c/{mine.pk}/", headers=HTMX).content.decode()
    assert f'id="draft-{begun["id"]}"' in pane
    assert "And more" in pane
    assert f'id="bar-{begun["id"]}"' in browser.get("/console/").content.decode()
    again = editor(browser, f"/console/drafts/{begun['id']}/")
    assert (again["version"], again["to"]) == ("2", '"Ana Ruiz" <ana@customer.example>')
    assert ">And more</textarea>" in again["page"]


def test_eml_9_another_device_is_told_which_is_newer(browser: Browser, mine: Conversation) -> None:
    begun = answering(browser, mine)
    keep(browser, begun)
    keep(browser, begun, version="1", body="From the phone")
    answer = keep(browser, begun, version="1", body="From the desk")
    assert (answer.status_code, answer.json()["code"], answer.json()["version"]) == (409, "draft_outdated", 2)
    assert MailDraft.objects.get().body == "From the phone"


def test_eml_9_what_is_not_complete_is_kept_when_the_editor_closes(browser: Browser, mine: Conversation) -> None:
    begun = answering(browser, mine)
    assert keep(browser, begun, to="").json()["missing"] == ["to"]
    assert keep(browser, begun, to="", closing="1").json()["version"] == 1
    assert keep(browser, answering(browser, mine), body="", closing="1").json()["code"] == "draft_empty"
    assert MailDraft.objects.count() == 1


def test_con_1_the_tray_shows_what_was_begun_last_to_its_writer_alone(browser: Browser, mine: Conversation) -> None:
    """As in chat; one that is sent is no draft any more."""
    first, second = answering(browser, mine), answering(browser, mine)
    keep(browser, first, body="The first words")
    keep(browser, second, body="The second\nwords")
    tray = browser.get("/console/tray/", headers=HTMX).content.decode()
    assert tray.count('class="card-draft"') == 1
    assert '<span class="edge" dir="auto">The second\nwords</span>' in tray
    MailDraft.objects.filter(pk=second["id"]).update(body="")
    assert '<span class="edge" dir="auto">Re: Parcel</span>' in browser.get("/console/tray/").content.decode()
    assert send(browser, second, version="1").status_code == 200
    assert "The first words" in browser.get("/console/tray/", headers=HTMX).content.decode()
    MailDraft.objects.update(agent=make_agent(available=False).user)
    assert 'class="card-draft"' not in browser.get("/console/tray/", headers=HTMX).content.decode()


def test_eml_9_a_draft_is_deleted_once(browser: Browser, mine: Conversation) -> None:
    begun = answering(browser, mine)
    keep(browser, begun)
    path = f"/console/drafts/{begun['id']}/delete/"
    gone = browser.post(path, headers=HTMX)
    assert (gone.status_code, MailDraft.objects.count()) == (200, 0)
    assert f"slot-{mine.pk}-" in gone.content.decode()
    assert browser.post(path, headers=HTMX).status_code == 409


def test_eml_9_who_writes_is_warned_of_a_reply_and_send_asks(browser: Browser, mine: Conversation) -> None:
    begun = answering(browser, mine)
    keep(browser, begun)
    line = message_post(
        conversation_id=mine.pk, draft=MessageDraft(side=Side.CUSTOMER, client_id=uuid4(), body="Found it")
    )
    asked = send(browser, begun, version="1")
    said = json.loads(asked["HX-Trigger"])["mail:refused"]
    assert (asked.status_code, asked["HX-Reswap"]) == (409, "none")
    assert (said["code"], said["number"]) == ("replied_since", line.number)
    assert said["message"].startswith("Ana Ruiz replied while you were writing.")
    again = editor(browser, f"/console/drafts/{begun['id']}/")
    assert "Ana Ruiz replied while you were writing." in again["page"]
    assert int(again["seen"]) < line.number
    assert send(browser, again, version="1", seen=str(line.number)).status_code == 200


def test_eml_5_the_foot_answers_the_newest_whenever_it_is_clicked(
    browser: Browser, mine: Conversation, channel: MailChannel, agent: Agent
) -> None:
    """The page need not know of it yet; a mail's own button answers that mail."""
    first = number_of(mine)
    page = browser.get(f"/console/c/{mine.pk}/", headers=HTMX)
    foot = next(each["href"] for each in elements(page, "a") if each.get("data-action") == "reply")
    written(channel, agent, write("It is urgent", subject="Re: Parcel", sender="Bo <bo@customer.example>",
                                  answers=MailMessage.objects.get().mail_id))  # fmt: skip
    newest = editor(browser, str(foot))
    assert (newest["to"], newest["answers"]) == ('"Bo" <bo@customer.example>', str(mine.messages.latest("number").pk))
    assert "It is urgent" in newest["page"]
    older = editor(browser, f"/console/c/{mine.pk}/mails/{first}/reply/")
    assert older["to"] == '"Ana Ruiz" <ana@customer.example>'


def test_eml_5_the_foot_comes_again_with_the_mails(browser: Browser, mine: Conversation) -> None:
    """Whether there are others to answer may have changed."""
    said = browser.get(f"/console/c/{mine.pk}/mails/", headers=HTMX).content.decode()
    assert f'href="/console/c/{mine.pk}/answer/all/"' in said
    assert 'hx-swap-oob="morph"' in said


def test_eml_9_what_is_written_answers_the_newer_one_instead(
    browser: Browser, mine: Conversation, channel: MailChannel, agent: Agent
) -> None:
    begun = answering(browser, mine)
    written(channel, agent, write("It is urgent", sender="Bo <bo@customer.example>",
                                  answers=MailMessage.objects.get().mail_id))  # fmt: skip
    path, last = f"/console/drafts/{begun['id']}/turn/", mine.messages.latest("number")
    answer = browser.post(path, letter(begun), headers=IN_PLACE).content.decode()
    assert f'value="{last.pk}"' in answer
    assert ">It is on its way.</textarea>" in answer
    assert "bo@customer.example" in answer
    empty = browser.post(path.replace(begun["id"], str(uuid4())), letter(begun, body=""), headers=IN_PLACE)
    assert f'value="{last.pk}"' in empty.content.decode()


# --- Sending


def test_eml_8_sending_can_be_taken_back_and_leaves_the_draft(browser: Browser, mine: Conversation) -> None:
    begun = answering(browser, mine)
    answer = send(browser, begun)
    said = answer.content.decode()
    row = OutboundMail.objects.get()
    assert (answer.status_code, row.state, row.close_after) == (200, OutboundState.HELD, False)
    assert "Your mail is on its way." in said
    assert f'action="/console/mail/out/{row.pk}/undo/"' in said
    assert f'id="held-{row.pk}"' in said
    assert 'id="mail-editor"' not in said
    back = browser.post(f"/console/mail/out/{row.pk}/undo/", headers=HTMX).content.decode()
    assert ">It is on its way.</textarea>" in back
    assert (OutboundMail.objects.count(), MailDraft.objects.count()) == (0, 1)


def test_eml_8_send_and_close_says_so(browser: Browser, mine: Conversation) -> None:
    send(browser, answering(browser, mine), then="close")
    assert OutboundMail.objects.get().close_after is True


@pytest.mark.parametrize(("changes", "words"), [
    ({"to": "nobody"}, "nobody"), ({"to": ""}, "recipients"), ({"body": ""}, "text"),
    ({"to": SUPPORT}, "address of ours"),
])  # fmt: skip
def test_eml_8_what_can_not_be_sent_is_refused_with_the_reason(
    browser: Browser, mine: Conversation, changes: dict[str, str], words: str
) -> None:
    answer = send(browser, answering(browser, mine), **changes)
    assert (answer.status_code, words in answer.content.decode()) == (409, True)
    assert "mail:refused" in answer["HX-Trigger"]
    assert OutboundMail.objects.count() == 0


def test_eml_6_files_go_with_it(browser: Browser, mine: Conversation, agent: Agent) -> None:
    file = file_store(name="label.txt", content=b"label", uploader=Uploader(user_id=agent.pk))
    begun = answering(browser, mine)
    keep(browser, begun, file=[str(file.pk)])
    assert "label.txt" in editor(browser, f"/console/drafts/{begun['id']}/")["files"]
    assert keep(browser, begun, version="1").json()["version"] == 2
    assert MailDraftFile.objects.count() == 0


# --- A new mail


def test_eml_7_a_new_mail_takes_a_slot_when_it_is_sent(browser: Browser, agent: Agent, channel: MailChannel) -> None:
    begun = editor(browser, "/console/mail/new/")
    fields = {"to": "cy@customer.example", "subject": "Your order", "queue": str(channel.queue_id)}
    assert keep(browser, begun, **fields).json()["version"] == 1
    Capacity.objects.filter(agent=agent, family="email").update(limit=0)
    refused = send(browser, begun, version="1", **fields)
    assert (refused.status_code, "email slots" in refused.content.decode()) == (409, True)
    Capacity.objects.filter(agent=agent, family="email").update(limit=1)
    sent = send(browser, begun, version="1", **fields)
    assert (sent.status_code, sent["HX-Push-Url"]) == (200, f"/console/c/{Conversation.objects.get().pk}/")
    back = browser.post(f"/console/mail/out/{OutboundMail.objects.get().pk}/undo/", headers=HTMX).content.decode()
    assert "cy@customer.example" in back
    assert Conversation.objects.count() == 0


def test_eml_7_who_may_not_begin_conversations_has_no_new_mail(browser: Browser, agent: Agent) -> None:
    assert 'id="mail-new"' in browser.get("/console/").content.decode()
    role = Role.objects.create(code="plain", name="Plain", permissions=[Permission.CONSOLE])
    agent.user.role = role
    agent.user.save(update_fields=["role"])
    assert 'id="mail-new"' not in browser.get("/console/").content.decode()
    assert browser.get("/console/mail/new/").status_code == 409


# --- How far it has come


def test_eml_10_a_failure_stands_on_the_mail_and_is_tried_again(
    browser: Browser, mine: Conversation, agent: Agent, channel: MailChannel
) -> None:
    line = message_post(
        conversation_id=mine.pk,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body="Here it is", author=agent.user),
    )
    mail = MailMessage.objects.create(
        message=line,
        conversation=mine,
        is_outgoing=True,
        subject="Re: Parcel",
        text="Here it is",
        mail_id="x@acme.test",
    )
    row = OutboundMail.objects.create(
        conversation=mine, channel=channel, agent=agent.user, message=mail, mail_id="x@acme.test",
        state=OutboundState.FAILED, failed_at=timezone.now(), error="The server was away.", release_at=timezone.now(),
    )  # fmt: skip
    said = browser.get(f"/console/c/{mine.pk}/", headers=HTMX).content.decode()
    assert "The server was away." in said
    assert f'action="/console/mail/out/{row.pk}/retry/"' in said
    assert browser.post(f"/console/mail/out/{row.pk}/retry/", headers=HTMX).status_code == 200
    row.refresh_from_db()
    assert row.state == OutboundState.QUEUED


# --- Others


def test_ten_5_drafts_and_mails_of_others_are_not_there(browser: Browser, mine: Conversation) -> None:
    begun = answering(browser, mine)
    keep(browser, begun)
    stranger = browser_of(make_agent(available=False).user)
    number = number_of(mine)
    assert stranger.get(f"/console/c/{mine.pk}/mails/{number}/reply/").status_code == 409
    assert stranger.post(f"/console/c/{mine.pk}/mails/{number}/forward/").status_code == 409
    assert stranger.get(f"/console/drafts/{begun['id']}/").status_code == 409
    assert stranger.get(f"/console/drafts/?in={mine.pk}", headers=HTMX).status_code == 409
    for action in ("keep", "send", "delete"):
        path = f"/console/drafts/{begun['id']}/{action}/"
        assert stranger.post(path, letter(begun, version="1", body="Mine")).status_code == 409
    send(browser, begun, version="1")
    row = OutboundMail.objects.get()
    assert stranger.post(f"/console/mail/out/{row.pk}/undo/").status_code == 409
    assert (MailDraft.objects.get().body, OutboundMail.objects.count()) == ("It is on its way.", 1)
    assert begun["id"] not in stranger.get("/console/").content.decode()
