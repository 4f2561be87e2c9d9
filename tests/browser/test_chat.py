"""A whole chat in two browsers, from the customer's first word to closed."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from apps.core.dates import browser_dates, date_text
from tests.browser.people import bodies, wait_for
from tests.support import desk as office


def test_a_whole_chat_from_the_demo_site_to_closed(stack, stage):
    """CHAT-1, CHAT-4, CHAT-6, CHAT-7, CON-2, WRP-1, WRP-2, WRP-6."""
    desk = stack.desk()
    stack.office("acme", office.website_move, desk)
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer(locale="en-US")
    customer.page.goto(f"http://acme.localhost:{stack.port}/demo/")
    customer.open().begin("Where is my parcel?")
    expect(customer.status).to_have_text("Waiting for an agent")
    expect(agent.offers).to_contain_text("Ana Ruiz")
    agent.accept("Ana Ruiz")
    expect(customer.status).to_contain_text(desk.agent.name)
    assert_typing(agent, customer, desk)
    assert_receipts(agent, customer)
    assert_stacking(agent, customer)
    assert_dates(agent, customer)
    conversation = agent.conversation
    stored = [line.body for line in stack.office("acme", office.transcript, conversation) if line.kind == "text"]
    assert agent.transcript() == customer.transcript() == stored
    agent.end()
    expect(customer.widget.get_by_text("This chat has ended.")).to_be_visible()
    look = stack.office("acme", office.look, conversation)
    assert (look["state"], look["ended_by"], look["holds"]) == ("wrap_up", "agent", [])
    agent.wrap_up("Resolved")
    expect(agent.cards).to_have_count(0)
    look = stack.office("acme", office.look, conversation)
    assert (look["state"], look["dispositions"]) == ("closed", [("Resolution", "Resolved")])
    assert stack.office("acme", office.agent_look, desk.agent.id)["used"] == 0


def assert_typing(agent, customer, desk):
    """Typing shows on the other side, both ways; the words stay unseen until they are sent."""
    # One in twenty is lost on purpose, so keep typing.
    wait_for(
        agent.page,
        lambda: [customer.text.press_sequentially("h"), agent.page.get_by_text("is typing").first.is_visible()][1],
        what="the agent does not see the customer type",
    )
    customer.text.fill("")
    wait_for(
        agent.page,
        lambda: [agent.text.press_sequentially("h"), customer.widget.locator("#typing").is_visible()][1],
        what="the customer does not see the agent type",
    )
    agent.text.fill("")


def assert_receipts(agent, customer):
    """The newest own message says how far it has come; both have the page before them, so it ends with Read."""
    agent.say("Let me look.")
    expect(agent.said("Let me look.")).to_contain_text(re.compile("Sending|Sent|Delivered|Read"))
    expect(customer.said("Let me look.")).to_be_visible()
    customer.text.focus()
    expect(agent.said("Let me look.")).to_contain_text("Read", timeout=30_000)
    customer.say("Thank you")
    expect(agent.said("Thank you")).to_be_visible()
    agent.text.focus()
    expect(customer.said("Thank you")).to_contain_text("Read", timeout=30_000)


def assert_stacking(agent, customer):
    """Messages of one author in one minute stand under one stamp."""
    for number in range(3):
        customer.say(f"stack {number}")
        expect(agent.said(f"stack {number}")).to_be_visible()
    items = agent.thread.get_by_role("listitem").filter(has_text="stack")
    stamps = [item.locator('[data-part="stamp"]').is_visible() for item in items.all()]
    # A minute may end in between, never two.
    assert len(stamps) == 3
    assert sum(stamps) <= 1


SHOWN = """async (locale) => {
  const { Dates } = await import("/static/js/shared/dates.js");
  const dates = new Dates("UTC", locale);
  return [Date.now(), 1764320700000, 1740906300000].flatMap((at) => [dates.short(at), dates.full(at)]);
}"""


def assert_dates(agent, customer):
    """Today has no date, and each reads times as their own browser writes them, and as the server does."""
    american = customer.widget.locator('[data-part="time"]').first
    expect(american).to_have_text(re.compile(r"^\d{1,2}:\d\d\s[AP]M$"))
    british = agent.thread.locator('[data-part="time"]').first
    expect(british).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(british).to_have_attribute("title", re.compile(rf"^\w+, \d+ \w+ {datetime.now(UTC).year}, \d\d:\d\d$"))
    for locale in ("en-GB", "en-US", "de-CH", "fr-FR", "ja-JP", "ar", "ru-RU"):
        with browser_dates(locale):
            moments = [datetime.now(UTC), *(datetime.fromtimestamp(at, UTC) for at in (1764320700, 1740906300))]
            expected = [date_text(at, shape) for at in moments for shape in ("short", "full")]
        # The clock may turn from one minute to the next in between.
        assert agent.page.evaluate(SHOWN, locale)[2:] == expected[2:], locale


def test_three_customers_and_two_slots_are_served_in_order(stack, stage):
    """RTE-7, RTE-9: the third rings when a slot is free."""
    desk = stack.desk(slots=2)
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    names = ["Ana First", "Bo Second", "Cy Third"]
    customers = []
    for name in names:
        customer = stage.customer().visit(desk, stack.port).open()
        customers.append(customer.begin(f"I am {name}", name=name, email=f"{name.replace(' ', '.')}@chat.example"))
    expect(agent.offers).to_have_count(2)
    assert [text.split("\n")[0] for text in agent.offers.locator(".offer-name").all_inner_texts()] == names[:2]
    for name in names[:2]:
        agent.accept(name)
    expect(agent.cards).to_have_count(2)
    expect(customers[2].status).to_have_text("Waiting for an agent")
    customers[0].end()
    expect(agent.offers).to_contain_text("Cy Third")
    agent.accept("Cy Third")
    expect(customers[2].status).to_contain_text(desk.agent.name)
    stack.office("acme", office.check)


def test_nobody_answers_and_the_agent_is_away_idle_until_they_come_back(stack, stage):
    """AGT-7, EDG-1: back by a click of their own, and then it rings again."""
    desk = stack.desk()
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin()
    expect(agent.offers).to_have_count(1)
    (conversation,) = stack.office("acme", office.conversations_of, desk.queue)
    stack.office("acme", office.offer_shorten, conversation, 1.0)
    expect(agent.status).to_have_text("Away (Idle)", timeout=30_000)
    expect(agent.offers).to_have_count(0)
    expect(customer.status).to_have_text("Waiting for an agent")
    agent.page.wait_for_timeout(500)
    assert stack.office("acme", office.agent_look, desk.agent.id)["ringing"] == []
    dismiss_dialog(agent)
    agent.choose("Available")
    expect(agent.status).to_have_text("Available")
    expect(agent.offers).to_have_count(1)
    agent.accept()
    assert bodies(agent.thread) == ["Hello"]


def dismiss_dialog(agent):
    """A dialog may say what happened: it is closed as a person would."""
    dialog = agent.page.locator("dialog[open]")
    if dialog.count():
        agent.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
