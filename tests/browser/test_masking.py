"""What is taken out of messages, as both sides see it (FRM-6)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import assert_accessible
from tests.browser.people import picture, walk_to
from tests.support import desk as office

SELECT = """(body, words) => {
  const node = body.firstChild;
  const start = node.data.indexOf(words);
  document.getSelection().setBaseAndExtent(node, start, node, start + words.length);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_card_is_masked_and_words_are_redacted_on_both_sides(stack, stage, scheme):
    """By pointer and by keys; axe finds nothing serious; no page holds what was taken out."""
    look = {"color_scheme": scheme, "bypass_csp": True, "reduced_motion": "reduce"}
    desk = stack.desk()
    stack.office("acme", office.role_give, desk.agent.id, "supervisor")
    agent = stage.agent(**look).sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer(**look).visit(desk, stack.port).open()
    customer.widget.get_by_role("textbox", name="Your name").fill("Ana Ruiz")
    customer.widget.get_by_role("textbox", name="Your email").fill(f"ana-{desk.key}@example.com")
    customer.say("My card is 4111 1111 1111 1111, thanks")
    masked = "My card is •••• •••• •••• 1111, thanks"
    expect(customer.said(masked)).to_contain_text("Card number removed")
    agent.accept()
    expect(agent.said(masked)).to_contain_text("Card number removed")
    agent.say("Is it 5555-5555-5555-4444?")
    for side in (agent, customer):
        expect(side.said("Is it ••••-••••-••••-4444?")).to_contain_text("Card number removed")

    customer.say("The door code is 8842, and my dog is called Rex")
    expect(agent.said("8842")).to_be_visible()
    agent.said("8842").locator('[data-part="body"]').evaluate(SELECT, "code is 8842")
    agent.page.get_by_role("button", name="Redact…").click()
    dialog = agent.page.get_by_role("dialog", name="Redact for good?")
    expect(dialog).to_contain_text("Selected: 12 characters")
    assert_accessible(agent.page, "redacting")
    picture(agent, f"redact-dialog-{scheme}")
    dialog.get_by_role("button", name="Redact selection").click()
    for side in (agent, customer):
        expect(side.said("The door █████, and my dog is called Rex")).to_contain_text("Redacted")

    page, keys = agent.page, agent.page.keyboard
    page.locator(".pane-more > summary").focus()
    keys.press("Enter")
    walk_to(page, page.get_by_role("link", name="Redact a message…"))
    keys.press("Enter")
    listed = page.get_by_role("dialog", name="Redact in which message?")
    expect(listed).to_be_visible()
    assert_accessible(page, "which message")
    walk_to(page, listed.get_by_role("link", name=re.compile("my dog")))
    keys.press("Enter")
    expect(dialog).to_contain_text("Nothing is selected")
    keys.press("Control+End")
    for _ in "Rex":
        keys.press("Shift+ArrowLeft")
    expect(dialog).to_contain_text("Selected: 3 characters")
    walk_to(page, dialog.get_by_role("button", name="Redact selection"))
    keys.press("Enter")
    for side in (agent, customer):
        expect(side.said("my dog is called █████")).to_be_visible()
    # The tray is fetched anew a moment later than the message is told.
    expect(page.locator("#cards .card-line")).to_have_text("The door █████, and my dog is called █████")
    picture(agent, f"masked-console-{scheme}")
    picture(customer, f"masked-widget-{scheme}")
    assert_accessible(page, "masked in the console")
    frame = next(each for each in customer.page.frames if "/widget/frame/" in each.url)
    assert_accessible(customer.page, "masked in the widget", frame)
    for html in (page.content(), frame.content()):
        assert not re.search(r"4111 1111|5555-5555|code is 8842|called Rex", html)
    stack.office("acme", office.check)
