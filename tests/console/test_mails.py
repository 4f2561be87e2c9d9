"""Mails in the pane: tiles, what they say, their pages, images and files (EML-4, EML-6, EML-7)."""

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.console.tray.selectors.tray import offers_for
from apps.conversations.models import Conversation, Message
from apps.core.errors import DomainError
from apps.email.actions import images_trust
from apps.email.models import ImageSender, MailChannel, MailMessage, MailNotice, MailThread, MailView, RawMail
from apps.notes.actions import note_add
from tests.support.browser import Browser
from tests.support.inbound_mails import SUPPORT, make_channel, new_id, receive, write, written
from tests.support.media import PIXEL, media_in
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db(transaction=True)

COUNTS: dict[str, int] = json.loads((Path(__file__).parent / "query_counts.json").read_text())


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


@pytest.fixture
def channel(acme: Any) -> MailChannel:
    return make_channel()


def with_html(html: str, *, text: str = "As plain text", pictures: dict[str, bytes] | None = None) -> bytes:
    """A mail with HTML, and with pictures that it shows."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ana Ruiz <ana@customer.example>", SUPPORT, "Newsletter"
    mail["Message-ID"] = f"<{new_id()}>"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    for content_id, content in (pictures or {}).items():
        body: Any = mail.get_payload()[1]  # type: ignore[index]
        body.add_related(content, maintype="image", subtype="gif", cid=f"<{content_id}>")
    return mail.as_bytes()


def page(browser: Browser, conversation: Conversation, path: str = "", **options: Any) -> str:
    answer = browser.get(f"/console/c/{conversation.pk}/{path}", headers=HTMX, **options)
    assert answer.status_code == 200
    return answer.content.decode()


def add_mails(conversation: Conversation, count: int) -> None:
    """So many more mails of the customer, written by hand: filing them is another test's business."""
    first = conversation.last_number + 1
    lines = [
        Message(conversation=conversation, number=first + n, side="customer", body=f"Mail {first + n}")
        for n in range(count)
    ]
    Message.objects.bulk_create(lines)
    MailMessage.objects.bulk_create(
        MailMessage(message=line, conversation=conversation, subject="Parcel", text=line.body, mail_id=new_id())
        for line in lines
    )
    Conversation.objects.filter(pk=conversation.pk).update(last_number=first + count - 1)


# --- The tray, and the head


def test_eml_7_the_tray_shows_who_and_the_subject(channel: MailChannel) -> None:
    agent = make_agent()
    written(channel, agent, write(subject="Parcel 12", sender="ana@customer.example"))
    browser = browser_of(agent.user)
    tray = browser.get("/console/tray/").content.decode()
    assert ">ana@customer.example</span>" in tray
    assert '<span class="card-subject">Parcel 12</span>' in tray
    for q, found in (("parcel", True), ("ana@", True), ("nothing", False)):
        assert ("Parcel 12" in browser.get(f"/console/tray/?q={q}").content.decode()) is found


def test_con_2_an_offer_of_mails_shows_their_subject(channel: MailChannel) -> None:
    agent = make_agent()
    row = receive(channel, write("Where is it?", subject="Parcel 12"))
    row.refresh_from_db()
    said = browser_of(agent.user).get("/console/tray/").content.decode()
    assert ' dir="auto">Parcel 12</p>' in said
    assert offers_for(agent)[0].subject == "Parcel 12"


def test_eml_7_the_subject_heads_the_thread(channel: MailChannel) -> None:
    agent = make_agent()
    mine = written(channel, agent, write(subject="Parcel 12"))
    said = page(browser_of(agent.user), mine)
    assert ' title="Parcel 12">Parcel 12</h1>' in said
    assert 'data-title="Parcel 12"' in said
    assert 'id="compose"' not in said
    assert 'id="thread"' not in said
    assert 'id="presence"' not in said


# --- Tiles


def test_eml_4_the_newest_is_open_of_the_others_one_line_is_shown(channel: MailChannel) -> None:
    agent = make_agent()
    mine = written(channel, agent, write("First words\n\nand more", mail_id="one@customer.example"))
    written(channel, agent, write("And then\n\nthe rest", answers="one@customer.example"))
    browser = browser_of(agent.user)
    said = page(browser, mine)
    tiles = {each["data-mail"]: "open" in each for each in elements(browser.get(f"/console/c/{mine.pk}/"), "details")
             if "data-mail" in each}  # fmt: skip
    numbers = [line.number for line in mine.messages.filter(kind="text")]
    assert tiles == {str(numbers[0]): False, str(numbers[1]): True}
    assert ">First words and more</span>" in said
    assert f'data-address="/console/c/{mine.pk}/mails/{numbers[0]}/"' in said
    assert "the rest</div>" in said
    assert "and more</div>" not in said
    assert "and more</div>" in page(browser, mine, f"mails/{numbers[0]}/")


