"""A mail's day: a note, an answer that comes back, a snooze, a colleague who goes on (EML-10, CON-4, SNZ-4, XFR-4)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import picture, wait_for
from tests.browser.transfers import dialog, offer, row
from tests.support import desk as office
from tests.support import mail_office, stack_mail
from tests.support.mail_server import mail_server


@pytest.fixture
def server():
    """The customers' mail server."""
    with mail_server() as found:
        yield found


@pytest.fixture
def snoozes(stack):
    """Snooze is switched on in acme."""
    stack.office("acme", office.snooze_set, is_on=True, allows_custom=True)
    yield
    stack.office("acme", office.snooze_set, is_on=False, allows_custom=False)


def seen(person, where):
    assert_accessible(person.page, where)
    picture(person, re.sub(r"\W+", "-", where))


def answer(stack, agent, desk, text):
    """Reply by the keyboard, send, and let it leave at once."""
    page = agent.page
    page.locator("#workspace").focus()
    page.keyboard.press("r")
    page.get_by_role("textbox", name="Text", exact=True).fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".mail-held")).to_be_visible()
    stack.office("acme", stack_mail.leave, desk.queue)


def test_a_mail_from_its_first_reader_to_its_last(stack, stage, server, snoozes):
    """Two agents, one thread; axe finds nothing serious in it."""
    # The pane of a conversation that has gone to somebody else asks for it once more, and is told so.
    stage.expect("status of 404")
    desk = stack.desk(agents=2)
    for person, names in zip(desk.agents, (("Lena", "Vogt"), ("Bo", "Chen")), strict=True):
        stack.office("acme", office.rename, person.id, *names)
    address, ana = f"day-{desk.key}@acme.test", f"ana-{desk.key}@customers.example"
    stack.office("acme", stack_mail.channel_make, address, desk.queue, server.port)
    first = stack_mail.mail_from(
        f"Ana Ruiz <{ana}>", address, "Parcel 12", "Where is it?", Message_ID=f"<day.{desk.key}@customers.example>"
    )
    lena = stage.agent(**SEEN).sign_in(desk, desk.agents[0], stack.port).available()
    stack_mail.deliver(stack, first, address)
    lena.offers.first.get_by_role("button", name="Accept").click()
    expect(lena.page.get_by_role("heading", level=1, name="Parcel 12")).to_be_visible()
    note_and_contact(lena, ana)
    comes_back(stack, lena, desk, server)
    second = stack_mail.mail_from(
        f"Ana Ruiz <{ana}>", address, "Re: Parcel 12", "Still nothing here.", In_Reply_To=first["Message-ID"]
    )
    sleeps_and_wakes(lena, lambda: stack_mail.deliver(stack, second, address))
    bo = stage.agent(**SEEN).sign_in(desk, desk.agents[1], stack.port).available()
    handed_on(lena, bo)
    answer(stack, bo, desk, "I have found it: it comes tomorrow.")
    taken = wait_for(bo.page, lambda: server.mails[2:])[0]
    assert (taken.recipients, taken.mail["To"]) == ([ana], f"Ana Ruiz <{ana}>")
    assert re.fullmatch(r"Re: Parcel 12 \[#\S+\]", str(taken.mail["Subject"]))
    expect(bo.page.locator('.mail[data-side="agent"]')).to_have_count(2)
    seen(bo, "a thread of two agents")
    stack.office("acme", mail_office.queue_end, desk.queue)
    stack.office("acme", office.check)


def note_and_contact(agent, address):
    """CON-4, CON-5: the note stands between the mails, the panel says who it is."""
    page = agent.page
    page.locator("#workspace").focus()
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="New note")).to_be_focused()
    page.keyboard.type("The depot in Lyon has it")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".mail-list .note-line")).to_contain_text("The depot in Lyon has it")
    expect(page.locator(".note-saved")).to_have_text("Saved")
    picture(agent, "a-note-among-mails")
    page.get_by_role("tab", name="Contact").click()
    expect(page.get_by_role("tabpanel", name="Contact")).to_contain_text(address)


