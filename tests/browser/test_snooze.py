"""Snooze, and wrap-up by a timer, as people meet them in their browsers."""

import re

from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible, tab_to
from tests.support import desk as office


def test_snoozed_the_next_customer_rings_and_the_first_wakes_it_by_writing(stack, stage, snoozes):
    """SNZ-2 to SNZ-4, CON-1: one slot, two customers."""
    desk = stack.desk(slots=1)
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    ana = stage.customer().visit(desk, stack.port).open().begin("Hello", name="Ana Ruiz", email="ana@snooze.example")
    agent.accept("Ana Ruiz")
    bo = stage.customer().visit(desk, stack.port).open().begin("Hello", name="Bo Lind", email="bo@snooze.example")
    snooze = agent.page.get_by_role("button", name="Snooze", exact=True)
    expect(snooze).to_have_attribute("aria-disabled", "true")
    expect(snooze).to_have_attribute("title", "The customer waits for your answer: reply before you snooze.")
    agent.say("I have to ask the workshop.")
    expect(ana.said("I have to ask the workshop.")).to_be_visible()
    expect(snooze).not_to_have_attribute("aria-disabled", "true")
    snooze.click()
    dialog = agent.page.get_by_role("dialog", name="Snooze until")
    expect(dialog.get_by_role("button", name=re.compile("15 minutes"))).to_be_focused()
    dialog.get_by_role("button", name=re.compile("1 hour")).click()
    expect(agent.page.get_by_role("region", name="Snooze")).to_contain_text(re.compile("Snoozed until"))
    expect(agent.thread).to_contain_text("snoozed it until")
    expect(agent.page.locator("#snoozed-cards summary")).to_contain_text("Snoozed (1)")
    # The slot is free: the next in line rings, and is answered while the first sleeps.
    agent.accept("Bo Lind")
    expect(agent.page.get_by_role("heading", level=1, name="Bo Lind")).to_be_visible()
    agent.say("Good morning, Bo")
    expect(bo.said("Good morning, Bo")).to_be_visible()
    agent.page.locator("#snoozed-cards summary").click()
    agent.open("Ana Ruiz")
    expect(agent.page.get_by_role("region", name="Snooze")).to_be_visible()
    # A reply needs a slot, and there is none.
    agent.say("Are you there?")
    failed = agent.said("Are you there?")
    expect(failed).to_contain_text("All your chat slots are taken: end or snooze another conversation first.")
    bo.end()
    expect(agent.offers).to_have_count(0)
    ana.say("Any news?")
    expect(agent.said("Any news?")).to_be_visible()
    expect(agent.page.get_by_role("region", name="Snooze")).to_be_hidden()
    expect(agent.thread).to_contain_text("It woke up: the customer wrote")
    expect(agent.page.locator("#snoozed-cards")).to_have_count(0)
    assert stack.office("acme", office.agent_look, desk.agent.id)["used"] == 1
    stack.office("acme", office.check)


def test_a_timed_wrap_up_counts_down_and_closes_with_what_was_begun(stack, stage):
    """WRP-3, EDG-6: the slot is kept until then; a reload loses nothing."""
    desk = stack.desk(slots=1, queue={"acw_mode": "timed", "acw_seconds": 12})
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin()
    agent.accept()
    other = stage.customer().visit(desk, stack.port).open().begin(name="Bo Lind", email="bo@snooze.example")
    conversation = agent.conversation
    customer.end()
    page = agent.page
    expect(page.get_by_role("timer")).to_have_text(re.compile("0:[01][0-9]"))
    expect(agent.offers).to_have_count(0)
    page.get_by_role("radio", name="Pending").check(force=True)
    with page.expect_response(lambda response: "/draft/" in response.url and response.status == 204):
        page.get_by_label("Description").fill("Calls back")
    page.reload()
    expect(page.get_by_role("radio", name="Pending")).to_be_checked()
    expect(page.get_by_label("Description")).to_have_value("Calls back")
    expect(page.locator("#toasts")).to_contain_text("The time to wrap up Ana Ruiz is over. It was closed for you.")
    expect(agent.thread).to_contain_text("Closed by itself: the time to wrap up was over")
    expect(agent.offers).to_contain_text("Bo Lind")
    expect(other.status).to_have_text("Waiting for an agent")
    look = stack.office("acme", office.look, conversation)
    assert (look["state"], look["holds"], look["dispositions"]) == ("closed", [], [("Resolution", "Pending")])
    stack.office("acme", office.check)


def test_by_keyboard_alone_and_nothing_that_axe_calls_serious(stack, stage, snoozes):
    """CON-6, WCAG 2.2 AA: snooze, wake, end, wrap up."""
    desk = stack.desk(queue={"acw_mode": "timed", "acw_seconds": 90})
    agent = stage.agent(**SEEN).sign_in(desk, desk.agent, stack.port).available()
    stage.customer().visit(desk, stack.port).open().begin()
    page, keys = agent.page, agent.page.keyboard
    expect(agent.offers).to_have_count(1)
    keys.press("a")
    expect(agent.text).to_be_focused()
    keys.press("Alt+s")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.type("A moment, please")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Snooze", exact=True)).not_to_have_attribute("aria-disabled", "true")
    keys.press("Alt+s")
    expect(page.get_by_role("dialog", name="Snooze until")).to_be_visible()
    assert_accessible(page, "snooze dialog")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.press("Alt+s")
    keys.press("Enter")
    banner = page.get_by_role("region", name="Snooze")
    expect(banner).to_be_visible()
    assert_accessible(page, "snoozed")
    tab_to(page, "button", "Wake now")
    keys.press("Enter")
    expect(banner).to_be_hidden()
    keys.press("Alt+e")
    expect(page.get_by_role("button", name="End conversation")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Wrap-up")).to_be_focused()
    assert_accessible(page, "timed wrap-up")
    tab_to(page, "radio")
    keys.press("Space")
    tab_to(page, "button", "Close")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Wrap-up")).to_be_hidden()
    expect(agent.cards).to_have_count(0)
