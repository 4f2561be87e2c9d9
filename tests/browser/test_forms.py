"""Secured forms as people meet them in their browsers (FRM-2 to FRM-4)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import picture, wait_for
from tests.support import desk as office

CARD = "4111 1111 1111 1234"
MASKED = "***************1234"


@pytest.fixture
def _hides_soon(stack):
    """What is revealed is hidden after 5 s in place of 30."""
    stack.office("acme", office.form_settings, hide_seconds=5)
    yield
    stack.office("acme", office.form_settings, hide_seconds=30)


@pytest.mark.usefixtures("_hides_soon")
def test_sent_filled_in_seen_and_forgotten(stack, stage):
    """By keys alone on both sides; a mistake first; a second one by its link. axe finds nothing serious on the way."""
    stage.expect("status of 422")
    desk = stack.desk()
    stack.office("acme", office.form_make, desk.queue)
    agent = stage.agent(**SEEN).sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer(**SEEN).visit(desk, stack.port).open().begin(email=f"ana-{desk.key}@example.com")
    agent.accept()
    agent.say("I need to check who you are")
    page, keys = agent.page, agent.page.keyboard
    keys.press("Alt+m")
    choose = page.get_by_role("dialog", name=re.compile("a form"))
    expect(choose.get_by_role("button", name=re.compile("Form"))).to_be_focused()
    assert_accessible(page, "choosing a form")
    picture(agent, "form-choose")
    keys.press("Enter")
    card = agent.thread.get_by_role("region", name="Identity check")
    expect(card).to_contain_text("Sent")

    fill = customer.widget.get_by_role("button", name="Fill in")
    expect(fill).to_be_visible()
    picture(customer, "form-card")
    fill.focus()
    customer.page.keyboard.press("Enter")
    form = customer.widget.get_by_role("dialog", name="Identity check")
    expect(form.get_by_role("textbox", name="Card number")).to_be_visible()
    expect(form.get_by_role("textbox", name="Which one")).to_be_hidden()
    assert_accessible(customer.page, "form in the widget", customer.frame)
    picture(customer, "form-open")
    form.get_by_role("textbox", name="Card number").focus()
    customer.page.keyboard.type(CARD)
    form.get_by_label("Code").fill("739")
    form.get_by_role("radio", name="Another one").focus()
    customer.page.keyboard.press("Space")
    expect(form.get_by_role("textbox", name="Which one")).to_be_visible()
    form.get_by_role("button", name="Send").press("Enter")
    expect(form.get_by_role("textbox", name="Full name")).to_be_focused()
    expect(form).to_contain_text("Please fill this in.")
    assert_accessible(customer.page, "a mistake in the form", customer.frame)
    picture(customer, "form-wrong")
    # What was typed stays while one looks at the chat.
    customer.page.keyboard.press("Escape")
    expect(fill).to_be_focused()
    customer.page.keyboard.press("Enter")
    expect(form.get_by_role("textbox", name="Card number")).to_have_value(CARD)
    form.get_by_role("textbox", name="Full name").fill("Ana Ruiz")
    form.get_by_role("textbox", name="Which one").fill("Ochre")
    form.get_by_role("button", name="Send").click()
    expect(form).to_contain_text("Thank you.")
    customer.page.keyboard.press("Escape")
    line = customer.widget.get_by_role("listitem").filter(has_text="Filled in. Thank you.")
    expect(line).to_be_visible()
    expect(fill).to_have_count(0)
    assert_accessible(customer.page, "form filled in", customer.frame)
    picture(customer, "form-filled")

    expect(card).to_contain_text("Filled")
    expect(card).to_contain_text(MASKED)
    expect(card).to_contain_text("Ochre")
    assert CARD not in page.content()
    assert_accessible(page, "a filled form")
    picture(agent, "form-agent")
    eye = card.get_by_role("button", name="Reveal Card number")
    eye.focus()
    keys.press("Enter")
    expect(card).to_contain_text(CARD)
    expect(eye).to_have_attribute("aria-pressed", "true")
    assert_accessible(page, "a revealed value")
    picture(agent, "form-revealed")
    expect(card).to_contain_text(MASKED)
    assert CARD not in page.content()
    expect(agent.thread).to_contain_text("revealed “Card number”")

    conversation = agent.conversation
    stack.office("acme", office.form_make, desk.queue, is_secured=True, title="One more thing")
    page.reload()
    page.get_by_role("button", name="Send a form").click()
    choose.get_by_role("button", name=re.compile("One more thing")).click()
    secured = agent.thread.get_by_role("region", name="One more thing")
    expect(secured).to_contain_text("Sent")
    (_first, second) = wait_for(page, lambda: stack.office("acme", office.forms_look, conversation))
    link = customer.context.new_page()
    link.goto(f"http://acme.localhost:{stack.port}{second['path']}")
    assert_accessible(link, "a form on its page")
    link.get_by_role("textbox", name="Full name").fill("Ana Ruiz")
    link.get_by_role("textbox", name="Card number").fill(CARD)
    link.get_by_role("button", name="Send").click()
    expect(link.get_by_text("We have received it.")).to_be_visible()
    expect(secured).to_contain_text("Filled")
    expect(secured).not_to_contain_text("1234")
    secured.get_by_role("button", name="Reveal all values").click()
    expect(secured).to_contain_text(CARD)
    secured.get_by_role("button", name="Reveal all values").click()
    expect(secured).not_to_contain_text("1234")
    picture(agent, "form-secured")
    found = stack.office("acme", office.forms_look, conversation)
    assert [(each["filled"], each["via"]) for each in found] == [(True, "widget"), (True, "link")]
    assert found[0]["seen"] == ["Card number"]
    stack.office("acme", office.check)
