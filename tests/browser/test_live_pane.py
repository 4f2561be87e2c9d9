"""What changes in an open conversation while one looks at it, and what must not be disturbed by it."""

import re

from playwright.sync_api import expect

from tests.support import desk as office


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
    stack.office("acme", office.talk, conversation, 130)
    assert_history(agent)
    customer.page.close()
    expect(agent.page.locator("#presence")).to_have_text("The customer’s page is closed", timeout=30_000)
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
