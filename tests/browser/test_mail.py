"""Mail in the console, with real servers on both sides (EML-4 to EML-10)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import Held, picture, wait_for
from tests.support import desk as office
from tests.support import mail_office, stack_mail
from tests.support.mail_server import mail_server

RELEASE_MS = 30_000
"""Ten seconds in which a mail can be taken back, and the machine may be busy."""


@pytest.fixture
def server():
    """Somebody else's mail server, which takes what is sent."""
    with mail_server() as found:
        yield found


def seen(person, where):
    assert_accessible(person.page, where)
    picture(person, re.sub(r"\W+", "-", where))


def field(agent, name):
    return agent.page.get_by_role("textbox", name=name, exact=True)


def test_eml_5_a_thread_is_read_answered_and_goes_on(stack, stage, server):
    """Reply all keeps everyone; two drafts; somebody replies meanwhile; Undo; the answer comes back into the thread."""
    desk = stack.desk()
    address, ana = f"help-{desk.key}@acme.test", f"ana-{desk.key}@customers.example"
    stack.office("acme", stack_mail.channel_make, address, desk.queue, server.port)
    agent = stage.agent(**SEEN).sign_in(desk, desk.agent, stack.port).available()
    page = agent.page
    first = stack_mail.mail_from(
        f"Ana Ruiz <{ana}>",
        address,
        "Parcel 12",
        "Where is it?",
        Cc="Bo <bo@customers.example>",
        Message_ID=f"<first.{desk.key}@customers.example>",
    )
    stack_mail.deliver(stack, first, address)
    agent.offers.first.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", level=1, name="Parcel 12")).to_be_visible()
    expect(agent.cards.first).to_contain_text("Parcel 12")
    expect(page.locator(".mail-text").first).to_contain_text("Where is it?")
    seen(agent, "a mail")

    page.keyboard.press("r")
    field(agent, "Text").fill("The first draft")
    expect(page.locator(".editor-state")).to_contain_text("Saved")
    page.keyboard.press("Escape")
    expect(page.locator("#mail-drafts li")).to_have_count(1)
    page.locator("#mail-begin").get_by_role("link", name="Reply all").click()
    expect(page.locator('[data-recipients="cc"] .person')).to_have_text(re.compile("Bo"))
    field(agent, "BCC").wait_for(state="hidden")
    page.get_by_role("button", name="BCC", exact=True).click()
    field(agent, "BCC").type("boss@acme-board.example, nobody,")
    expect(page.locator('[data-recipients="bcc"] .person')).to_have_count(2)
    field(agent, "Text").fill("It is on its way.")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    field(agent, "BCC").press("Backspace")
    field(agent, "BCC").fill("")
    expect(page.locator(".editor-state")).to_contain_text("Saved")
    expect(page.locator("#drafts-bar li")).to_have_count(2)
    seen(agent, "an editor")

    second = stack_mail.mail_from(
        f"Ana Ruiz <{ana}>", address, "Re: Parcel 12", "It is urgent!", In_Reply_To=first["Message-ID"]
    )
    stack_mail.deliver(stack, second, address)
    warning = page.locator(".editor-warning", has_text="Ana Ruiz replied while you were writing.")
    expect(warning).to_be_visible()
    expect(page.locator(".mail-tile[open]").last).to_contain_text("It is urgent!")
    expect(field(agent, "Text")).to_have_value("It is on its way.")
    stage.expect("status of 409")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(warning).to_contain_text("Your mail has not been sent.")
    seen(agent, "a mail that a reply has overtaken")
    warning.get_by_role("button", name="Answer it instead").click()
    expect(warning).to_be_hidden()
    expect(field(agent, "Text")).to_have_value("It is on its way.")
    # Bo stood in the first mail, and the writer had added the boss.
    for name, person in (("to", "Ana Ruiz"), ("cc", None), ("bcc", "boss@acme-board.example")):
        chips = page.locator(f'[data-recipients="{name}"] .person > span:first-child')
        expect(chips).to_have_text([person] if person else [])
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(field(agent, "Text")).to_have_value("It is on its way.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".mail-held")).to_be_visible()
    seen(agent, "a mail that leaves")
    expect(page.locator('.mail[data-side="agent"]')).to_have_count(1, timeout=RELEASE_MS)
    taken = wait_for(page, lambda: server.mails)[0]
    assert sorted(taken.recipients) == sorted([ana, "boss@acme-board.example"])
    assert (taken.mail["To"], taken.mail["Cc"], taken.mail["Bcc"]) == (f"Ana Ruiz <{ana}>", None, None)
    assert taken.mail["In-Reply-To"] == second["Message-ID"]
    expect(page.locator("#mail-drafts li")).to_have_count(1)
    picture(agent, "a-mail-that-has-left")
    stack.office("acme", mail_office.queue_end, desk.queue)


def test_a_mail_that_is_refused_says_so_to_who_has_gone_on(stack, stage, server):
    """EML-5: its customer was faster, and its writer has left it before that was known."""
    stage.expect("status of 409")
    desk = stack.desk()
    address, ana = f"help-{desk.key}@acme.test", f"ana-{desk.key}@customers.example"
    stack.office("acme", stack_mail.channel_make, address, desk.queue, server.port)
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    page = agent.page
    name = f"<first.{desk.key}@customers.example>"
    stack_mail.deliver(
        stack, stack_mail.mail_from(f"Ana Ruiz <{ana}>", address, "Parcel 12", "Where is it?", Message_ID=name), address
    )
    agent.offers.first.get_by_role("button", name="Accept").click()
    page.get_by_role("heading", level=1, name="Parcel 12").wait_for()
    page.keyboard.press("r")
    field(agent, "Text").fill("It is on its way.")
    expect(page.locator(".editor-state")).to_contain_text("Saved")
    again = stack_mail.mail_from(f"Ana Ruiz <{ana}>", address, "Re: Parcel 12", "Urgent!", In_Reply_To=name)
    stack_mail.deliver(stack, again, address)
    expect(page.locator(".editor-warning[data-part=replied]")).to_be_visible()
    held = Held(page, "/send/")
    page.get_by_role("button", name="Send", exact=True).click()
    held.wait()
    page.get_by_role("link", name="My dashboard").click()
    expect(page.get_by_role("heading", level=1, name="My dashboard")).to_be_visible()
    held.come()
    expect(page.locator(".toast[role=alert]")).to_contain_text("Your mail has not been sent")
    stack.office("acme", office.check)


def test_eml_7_a_new_mail_on_two_devices_is_sent_and_closed(stack, stage, server):
    """EML-7 to EML-9: "+", a draft, another device goes on with it, Send & Close asks for the outcome."""
    desk = stack.desk()
    address, cy = f"sales-{desk.key}@acme.test", f"cy-{desk.key}@customers.example"
    stack.office("acme", stack_mail.channel_make, address, desk.queue, server.port)
    agent = stage.agent(**SEEN).sign_in(desk, desk.agent, stack.port).available()
    page = agent.page
    page.get_by_role("link", name="New mail").click()
    field(agent, "Subject").fill("Your order")
    field(agent, "Text").press("/")
    expect(page.locator(".responses")).to_contain_text("Greeting")
    page.keyboard.press("Escape")
    field(agent, "Text").fill("Dear Cy,")
    send = page.get_by_role("button", name="Send", exact=True)
    field(agent, "To").type(f"{cy}, nobody")
    expect(send).to_be_disabled()
    expect(page.locator(".editor-why")).to_have_text("“nobody” is no email address")
    field(agent, "To").fill("")
    expect(send).to_be_enabled()
    expect(page.locator("#drafts-bar li")).to_have_count(1)
    seen(agent, "a new mail")
    page.get_by_role("button", name="Keep as a draft and close").click()
    expect(page.get_by_role("heading", name="No conversation open")).to_be_visible()
    expect(page.locator("#drafts-bar a")).to_contain_text(f"to {cy}")

    other = stage.agent(**SEEN).enter(desk, desk.agent, stack.port)
    other.page.get_by_role("dialog", name="Parley is open in another window").get_by_role("button").first.click()
    other.page.locator("#drafts-bar a").click()
    expect(field(other, "Text")).to_have_value("Dear Cy,")
    field(other, "Text").fill("Dear Cy, it leaves today.")
    expect(other.page.locator(".editor-state")).to_contain_text("Saved")
    other.page.get_by_role("button", name="Send & Close").click()
    expect(other.page.locator("#toasts")).to_contain_text("Your mail is on its way.")
    expect(other.page.get_by_role("heading", level=1, name="Your order")).to_be_visible()
    for words in (cy, "Your order", "Leaving"):
        expect(other.cards.first).to_contain_text(words)
    expect(other.page.locator("#drafts-bar")).to_be_hidden()
    outcome = other.page.get_by_role("radio", name="Resolved")
    outcome.check(force=True)
    seen(other, "a mail that ends its conversation")
    stack.office("acme", stack_mail.leave, desk.queue)
    expect(other.page.locator('#pane[data-state="wrap_up"]')).to_be_visible()
    expect(outcome).to_be_checked()
    expect(other.cards.first).to_contain_text("Wrap-up")
    other.wrap_up("Resolved")
    expect(other.cards).to_have_count(0)
    taken = wait_for(other.page, lambda: server.mails)[0]
    assert (taken.recipients, taken.mail["Subject"].startswith("Your order [#")) == ([cy], True)
