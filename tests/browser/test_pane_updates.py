"""What changes in an open conversation while one looks at it, and what is not disturbed by it."""

import re

from playwright.sync_api import expect

from tests.browser.people import Held, engaged
from tests.support import desk as office

READ_AGAIN = """() => {
    const where = { source: "#workspace", target: "#workspace", swap: "morph" };
    htmx.ajax("GET", location.pathname, where).then(() => { document.documentElement.dataset.read = "yes"; });
}"""
"""Has the pane read again, as a frame does."""


def test_the_pane_goes_on_by_itself(stack, stage):
    """CON-3, CON-4, AGT-12, XFR-4, EDG-2: mood, names, destinations, history, the customer's page."""
    desk = stack.desk(agents=2)
    lena, bo = desk.agents
    stack.office("acme", office.rename, lena.id, "Lena", "Vogt")
    stack.office("acme", office.rename, bo.id, "Bo", f"Chen-{desk.key[:4]}")
    agent = stage.agent().sign_in(desk, lena, stack.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin("Hello there", email=f"a-{desk.key}@example.com")
    agent.accept("Ana Ruiz")
    conversation = agent.conversation
    assert_mood(agent, customer)
    stack.office("acme", office.served, conversation, bo.id)
    assert_names(agent, desk)
    colleague = stage.agent().sign_in(desk, bo, stack.port).available()
    assert_destinations(agent, colleague)
    asked = []
    agent.page.on("request", lambda request: asked.append(request.url))
    customer.page.close()
    expect(agent.page.locator("#presence")).to_have_text("The customer’s page is closed", timeout=30_000)
    # Meanwhile an open dialog would have looked again where it could go.
    assert not [url for url in asked if "/transfer/" in url]
    stack.office("acme", office.talk, conversation, 130)
    assert_history(agent)
    stack.office("acme", office.check)


def assert_mood(agent, customer):
    """It follows what is written, and the pane stays as it is."""
    mood = agent.page.locator("#summary-mood")
    expect(mood).not_to_contain_text("Negative")
    agent.text.fill("Half a word")
    customer.say("This is terrible. I am furious, I hate it!")
    expect(mood).to_contain_text("Negative")
    expect(agent.text).to_have_value("Half a word")
    expect(agent.text).to_be_focused()
    agent.text.fill("")


def assert_names(agent, desk):
    """By the keyboard alone; Escape keeps the text."""
    page = agent.page
    page.get_by_role("tab", name=re.compile("Notes")).click()
    field = page.get_by_role("textbox", name="New note")
    bo = page.get_by_role("option", name=re.compile("Bo Chen"))
    field.press_sequentially("Ask @bo")
    expect(bo).to_be_visible()
    assert field.get_attribute("aria-activedescendant") == bo.get_attribute("id")
    field.press("Escape")
    expect(bo).to_be_hidden()
    expect(field).to_have_value("Ask @bo")
    field.press("Backspace")
    field.press("Backspace")
    field.press("Backspace")
    field.press_sequentially("@bo")
    expect(bo).to_be_visible()
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("Enter")
    name = f"Ask @Bo Chen-{desk.key[:4]} "
    expect(field).to_have_value(name)
    expect(field).to_be_focused()
    field.press_sequentially("about it")
    field.press("Control+Enter")
    expect(page.locator("#note-list")).to_contain_text(f"{name}about it")
    expect(page.locator(".note-untold")).to_have_count(0)


def assert_destinations(agent, colleague):
    """Who goes away says so; neither the choice nor the focus is touched."""
    page = agent.page
    agent.say("One moment")
    page.get_by_role("button", name="Transfer", exact=True).click()
    dialog = page.get_by_role("dialog", name=re.compile("Transfer"))
    row = dialog.locator(".transfer-row").filter(has_text="Bo Chen")
    row.click()
    note = dialog.get_by_role("textbox", name=re.compile("Note"))
    note.fill("She waits")
    colleague.choose("Away")
    expect(row).to_contain_text("not possible any more")
    expect(row.locator("input")).to_be_checked()
    expect(note).to_be_focused()
    expect(note).to_have_value("She waits")
    colleague.choose("Available")
    expect(row).to_contain_text("free")
    expect(row.locator("input")).to_be_checked()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Transfer", exact=True)).to_be_focused()


def assert_history(agent):
    """An early note stands where it was written, once that part of the conversation is there."""
    agent.page.reload()
    note = agent.thread.locator(".note-line")
    expect(agent.said("129")).to_be_visible()
    expect(note).to_have_count(0)
    # Not by the Home key: the browser glides there, and stops half-way when anything on the page moves.
    agent.thread.evaluate("thread => { thread.scrollTop = 0; }")
    expect(note).to_have_count(1)
    order = agent.thread.locator("[data-part=list] > li").evaluate_all(
        "(all) => all.map((each) => each.dataset.note ? 'note' : each.querySelector('[data-part=body]').textContent)"
    )
    assert order.index("note") < order.index("One moment")
    assert order.index("note") > next(at for at, body in enumerate(order) if "furious" in body)


def test_a_pane_that_was_read_before_an_answer_does_not_know_of_it(stack, stage, snoozes):
    """SNZ-1: the answer is sent while the pane is on its way, and what it says of the reply that is owed is old."""
    _desk, agent = engaged(stack, stage)
    page = agent.page
    snooze = page.get_by_role("button", name="Snooze", exact=True)
    expect(snooze).to_have_attribute("aria-disabled", "true")
    held = Held(page, "/console/c/[^/]+/$", "GET")
    page.evaluate(READ_AGAIN)
    held.wait()
    agent.say("One moment")
    expect(snooze).not_to_have_attribute("aria-disabled", "true")
    held.come()
    expect(page.locator("html")).to_have_attribute("data-read", "yes")
    expect(snooze).not_to_have_attribute("aria-disabled", "true")
    held.over()
    stack.office("acme", office.check)


def test_a_pane_that_is_read_again_leaves_what_is_being_changed_beside_it(stack, stage):
    """CON-4, CON-5: the customer's details, and a note; what stands around them is new."""
    _desk, agent = engaged(stack, stage)
    page = agent.page
    page.get_by_role("link", name="Edit", exact=True).click()
    name = page.get_by_role("textbox", name="Name", exact=True)
    name.fill("Ana Ruiz-Vega")
    assert_read_again(page)
    expect(name).to_have_value("Ana Ruiz-Vega")
    expect(name).to_be_focused()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#pane h1")).to_contain_text("Ana Ruiz-Vega")
    expect(name).to_have_count(0)
    page.get_by_role("tab", name=re.compile("Notes")).click()
    page.get_by_role("textbox", name="New note").fill("At the depot")
    page.get_by_role("button", name="Add note").click()
    note = page.locator("#note-list .note")
    note.get_by_role("link", name=re.compile("Edit")).click()
    text = note.get_by_role("textbox")
    text.fill("At the depot, shelf 7")
    assert_read_again(page)
    expect(text).to_have_value("At the depot, shelf 7")
    note.get_by_role("button", name="Save").click()
    expect(note).to_contain_text("At the depot, shelf 7")
    expect(text).to_have_count(0)
    stack.office("acme", office.check)


def test_a_note_that_comes_does_not_overtake_what_was_asked_for_in_the_list(stack, stage):
    """CON-4: it is asked for once more, and nothing of the list is lost."""
    desk, agent = engaged(stack, stage)
    page = agent.page
    page.get_by_role("tab", name=re.compile("Notes")).click()
    page.get_by_role("textbox", name="New note").fill("At the depot")
    page.get_by_role("button", name="Add note").click()
    notes = page.locator("#note-list .note")
    held = Held(page, r"/notes/\?edit=", "GET")
    notes.get_by_role("link", name=re.compile("Edit")).click()
    held.wait()
    stack.office("acme", office.note, agent.conversation, desk.agent.id, "The key is under the mat")
    expect(agent.thread).to_contain_text("The key is under the mat")
    page.wait_for_timeout(500)  # Longer than the list waits for more to come.
    held.come()
    held.wait().come()
    held.over()
    text = notes.get_by_role("textbox")
    expect(notes).to_have_count(2)
    text.fill("At the depot, shelf 7")
    notes.get_by_role("button", name="Save").click()
    expect(notes).to_have_count(2)
    expect(page.locator("#note-list")).to_contain_text("At the depot, shelf 7")
    stack.office("acme", office.check)


def assert_read_again(page):
    page.evaluate("() => { delete document.documentElement.dataset.read; }")
    page.evaluate(READ_AGAIN)
    expect(page.locator("html")).to_have_attribute("data-read", "yes")


def test_a_conversation_without_wrap_up_leaves_when_its_customer_ends_it(stack, stage):
    """WRP-4: the pane leaves with it, and it is said; nobody looks at what is gone."""
    desk = stack.desk(queue={"acw_mode": "off"})
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin("Hello")
    agent.accept()
    customer.end()
    expect(agent.page.get_by_role("heading", name="No conversation open")).to_be_visible()
    expect(agent.page.locator("#toasts")).to_contain_text("Ana Ruiz: the conversation has ended and is closed.")
    expect(agent.cards).to_have_count(0)
    assert agent.page.url == agent.home