def comes_back(stack, agent, desk, server):
    """EML-10: what came back says so on its tile, and is sent again from there."""
    answer(stack, agent, desk, "It is in Lyon.")
    taken = wait_for(agent.page, lambda: server.mails)[0]
    stack_mail.hand_over(stack, stack_mail.report_of(taken), taken.sender)
    way = agent.page.locator('.mail-delivery[data-delivery="bounced"]')
    expect(way).to_contain_text(f"Not delivered to {taken.recipients[0]}.")
    expect(agent.page.locator(".machine[data-failure]")).to_have_count(1)
    way.get_by_text("Why", exact=True).click()
    expect(way).to_contain_text("550 5.2.2 The mailbox is full")
    seen(agent, "a mail that came back")
    way.get_by_role("button", name="Retry").click()
    again = wait_for(agent.page, lambda: server.mails[1:])[0]
    assert (again.recipients, again.content) == (taken.recipients, taken.content)
    expect(way).to_have_count(0)


def sleeps_and_wakes(agent, writes):
    """SNZ-3, SNZ-4: it stands at the foot with its end; what the customer writes brings it back, opened."""
    page = agent.page
    page.get_by_role("button", name="Snooze", exact=True).click()
    page.get_by_role("dialog", name="Snooze until").get_by_role("button", name=re.compile("1 hour")).click()
    banner = page.get_by_role("region", name="Snooze")
    expect(banner).to_contain_text("Snoozed until")
    expect(page.locator("#snoozed-cards summary")).to_contain_text("Snoozed (1)")
    seen(agent, "a mail that sleeps")
    writes()
    expect(banner).to_be_hidden()
    expect(page.locator(".mail-tile[open]").last).to_contain_text("Still nothing here.")
    expect(page.locator(".mail-list")).to_contain_text("It woke up: the customer wrote")
    expect(page.locator("#snoozed-cards")).to_have_count(0)


def handed_on(sender, receiver):
    """XFR-4: the colleague who accepts reads all of it, the note and what came back as well."""
    sender.page.get_by_role("button", name="Transfer", exact=True).click()
    row(sender, "Bo Chen").click()
    dialog(sender).get_by_label(re.compile("Note")).fill("She is in a hurry")
    dialog(sender).get_by_role("button", name="Transfer").click()
    expect(offer(receiver)).to_contain_text("She is in a hurry")
    seen(receiver, "a mail that is handed on rings")
    offer(receiver).get_by_role("button", name="Accept").click()
    page = receiver.page
    expect(page.get_by_role("heading", level=1, name="Parcel 12")).to_be_visible()
    expect(page.locator(".mail-list .note-line")).to_contain_text("The depot in Lyon has it")
    expect(page.locator(".machine[data-failure]")).to_have_count(1)
    expect(sender.cards).to_have_count(0)


def test_the_customers_mailbox_of_local_mode(stack, stage):
    """A customer writes there, reads what was answered, and answers it: all of it is one thread. Also on a phone."""
    desk = stack.desk()
    address, ana = f"box-{desk.key}@acme.test", f"ana-{desk.key}@customers.example"
    stack.office("acme", mail_office.channel_make, address, desk.queue)
    agent = stage.agent(**SEEN).sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer(**SEEN)
    page = customer.page
    page.goto(f"http://acme.localhost:{stack.port}/demo/mail/")
    page.get_by_role("link", name="Write a mail").first.click()
    page.get_by_label("To", exact=True).select_option(address)
    said = {"Your address": ana, "Subject": f"Bell {desk.key}", "Message": "It rattles."}
    for label, value in said.items():
        page.get_by_label(label, exact=True).fill(value)
    seen(customer, "the mailbox, a new mail")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text(f"Handed over to {address}")
    agent.offers.first.get_by_role("button", name="Accept").click()
    expect(agent.page.frame_locator(".mail-frame").first.get_by_text("It rattles.")).to_be_visible()
    answer(stack, agent, desk, "We have a new one for you.")
    # The list is asked for again by itself.
    page.get_by_role("link", name=re.compile(f"To {ana}")).click()
    body = page.frame_locator("iframe.letter-body")
    expect(body.get_by_text("We have a new one for you.")).to_be_visible()
    seen(customer, "the mailbox, an answer")
    page.set_viewport_size({"width": 390, "height": 780})
    seen(customer, "the mailbox on a phone")
    page.get_by_role("link", name="All mails").click()
    expect(page.get_by_role("navigation", name="Mails")).to_be_visible()
    seen(customer, "the list on a phone")
    page.get_by_role("link", name=re.compile(f"To {ana}")).click()
    page.get_by_role("textbox", name="Your answer").fill("Thank you!")
    page.get_by_role("button", name="Send").click()
    expect(agent.page.locator('.mail[data-side="customer"]')).to_have_count(2)
    expect(agent.page.frame_locator(".mail-tile[open] .mail-frame").last.get_by_text("Thank you!")).to_be_visible()
    stack.office("acme", mail_office.queue_end, desk.queue)
