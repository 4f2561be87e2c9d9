"""The tray, its keys, the palette and one's own figures, on a bad day and in two looks (CON-1, CON-6, CON-7)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import wait_for
from tests.browser.test_access import assert_accessible
from tests.support import crowd

MANY = 60


@pytest.fixture
def busy(stack, stage):
    """An agent with six conversations: one overdue, one due, one over."""
    desk = stack.desk(slots=15)
    agent = stage.agent(reduced_motion="reduce", bypass_csp=True).sign_in(desk, desk.agent, stack.port).available()
    ids = stack.office("acme", crowd.crowd, desk.agent.id, desk.queue, 6)
    stack.office("acme", crowd.overdue, ids[1])
    stack.office("acme", crowd.end, ids[4])
    expect(agent.cards).to_have_count(6)
    return agent, ids, desk


def names(agent):
    """Who stands in the tray, from top to bottom."""
    return agent.cards.locator(".card-name").all_inner_texts()


def show(agent, name):
    """Choose a filter."""
    agent.page.locator("#tray-show summary").click()
    agent.page.locator("#tray-show").get_by_role("link", name=re.compile(f"^{name}")).click()
    # Under the pointer nothing would move.
    agent.page.mouse.move(900, 400)


def test_filter_search_order_and_nothing_jumps(stack, busy):
    """CON-1: what is looked at stays what is looked at, and moves only when nobody is about to click it."""
    agent, _ids, desk = busy
    page = agent.page
    assert names(agent)[-1] == "Ana Ruiz"
    show(agent, "Overdue")
    expect(agent.cards).to_have_count(1)
    # Who comes while the filter is on is seen until the first message, whatever brings the tray again.
    (fresh,) = stack.office("acme", crowd.crowd, desk.agent.id, desk.queue, 1, 1)
    expect(agent.cards).to_have_count(2)
    stack.office("acme", crowd.say, fresh, "One moment please")
    expect(agent.cards).to_have_count(1)
    show(agent, "Snoozed")
    expect(agent.cards).to_have_count(0)
    expect(page.get_by_text("Nothing is snoozed.")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    expect(agent.cards).to_have_count(7)
    latest = names(agent)

    page.locator("#workspace").focus()
    page.keyboard.press("f")
    expect(page.locator("#tray-search")).to_be_focused()
    page.keyboard.type("elodie")
    expect(agent.cards).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Élodie Marchand")).to_be_visible()
    page.locator("#tray-search").press("Escape")
    expect(agent.cards).to_have_count(7)

    # The pointer rests on a card: an order that is chosen elsewhere and whoever comes wait until it has left.
    agent.cards.nth(1).hover()
    stack.office("acme", crowd.crowd, desk.agent.id, desk.queue, 1)
    expect(agent.cards).to_have_count(8)
    assert names(agent)[:7] == latest
    page.mouse.move(900, 400)
    wait_for(page, lambda: names(agent)[1:] == latest)
    page.locator("#tray-order summary").click()
    page.get_by_role("button", name="Oldest on top").click()
    wait_for(page, lambda: names(agent)[:-1] == latest[::-1])
    page.reload()
    assert names(agent)[:-1] == latest[::-1]


def test_a_key_is_changed_and_the_palette_does_it_all(stack, stage, busy):
    """CON-6, WCAG 2.1.4: by keyboard alone; a conflict is refused with its reason."""
    stage.expect(r"409 \(Conflict\)")
    agent, _ids, _desk = busy
    page, keys = agent.page, agent.page.keyboard
    agent.open("Ana Ruiz")
    expect(page.get_by_role("heading", level=1, name="Ana Ruiz")).to_be_visible()
    page.locator("#workspace").focus()
    keys.press(",")
    dialog = page.get_by_role("dialog", name="Console settings")
    expect(dialog).to_be_visible()
    choose = page.locator("#key-choose-previous")
    choose.focus()
    keys.press("Enter")
    expect(choose).to_have_text("Press a key")
    keys.press("e")
    expect(dialog.get_by_role("alert")).to_have_text("E is taken by “End the conversation”.")
    choose.focus()
    keys.press("Enter")
    keys.press("Escape")
    expect(choose).to_have_text("K")
    expect(dialog).to_be_visible()
    keys.press("Enter")
    keys.press("q")
    expect(choose).to_have_text("Q")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    page.locator("#key-on-next").focus()
    keys.press("Space")
    expect(page.locator("#key-choose-next")).to_have_text("None")
    keys.press("Escape")
    expect(dialog).to_be_hidden()

    page.locator("#workspace").focus()
    keys.press("k")
    keys.press("j")
    keys.press("q")
    expect(page.get_by_role("heading", level=1, name="Bo Lindqvist")).to_be_visible()
    page.reload()
    page.locator("#workspace").focus()
    keys.press("?")
    expect(page.locator("#help-previous")).to_contain_text("Q")
    expect(page.locator("#help-next")).to_contain_text("off")
    keys.press("Escape")

    agent.text.focus()
    keys.press("Control+k")
    find = page.get_by_role("combobox", name="Command, customer, status or queue")
    expect(find).to_be_focused()
    keys.type("away after these")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    find.fill("daan vries")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Daan de Vries")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Daan de Vries")).to_be_visible()
    keys.press("Control+k")
    keys.type("dashb")
    expect(page.get_by_role("option", selected=True)).to_contain_text("My dashboard")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="My dashboard")).to_be_visible()
    expect(page.locator("[data-leads-to=me]")).to_have_attribute("aria-current", "true")
    keys.press("Control+k")
    keys.type("busy")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Busy")
    keys.press("Enter")
    expect(agent.status).to_have_text("Busy")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_far_too_many_and_every_dialog_in_both_looks(stack, busy):
    """WCAG 2.2 AA; sixty cards come and are searched as six are."""
    agent, _ids, desk = busy
    page, keys = agent.page, agent.page.keyboard
    page.locator("#workspace").focus()
    page.locator("#tray-show summary").click()
    assert_accessible(page, "filter")
    keys.press("Escape")
    keys.press("d")
    expect(page.locator("[data-figure=handled] .figure-value")).to_have_text("0")
    page.locator("#how-handled summary").click()
    expect(page.get_by_text("Stays that ended with the conversation")).to_be_visible()
    assert_accessible(page, "dashboard")
    keys.press("Escape")
    page.get_by_role("radio", name="Week").check()
    expect(page).to_have_url(re.compile("length=week"))
    keys.press(",")
    expect(page.get_by_role("dialog", name="Console settings")).to_be_visible()
    assert_accessible(page, "settings")
    keys.press("Escape")
    keys.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()
    assert_accessible(page, "palette")
    keys.press("Escape")
    stack.office("acme", crowd.crowd, desk.agent.id, desk.queue, MANY - 6, 6)
    expect(agent.cards).to_have_count(MANY)
    assert_accessible(page, "sixty cards")
    page.locator("#tray-search").fill("customer55-")
    expect(agent.cards).to_have_count(1)
