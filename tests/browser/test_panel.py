"""Beside the conversation: notes that reach a colleague live, the contact, who is the same person, the summary."""

import re

from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.support import desk as office


def test_the_panel_from_the_first_note_to_the_merge(stack, stage):
    """CON-3, CON-4, CON-5, AGT-12; axe finds nothing serious at any step."""
    look = {**SEEN, "viewport": {"width": 1280, "height": 800}}
    stage.expect("422")  # a phone number that is none
    desk = stack.desk(agents=2)
    lena, bo = desk.agents
    stack.office("acme", office.rename, lena.id, "Lena", "Vogt")
    stack.office("acme", office.rename, bo.id, "Bo", "Chen")
    agent = stage.agent(**look).sign_in(desk, lena, stack.port).available()
    customer = (
        stage.customer()
        .visit(desk, stack.port)
        .open()
        .begin("This is terrible, where is my parcel?", email=f"ana-{desk.key}@example.com")
    )
    agent.accept("Ana Ruiz")
    page = agent.page
    assert_summary(agent, lena, desk)
    assert_notes(agent, customer)
    assert_accessible(page, "notes")
    colleague = named(stack, stage, desk, bo, agent, look)
    assert_contact(agent)
    assert_merge(stack, agent, desk, lena)
    assert_answered(agent, colleague)


def assert_summary(agent, lena, desk):
    """CON-3: facts; what somebody folds or unfolds stays so for this conversation."""
    summary = agent.page.locator("details.summary")
    for words in ("Lena Vogt", desk.queue_name, "First words", "This is terrible, where is my parcel?", "Negative"):
        expect(summary).to_contain_text(words)
    expect(agent.cards.first).to_contain_text("Mood: Negative")
    assert_accessible(agent.page, "summary")
    summary.get_by_role("heading", name="Summary").click()
    agent.page.reload()
    expect(summary.get_by_text("First words")).to_be_hidden()
    summary.get_by_role("heading", name="Summary").click()
    expect(summary.get_by_text("First words")).to_be_visible()


def assert_notes(agent, customer):
    """CON-4: by the keyboard alone; between the messages at once, and never at the customer's."""
    page = agent.page
    page.get_by_role("tab", name="Contact").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Notes")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("n")
    note = page.get_by_role("textbox", name="New note")
    expect(note).to_be_focused()
    page.keyboard.type("Parcel 4711 is at the depot")
    page.keyboard.press("Control+Enter")
    listed = page.get_by_role("tabpanel", name="Notes").get_by_role("listitem")
    expect(listed).to_contain_text("Parcel 4711 is at the depot")
    expect(note).to_have_value("")
    inline = agent.thread.locator(".note-line")
    expect(inline).to_contain_text("Parcel 4711 is at the depot")
    customer.say("Hello?")
    expect(agent.said("Hello?")).to_be_visible()
    assert inline.evaluate("note => note.nextElementSibling.matches('.message')")
    listed.get_by_role("link", name="Edit").click()
    page.get_by_role("textbox", name="Change the note").fill("Parcel 4711 is at the depot in Lyon")
    page.get_by_role("button", name="Save").click()
    expect(inline).to_contain_text("in Lyon")
    expect(listed).to_contain_text("edited")
    expect(customer.widget.get_by_text("4711")).to_have_count(0)


def named(stack, stage, desk, bo, agent, look):
    """AGT-12: a colleague who has served the customer is told at once, and finds the note."""
    stack.office("acme", office.served, agent.conversation, bo.id)
    colleague = stage.agent(**look).sign_in(desk, bo, stack.port).available()
    agent.page.get_by_role("textbox", name="New note").fill("@Bo can you approve the refund?")
    agent.page.get_by_role("button", name="Add note").click()
    toast = colleague.page.locator("#toasts")
    expect(toast).to_contain_text("Lena Vogt named you in a note about Ana Ruiz: @Bo can you approve the refund?")
    link = colleague.page.get_by_role("link", name=re.compile("Mentions"))
    expect(link).to_contain_text("1")
    link.click()
    dialog = colleague.page.get_by_role("dialog", name="Mentions")
    expect(dialog).to_contain_text("Ana Ruiz")
    assert_accessible(colleague.page, "mentions")
    dialog.get_by_role("link", name=re.compile("Lena Vogt")).click()
    past = colleague.page.get_by_role("dialog", name="Ana Ruiz")
    expect(past).to_contain_text("Parcel 4711 is at the depot in Lyon")
    expect(link).not_to_contain_text("1")
    assert_accessible(colleague.page, "a past conversation")
    return colleague


def assert_contact(agent):
    """CON-5: inline, with what is wrong beside its field, and the name everywhere once it is saved."""
    page = agent.page
    page.get_by_role("tab", name="Contact").click()
    page.get_by_role("link", name="Edit").click()
    name = page.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_be_focused()
    name.fill("Ana Ruiz Gil")
    page.get_by_role("textbox", name="Phone", exact=True).fill("600 123")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Start with + and the country")).to_be_visible()
    expect(page.get_by_role("textbox", name="Phone", exact=True)).to_be_focused()
    assert_accessible(page, "the contact's form")
    page.get_by_role("textbox", name="Phone", exact=True).fill("+34 600 123 456")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Ana Ruiz Gil").first).to_be_visible()
    expect(agent.cards.first).to_contain_text("Ana Ruiz Gil")
    expect(page.get_by_text("+34 600 12 34 56")).to_be_visible()


def assert_merge(stack, agent, desk, lena):
    """CON-5: found by name, seen side by side, one of them afterwards."""
    page = agent.page
    stack.office("acme", office.contact_make, f"Anita Gil {desk.queue_name}", f"anita-{desk.key}@example.com", lena.id)
    page.get_by_role("link", name="Merge with another contact…").click()
    dialog = page.get_by_role("dialog", name=re.compile("Merge Ana Ruiz Gil"))
    dialog.get_by_role("searchbox").press_sequentially(f"anita-{desk.key}@")
    dialog.get_by_role("link", name=re.compile("Anita Gil")).click()
    dialog.get_by_role("radio", name=re.compile("anita-")).check()
    assert_accessible(page, "two contacts side by side")
    dialog.get_by_role("button", name="Merge").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("tabpanel", name="Contact")).to_contain_text(f"anita-{desk.key}@example.com")
    expect(page.get_by_role("tabpanel", name="Contact")).to_contain_text(f"ana-{desk.key}@example.com")


def assert_answered(agent, colleague):
    """What a colleague notes in their own window is there without a reload."""
    del colleague
    page = agent.page
    page.get_by_role("tab", name="Notes").click()
    listed = page.get_by_role("tabpanel", name="Notes").get_by_role("listitem")
    listed.first.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(listed.first).to_contain_text("Deleted by Lena Vogt")
    expect(agent.thread.locator(".note-line")).to_have_count(1)