@pytest.mark.parametrize(("threaded", "collapsed", "shown", "opened"), [
    (True, True, 3, 1), (True, False, 3, 3), (False, True, 1, 1), (False, False, 1, 1),
])  # fmt: skip
def test_eml_4_threaded_view_and_collapsed_tiles_are_each_a_setting(
    channel: MailChannel, threaded: bool, collapsed: bool, shown: int, opened: int
) -> None:
    agent = make_agent()
    mine = written(channel, agent, write())
    add_mails(mine, 2)
    MailView.objects.update_or_create(pk=1, defaults={"is_threaded": threaded, "is_collapsed": collapsed})
    answer = browser_of(agent.user).get(f"/console/c/{mine.pk}/")
    tiles = [each for each in elements(answer, "details") if "data-mail" in each]
    assert (len(tiles), len([each for each in tiles if "open" in each])) == (shown, opened)
    assert ("earlier mail" in answer.content.decode()) is not threaded


def test_eml_4_what_is_quoted_is_folded_and_addresses_are_links(channel: MailChannel) -> None:
    agent = make_agent()
    body = "See https://shop.example/a?b=1&c=<2>.\n\nOn 1 Nov 2026, Bo wrote:\n> Old words\n> more"
    mine = written(channel, agent, write(body))
    said = page(browser_of(agent.user), mine)
    link = '<a href="https://shop.example/a?b=1&amp;c=" target="_blank" rel="noopener noreferrer nofollow">'
    assert link in said
    assert "&lt;2&gt;." in said
    before, after = said.split('<details class="mail-quote">')
    assert "Old words" not in before.split('class="mail-text"')[1]
    assert "&gt; Old words" in after


def test_eml_4_who_gets_it_in_a_few_words_and_all_of_it_on_demand(channel: MailChannel) -> None:
    agent = make_agent()
    others = ", ".join(f"P{n} <p{n}@customer.example>" for n in range(30))
    mine = written(channel, agent, write(to=f"Support <{SUPPORT}>", cc=others, reply_to="boss@customer.example"))
    said = page(browser_of(agent.user), mine)
    assert "to Support, P0, P1, +28</span>" in said
    assert "<bdi>P29 &lt;p29@customer.example&gt;</bdi>" in said
    assert "<bdi>boss@customer.example</bdi>" in said


def test_eml_6_the_first_three_files_and_the_rest_on_demand(channel: MailChannel) -> None:
    agent = make_agent()
    files = [(f"letter{n}.txt", f"Letter {n}".encode()) for n in range(5)]
    mine = written(channel, agent, write(files=[*files, ("bad.exe", b"MZ\x90\x00" + bytes(80))]))
    browser = browser_of(agent.user)
    said = page(browser, mine)
    first, rest = said.split('<details class="mail-more">')
    assert [f"letter{n}.txt" in first for n in range(5)] == [True, True, True, False, False]
    assert "View 3 more" in rest
    assert "letter4.txt" in rest
    assert "Can do harm: open it only if you know who sent it" in rest
    assert "bad.exe" in rest
    file_id = mine.mails.get().parts.get(name="letter0.txt").file_id
    assert browser.get(f"/console/files/{file_id}/").status_code == 200


def test_eml_11_answers_of_machines_are_lines(channel: MailChannel) -> None:
    agent = make_agent()
    mine = written(channel, agent, write())
    for n, fields in enumerate((
        {"kind": "auto_reply", "sender": "ana@customer.example", "text": "I am away"},
        {"kind": "bounce", "is_failure": True, "failures": [
            {"address": "bo@customer.example", "action": "failed", "status": "5.1.1", "diagnostic": "no such user"}]},
    )):  # fmt: skip
        raw = RawMail.objects.create(channel=channel, digest=f"m{n}", size=1)
        MailNotice.objects.create(conversation=mine, raw=raw, **fields)  # type: ignore[arg-type]
    said = page(browser_of(agent.user), mine)
    assert "Automatic answer from ana@customer.example" in said
    assert "Could not be delivered to bo@customer.example" in said
    assert "5.1.1 no such user" in said


