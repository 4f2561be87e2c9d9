"""A mail that came with a mail is read as one, with its files, and those within it (EML-6)."""

from email.message import EmailMessage
from typing import Any

import pytest

from apps.conversations.models import Conversation
from apps.email.attached_mail import DEEPEST
from apps.email.models import MailChannel, MailPart
from apps.masking.actions import rule_save
from apps.masking.models import MaskingRule
from tests.support.browser import Browser
from tests.support.inbound_mails import make_channel, write, written
from tests.support.media import PIXEL, media_in
from tests.support.pages import HTMX, browser_of
from tests.support.people import make_agent
from tests.support.photos import photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


def within(subject: str, *, html: str = "", enclosed: EmailMessage | None = None) -> EmailMessage:
    """A mail that somebody attaches."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Bo <bo@x.example>", "Ana Ruiz <ana@customer.example>", subject
    mail.set_content(f"What {subject} says")
    if html:
        mail.add_alternative(html, subtype="html")
        body: Any = mail.get_payload()[1]  # type: ignore[index]
        body.add_related(PIXEL, maintype="image", subtype="gif", cid="<dot>")
    mail.add_attachment(b"MZ\x90", maintype="image", subtype="png", filename="invoice.exe")
    if enclosed is not None:
        mail.add_attachment(enclosed)
    return mail


def part_of(conversation: Conversation) -> MailPart:
    """The file that the conversation's first mail brought."""
    return MailPart.objects.get(mail__conversation=conversation, name="old.eml")


@pytest.fixture
def nested() -> EmailMessage:
    html = '<p onclick="x()">Hello<img src="cid:dot"><img src="https://t.example/p.gif"><script>x()</script></p>'
    return within("Outer", html=html, enclosed=within("Inner"))


@pytest.fixture
def agent(acme: Any) -> Any:
    return make_agent()


@pytest.fixture
def channel(agent: Any) -> MailChannel:
    return make_channel()


@pytest.fixture
def mine(agent: Any, channel: MailChannel, nested: EmailMessage) -> Conversation:
    return written(channel, agent, write(files=[("old.eml", nested.as_bytes())]))


@pytest.fixture
def part(mine: Conversation) -> MailPart:
    return part_of(mine)


@pytest.fixture
def browser(agent: Any) -> Browser:
    return browser_of(agent.user)


def said(browser: Browser, part: MailPart, rest: str = "") -> str:
    answer = browser.get(f"/console/mail/part/{part.pk}/{rest}", headers=HTMX)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def test_eml_6_an_attached_mail_opens_as_a_mail(browser: Browser, mine: Conversation, part: MailPart) -> None:
    tile = browser.get(f"/console/c/{mine.pk}/", headers=HTMX).content.decode()
    assert f'hx-get="/console/mail/part/{part.pk}/"' in tile
    shown = said(browser, part)
    for words in ("<dialog", ">Outer</h2>", "Bo &lt;bo@x.example&gt;", "Ana Ruiz &lt;ana@customer.example&gt;"):
        assert words in shown
    assert 'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"' in shown
    assert "Images from elsewhere are not shown." in shown
    assert shown.count("Can do harm") == 1
    assert "<!DOCTYPE html>" in browser.get(f"/console/mail/part/{part.pk}/").content.decode()


def test_eml_6_its_html_is_as_safe_as_any(browser: Browser, part: MailPart) -> None:
    answer = browser.get(f"/console/mail/part/{part.pk}/page/?in=")
    page = answer.content.decode()
    assert "script" not in page
    assert "onclick" not in page
    assert ' src="https:' not in page
    assert "Hello" in page
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "https:" not in answer["Content-Security-Policy"]
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("SAMEORIGIN", "nosniff")
    asked = browser.get(f"/console/mail/part/{part.pk}/page/?in=&images")
    assert ' src="https://t.example/p.gif"' in asked.content.decode()


