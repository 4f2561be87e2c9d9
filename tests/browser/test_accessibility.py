"""For everybody: nothing that axe calls serious, light and dark; and the keyboard alone does it all."""

from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible, tab_to
from tests.browser.contrast import assert_readable
from tests.support import desk as office


def test_axe_finds_nothing_serious(stack, stage):
    """WCAG 2.2 AA on sign-in, the console at every step, and the widget."""
    desk = stack.desk()
    agent, customer = stage.agent(**SEEN), stage.customer(**SEEN)
    agent.page.goto(f"http://acme.localhost:{stack.port}/signin/")
    assert_accessible(agent.page, "sign-in")
    agent.sign_in(desk, desk.agent, stack.port)
    assert_accessible(agent.page, "status dialog")
    agent.available()
    assert_accessible(agent.page, "console, empty")
    customer.visit(desk, stack.port).open()
    frame = customer.frame
    assert_accessible(customer.page, "widget, new", frame)
    assert_readable(customer.page, "widget, new", frame)
    customer.begin()
    expect(agent.offers).to_have_count(1)
    assert_accessible(agent.page, "console, ringing")
    assert_accessible(customer.page, "widget, waiting", frame)
    assert_readable(customer.page, "widget, waiting", frame)
    agent.accept()
    agent.say("Good morning")
    expect(customer.said("Good morning")).to_be_visible()
    customer.say("Good morning to you")
    expect(agent.said("Good morning to you")).to_be_visible()
    assert_accessible(agent.page, "console, chat open")
    assert_accessible(customer.page, "widget, talking", frame)
    assert_readable(customer.page, "widget, talking", frame)
    customer.widget.get_by_role("button", name="End chat").first.click()
    assert_readable(customer.page, "widget, whether to end", frame)
    customer.page.keyboard.press("Escape")
    agent.end()
    assert_accessible(agent.page, "console, wrap-up")
    expect(customer.widget.get_by_text("This chat has ended.")).to_be_visible()
    assert_accessible(customer.page, "widget, ended", frame)
    assert_readable(customer.page, "widget, ended", frame)


def test_the_keyboard_alone_from_sign_in_to_closed(stack, stage):
    """CON-6: no pointer is ever used by the agent."""
    desk = stack.desk()
    agent = stage.agent()
    page, keys = agent.page, agent.page.keyboard
    page.goto(f"http://acme.localhost:{stack.port}/console/")
    expect(page.get_by_label("Email")).to_be_focused()
    keys.type(desk.agent.email)
    keys.press("Tab")
    keys.type(desk.agent.password)
    keys.press("Enter")
    expect(page.get_by_role("button", name="Mark as Available")).to_be_focused()
    keys.press("Enter")
    expect(agent.status).to_have_text("Available")
    customer = stage.customer().visit(desk, stack.port).open().begin()
    expect(agent.offers).to_have_count(1)
    keys.press("a")
    expect(agent.text).to_be_visible()
    expect(agent.text).to_be_focused()
    keys.type("I have no mouse")
    keys.press("Enter")
    expect(customer.said("I have no mouse")).to_be_visible()
    keys.press("Alt+e")
    expect(page.get_by_role("button", name="End conversation")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Wrap-up")).to_be_visible()
    conversation = agent.conversation
    tab_to(page, "radio")
    keys.press("Space")
    tab_to(page, "button", "Close")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Wrap-up")).to_be_hidden()
    assert stack.office("acme", office.look, conversation)["state"] == "closed"
