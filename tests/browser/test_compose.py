"""The compose bar by the keyboard alone: responses, emoji, drafts (CHAT-2, CHAT-3, CHAT-5, CHAT-9, CON-8)."""

import re

from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import engaged, wait_for
from tests.support import desk as office


def focused(agent):
    """What has the focus, by its name or text."""
    return agent.page.evaluate(
        "document.activeElement.getAttribute('aria-label') || document.activeElement.labels?.[0]?.innerText"
        " || document.activeElement.innerText || document.activeElement.tagName"
    ).strip()


def test_responses_by_the_keyboard_alone(stack, stage):
    """CHAT-3, CON-8: a slash opens, typing filters, arrows and Enter choose; undo takes it back."""
    _desk, agent = engaged(stack, stage)
    press, options = agent.page.keyboard.press, agent.page.get_by_role("option")
    agent.text.click()
    agent.page.keyboard.type("and/or 5 /")
    expect(options.first).to_be_visible()
    everything = options.count()
    assert everything > 20
    expect(agent.page.get_by_role("group", name=re.compile("Greeting"))).to_contain_text("Greeting 3")
    press("Escape")
    expect(options.first).to_be_hidden()
    agent.page.keyboard.type("x")
    expect(options.first).to_be_hidden()
    expect(agent.text).to_have_value("and/or 5 /x")
    agent.text.fill("")
    # Accents and capitals make no difference; what was most likely meant is chosen.
    agent.page.keyboard.type("Well, /HÉLL")
    expect(agent.page.get_by_role("option", selected=True)).to_contain_text("/hello")
    active = agent.text.get_attribute("aria-activedescendant")
    assert agent.page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    press("Enter")
    said = f"Well, Hello Ana, this is {agent.person.name}. How can I help you today?"
    expect(agent.text).to_have_value(said)
    assert agent.text.get_attribute("aria-activedescendant") is None
    press("Control+z")
    expect(agent.text).to_have_value("Well, /HÉLL")
    press("End")
    agent.page.keyboard.type("o")
    press("ArrowDown")
    expect(agent.page.get_by_role("option", selected=True)).to_contain_text("/waited")
    press("ArrowUp")
    press("Tab")
    expect(agent.text).to_have_value(said)
    press("Enter")
    expect(agent.said(said)).to_contain_text(re.compile("Sent|Delivered|Read"))
    # What is not known is said otherwise, and the agent is told.
    agent.page.keyboard.type("/callback")
    press("Enter")
    expect(agent.text).to_have_value(re.compile("call you on your phone number"))
    expect(agent.page.get_by_text("Not known: the customer's phone number.")).to_be_visible()
    # By the button, with the mouse, where the caret is.
    agent.text.fill("Yes. ")
    agent.page.get_by_role("button", name="Standard responses").click()
    agent.page.keyboard.type("goodbye")
    expect(options.filter(visible=True)).to_have_count(1)
    options.filter(has_text="/bye").click()
    expect(agent.text).to_have_value(re.compile("^Yes. Thank you for your message, Ana"))
    expect(agent.text).to_be_focused()