def test_eml_3_what_it_may_belong_to_is_a_link_for_those_who_may_read_it(channel: MailChannel) -> None:
    agent = make_agent()
    other = written(channel, agent, write(subject="The old one"))
    mine = written(channel, agent, write(subject="The new one", sender="bo@customer.example"))
    MailThread.objects.filter(conversation=mine).update(may_belong_to=other)
    assert f'href="/console/past/{other.pk}/"' in page(browser_of(agent.user), mine)
    Conversation.objects.filter(pk=other.pk).update(agent=None, state="closed", ended_at=timezone.now())
    other.segments.all().delete()
    assert f'href="/console/past/{other.pk}/"' not in page(browser_of(agent.user), mine)


def test_con_4_notes_and_system_lines_stand_between_the_mails(channel: MailChannel) -> None:
    agent = make_agent()
    mine = written(channel, agent, write())
    note_add(conversation_id=mine.pk, key=uuid4(), body="Careful", on_contact=False, actor=agent.user)
    said = page(browser_of(agent.user), mine)
    assert "Careful" in said.split('id="mail-list"')[1].split("</ol>")[0]
    assert " joined</div>" in said


# --- The page of a mail's HTML


def test_eml_4_html_is_a_page_of_its_own_made_safe_in_a_frame(channel: MailChannel) -> None:
    agent = make_agent()
    mine = written(channel, agent, with_html("<p onclick='x()'>Hello <b>there</b></p><script>fire()</script>"))
    mail = mine.mails.get()
    browser = browser_of(agent.user)
    frame = elements(browser.get(f"/console/c/{mine.pk}/"), "iframe")[0]
    assert (frame["src"], frame["sandbox"]) == (
        f"/console/mail/{mail.pk}/",
        "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    )
    answer = browser.get(f"/console/mail/{mail.pk}/")
    said = answer.content.decode()
    assert "<p>Hello <b>there</b></p>" in said
    assert "fire()" not in said
    assert "onclick" not in said
    assert "<html data-plain>" in said
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; img-src 'self' data:;")
    assert (answer["X-Frame-Options"], answer["Cache-Control"]) == ("SAMEORIGIN", "private, no-cache")


def test_eml_4_a_mail_with_colours_is_shown_on_paper(channel: MailChannel) -> None:
    agent = make_agent()
    mine = written(channel, agent, with_html('<table bgcolor="#ff0000"><tr><td>Hello</td></tr></table>'))
    said = browser_of(agent.user).get(f"/console/mail/{mine.mails.get().pk}/").content.decode()
    assert "<html><head>" in said


def test_eml_4_remote_images_are_blocked_until_they_are_allowed(channel: MailChannel) -> None:
    agent = make_agent()
    html = '<p>Hi</p><img src="https://track.example/x.png">'
    mine = written(channel, agent, with_html(html))
    number = mine.messages.get(kind="text").number
    frame = f"/console/mail/{mine.mails.get().pk}/"
    browser = browser_of(agent.user)
    assert "Images from elsewhere are not shown." in page(browser, mine)
    held = browser.get(frame)
    assert ' src="https://track.example' not in held.content.decode()
    assert "https:" not in held["Content-Security-Policy"].split("style-src")[0]
    once = page(browser, mine, f"mails/{number}/?images")
    assert f'src="{frame}?images"' in once
    assert "Images from elsewhere" not in once
    assert ' src="https://track.example/x.png"' in browser.get(f"{frame}?images").content.decode()
    assert "Images from elsewhere are not shown." in page(browser, mine)


def test_eml_4_always_from_this_sender_is_one_agents_own_choice(channel: MailChannel) -> None:
    agent, other = make_agent(), make_agent(available=False)
    mine = written(channel, agent, with_html('<img src="https://track.example/x.png">'))
    number = mine.messages.get(kind="text").number
    browser = browser_of(agent.user)
    for _again in range(2):
        answer = browser.post(f"/console/c/{mine.pk}/mails/{number}/images/", headers=HTMX)
        assert (answer.status_code, "?images" in answer.content.decode()) == (200, True)
    assert [(each.user, each.address) for each in ImageSender.objects.all()] == [(agent.user, "ana@customer.example")]
    assert "Images from elsewhere" not in page(browser, mine)
    Conversation.objects.filter(pk=mine.pk).update(agent=other.user)
    assert "Images from elsewhere" in page(browser_of(other.user), mine)


def test_eml_4_nobodys_images_can_be_trusted(channel: MailChannel) -> None:
    agent = make_agent()
    mine = written(channel, agent, write())
    MailMessage.objects.update(sender=[])
    with pytest.raises(DomainError):
        images_trust(message_id=mine.mails.get().pk, actor=agent.user)
    assert ImageSender.objects.count() == 0


def test_eml_4_pictures_that_came_with_it_are_shown(channel: MailChannel) -> None:
    agent = make_agent()
    mine = written(channel, agent, with_html('<p>Hi<img src="cid:pic@x"></p>', pictures={"pic@x": PIXEL}))
    part = mine.mails.get().parts.get()
    browser = browser_of(agent.user)
    said = browser.get(f"/console/mail/{mine.mails.get().pk}/").content.decode()
    assert f'src="/console/files/{part.file_id}/"' in said
    assert "mail-files" not in page(browser, mine)


# --- What one may not see


def test_ten_5_mails_of_others_are_not_there(channel: MailChannel) -> None:
    agent = make_agent()
    mine = written(channel, agent, with_html("<p>Secret</p>"))
    number, mail = mine.messages.get(kind="text").number, mine.mails.get()
    stranger = browser_of(make_agent(queues=[], available=False).user)
    for path in ("mails/", f"mails/{number}/", f"mails/{number}/?images"):
        assert stranger.get(f"/console/c/{mine.pk}/{path}", headers=HTMX).status_code == 409
    assert stranger.post(f"/console/c/{mine.pk}/mails/{number}/images/").status_code == 409
    assert stranger.get(f"/console/mail/{mail.pk}/").status_code == 404
    assert ImageSender.objects.count() == 0


def test_pages_without_scripts(channel: MailChannel) -> None:
    agent = make_agent()
    mine = written(channel, agent, write("All of it", subject="Parcel 12"))
    number = mine.messages.get(kind="text").number
    browser = browser_of(agent.user)
    assert "<!DOCTYPE html>" in browser.get(f"/console/c/{mine.pk}/mails/").content.decode()
    alone = browser.get(f"/console/c/{mine.pk}/mails/{number}/").content.decode()
    assert "All of it</div>" in alone
    assert ">Parcel 12</h1>" in alone
    assert browser.get(f"/console/c/{mine.pk}/mails/{number + 7}/").status_code == 409


# --- Very many


@pytest.mark.parametrize("many", [3, 500])
def test_eml_4_a_thread_opens_in_a_fixed_number_of_queries(channel: MailChannel, many: int) -> None:
    agent = make_agent()
    mine = written(channel, agent, write())
    add_mails(mine, many)
    browser = browser_of(agent.user)
    browser.get("/console/")
    found = {}
    for name, path in (("mail_workspace", ""), ("mails", "mails/")):
        with CaptureQueriesContext(connection) as queries:
            page(browser, mine, path)
        found[name] = len([each for each in queries if not each["sql"].startswith("SET search_path")])
    assert found == {name: COUNTS[name] for name in found}


def test_eml_4_a_long_thread_is_shown_page_by_page_and_reaches_back_as_far_as_it_was_shown(
    channel: MailChannel,
) -> None:
    agent = make_agent()
    mine = written(channel, agent, write())
    add_mails(mine, 100)
    mine.refresh_from_db()
    browser, last = browser_of(agent.user), mine.last_number
    said = page(browser, mine)
    assert (said.count("data-mail="), f'data-first="{last - 39}"' in said) == (40, True)
    assert f"?since={last - 79}" in said
    earlier = page(browser, mine, f"mails/?since={last - 79}")
    assert earlier.count("data-mail=") == 80
    again = browser.get(f"/console/c/{mine.pk}/", headers=HTMX | {"Parley-Mails": f"{mine.pk}:{last - 79}"})
    assert again.content.decode().count("data-mail=") == 80
    for said_by_page in (f"{uuid4()}:1", f"{mine.pk}:x", "nonsense"):
        answer = browser.get(f"/console/c/{mine.pk}/", headers=HTMX | {"Parley-Mails": said_by_page})
        assert answer.content.decode().count("data-mail=") == 40