def test_eml_6_its_pictures_are_pictures_and_its_files_are_saved(browser: Browser, part: MailPart) -> None:
    """Whatever their sender says that they are."""
    page = browser.get(f"/console/mail/part/{part.pk}/page/?in=").content.decode()
    address = page.split('<img src="')[1].split('"')[0].replace("&amp;", "&")
    picture = browser.get(address)
    assert (picture.status_code, picture["Content-Type"], picture.content) == (200, "image/gif", PIXEL)
    numbers = {number: browser.get(f"/console/mail/part/{part.pk}/files/{number}/") for number in range(3)}
    saved = next(each for each in numbers.values() if "invoice.exe" in each["Content-Disposition"])
    assert saved["Content-Disposition"].startswith("attachment")
    assert (saved["Content-Type"], saved.content) == ("application/octet-stream", b"MZ\x90")
    exe = next(number for number, each in numbers.items() if each is saved)
    assert browser.get(f"/console/mail/part/{part.pk}/files/{exe}/?show").status_code == 404


def test_chat_9_where_its_pictures_were_taken_is_not_saved(browser: Browser, channel: MailChannel, agent: Any) -> None:
    """Pictures that nobody could read are no different."""
    mail = within("Outer")
    for name, content in (("a.jpg", photo("JPEG")), ("a.dat", photo("JPEG")), ("b.jpg", photo("JPEG")[:-500])):
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    part = part_of(written(channel, agent, write(files=[("old.eml", mail.as_bytes())])))
    for number in (1, 2, 3):
        saved = browser.get(f"/console/mail/part/{part.pk}/files/{number}/").content
        assert (b"2026:11:20" in saved, b"Camera" in saved) == (False, True), number


def test_eml_6_mails_within_it_open_too_so_deep_and_no_deeper(
    browser: Browser, channel: MailChannel, agent: Any
) -> None:
    mail = within("Number 0")
    for number in range(1, DEEPEST + 1):
        mail = within(f"Number {number}", enclosed=mail)
    part = part_of(written(channel, agent, write(files=[("old.eml", mail.as_bytes())])))
    ways = [".".join(["1"] * depth) for depth in range(DEEPEST + 1)]
    for depth, way in enumerate(ways[:DEEPEST]):
        shown = said(browser, part, f"?in={way}")
        assert f"What Number {DEEPEST - depth} says" in shown
        assert (f'hx-get="/console/mail/part/{part.pk}/?in={ways[depth + 1]}"' in shown) is (depth < DEEPEST - 1)
    assert browser.get(f"/console/mail/part/{part.pk}/?in={ways[DEEPEST]}").status_code == 404
    assert f'href="/console/mail/part/{part.pk}/files/1/?in={ways[DEEPEST - 1]}"' in shown


@pytest.mark.parametrize("rest", ["?in=0", "?in=9", "files/99/", "files/0/?in=7", "page/?in=0.0.0.0.0.0.0"])
def test_what_is_not_there_is_not_there(browser: Browser, part: MailPart, rest: str) -> None:
    assert browser.get(f"/console/mail/part/{part.pk}/{rest}").status_code == 404


def test_ten_5_nobody_else_reads_it(part: MailPart) -> None:
    stranger = browser_of(make_agent(available=False).user)
    for rest in ("", "page/", "files/0/"):
        assert stranger.get(f"/console/mail/part/{part.pk}/{rest}").status_code == 404


def test_frm_6_what_the_rules_take_out_of_mails_is_not_in_it_either(
    browser: Browser, part: MailPart, mine: Conversation
) -> None:
    address = inner(browser, part)
    assert "What Inner says" in said(browser, part, address)
    rule_save(rule=MaskingRule(name="Words", pattern="says", told_as="words", method="redact", is_active=True))
    assert "says" not in said(browser, part, address)


def inner(browser: Browser, part: MailPart) -> str:
    shown = said(browser, part)
    return "?in=" + shown.split(f'hx-get="/console/mail/part/{part.pk}/?in=')[-1].split('"')[0]