def test_new_lines_send_and_the_order_of_the_bar(stack, stage):
    """CHAT-2: Enter sends, with Shift or Ctrl it makes a new line; Tab goes to Send, then to the icons."""
    _desk, agent = engaged(stack, stage)
    press = agent.page.keyboard.press
    agent.text.click()
    agent.page.keyboard.type("one")
    press("Shift+Enter")
    agent.page.keyboard.type("two")
    press("Control+Enter")
    agent.page.keyboard.type("three")
    press("Meta+Enter")
    expect(agent.text).to_have_value("one\ntwo\nthree\n")
    order = []
    for _ in range(3):
        press("Tab")
        order.append(focused(agent))
    assert order == ["Send", "Emoji", "Standard responses"]
    agent.text.focus()
    press("Tab")
    press("Enter")
    expect(agent.said("one")).to_have_text(re.compile("one\ntwo\nthree|onetwothree"))
    expect(agent.text).to_have_value("")
    # An Enter that takes over a word of an input method sends nothing.
    agent.text.fill("かな")
    agent.text.evaluate(
        "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(agent.text).to_have_value("かな")


def test_emoji_by_the_keyboard_alone(stack, stage):
    """CHAT-9: searched, chosen, put where the caret is; Escape closes, and the focus is where one writes."""
    _desk, agent = engaged(stack, stage)
    press = agent.page.keyboard.press
    agent.text.click()
    agent.page.keyboard.type("Great!")
    press("ArrowLeft")
    press("Alt+Period")
    search = agent.page.get_by_role("combobox", name="Search emoji")
    expect(search).to_be_focused()
    press("Escape")
    expect(search).to_be_hidden()
    expect(agent.text).to_be_focused()
    press("Alt+Period")
    expect(agent.page.get_by_role("option", name="grinning face", exact=True).first).to_be_visible()
    agent.page.keyboard.type("thumbs")
    expect(agent.page.get_by_role("option", selected=True)).to_have_attribute("aria-label", "thumbs up")
    press("ArrowRight")
    expect(agent.page.get_by_role("option", selected=True)).to_have_attribute("aria-label", "thumbs down")
    press("ArrowLeft")
    press("Enter")
    expect(agent.text).to_have_value("Great👍️!")
    expect(agent.text).to_be_focused()
    press("Enter")
    expect(agent.said("Great👍️!")).to_be_visible()
    # What was used last is in front.
    press("Alt+Period")
    press("ArrowDown")
    expect(agent.page.get_by_role("option", selected=True)).to_have_attribute("aria-label", "thumbs up")


def test_a_draft_stays_with_its_conversation(stack, stage):
    """CON-1: through other conversations, a reload and another device; gone when it is sent, and nobody else's."""
    desk, agent = engaged(stack, stage, ("Ana Ruiz", "Bo Lind"))
    agent.text.fill("To Bo, half")
    agent.open("Ana Ruiz")
    expect(agent.page.get_by_role("textbox", name="Message to Ana Ruiz")).to_have_value("")
    expect(agent.cards.filter(has_text="Bo Lind")).to_contain_text("Draft: To Bo, half")
    agent.text.fill("To Ana, two\nlines")
    agent.page.reload()
    expect(agent.text).to_have_value("To Ana, two\nlines")
    agent.open("Bo Lind")
    expect(agent.page.get_by_role("textbox", name="Message to Bo Lind")).to_have_value("To Bo, half")
    expect(agent.cards.filter(has_text="Ana Ruiz")).to_contain_text("Draft: To Ana, two lines")
    # Another device has nothing but what the server knows.
    other = stage.agent()
    other.page.goto(agent.page.url)
    other.page.get_by_label("Email").fill(desk.agent.email)
    other.page.get_by_label("Password").fill(desk.agent.password)
    other.page.get_by_role("button", name="Sign in").click()
    expect(other.text).to_have_value("To Bo, half")
    other.page.get_by_role("button", name="Continue here").click()
    expect(other.page.locator("body")).to_have_attribute("data-connection", "open")
    other.text.press("End")
    other.page.keyboard.type(" done")
    other.text.press("Enter")
    expect(other.said("To Bo, half done")).to_contain_text(re.compile("Sent|Delivered|Read"))
    bo = other.conversation
    wait_for(other.page, lambda: bo not in stack.office("acme", office.drafts), what="it was kept though it was sent")
    other.page.reload()
    expect(other.text).to_have_value("")


def test_what_was_not_delivered_is_kept_where_that_is_wanted(stack, stage, cable):
    """CHAT-5: only with the setting; as Not Delivered, under the same id, and Resend sends it once."""
    stage.expect("WebSocket connection", r"htmx:(sendError|afterRequest)", r"net::ERR_")
    desk = stack.desk()
    agent = stage.agent().sign_in(desk, desk.agent, cable.port).available()
    stage.customer().visit(desk, stack.port).open().begin("Hello")
    agent.accept()
    agent.page.get_by_role("button", name="Keyboard shortcuts").click()
    agent.page.get_by_role("link", name="Change keys and sounds").click()
    agent.page.get_by_label("Keep unsent messages on this device").check()
    agent.page.keyboard.press("Escape")
    cable.cut()
    agent.say("into the void")
    expect(agent.said("into the void")).to_contain_text("Not delivered", timeout=30_000)
    cable.heal()
    agent.page.reload()
    expect(agent.said("into the void")).to_contain_text("Not delivered")
    agent.page.get_by_role("button", name="Resend").click()
    expect(agent.said("into the void")).to_contain_text(re.compile("Sent|Delivered|Read"))
    agent.page.reload()
    expect(agent.said("into the void")).to_have_count(1)
    expect(agent.page.get_by_role("button", name="Resend")).to_be_hidden()


def test_what_opens_is_accessible(stack, stage):
    """WCAG 2.2 AA: the list of responses, a note on what is not known, the emoji picker."""
    _desk, agent = engaged(stack, stage, **SEEN)
    agent.text.click()
    agent.page.keyboard.type("/call")
    expect(agent.page.get_by_role("option", selected=True)).to_be_visible()
    assert_accessible(agent.page, "responses")
    agent.page.keyboard.press("Enter")
    expect(agent.page.get_by_text("Not known:")).to_be_visible()
    assert_accessible(agent.page, "a note on what is not known")
    agent.page.get_by_role("button", name="Emoji").click()
    expect(agent.page.get_by_role("option", name="grinning face", exact=True).first).to_be_visible()
    assert_accessible(agent.page, "emoji")
