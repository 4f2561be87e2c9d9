"""The line is really cut, and pages are reloaded: nothing is lost, nothing doubled, everything is found again."""

import pytest
from playwright.sync_api import expect

from tests.browser.files import bring, chips, given
from tests.browser.people import LINE_DOWN, offer_until, wait_for
from tests.support import desk as office
from tests.support.media import PDF


def test_cut_for_ten_seconds_while_both_write(stack, stage, cable):
    """CHAT-5, CHAT-10: Not Delivered and Resend; then both transcripts are the database's."""
    stage.expect(*LINE_DOWN)
    desk = stack.desk()
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer().visit(desk, cable.port).open().begin("before the cut")
    agent.accept()
    customer.say("still here")
    expect(agent.said("still here")).to_be_visible()
    cable.cut()
    for number in range(3):
        customer.say(f"into the void {number}")
        agent.say(f"are you there? {number}")
        agent.page.wait_for_timeout(200)
    expect(customer.said("into the void 0")).to_contain_text("Sending")
    agent.page.wait_for_timeout(10_000)
    expect(customer.said("into the void 2")).to_contain_text("Not delivered")
    assert customer.said("are you there?").count() == 0
    cable.heal()
    resend = customer.widget.get_by_role("button", name="Resend")
    expect(resend).to_be_enabled(timeout=30_000)
    expect(customer.said("are you there? 2")).to_be_visible(timeout=30_000)
    resend.click()
    expect(agent.said("into the void 2")).to_be_visible(timeout=30_000)
    assert_same(stack, agent, customer, 8)


def test_the_agents_line_is_cut_while_both_write(stack, stage, cable):
    """CHAT-5, CHAT-10: the same from the other side; the console says that it has no connection."""
    stage.expect(*LINE_DOWN)
    desk = stack.desk()
    agent = stage.agent().sign_in(desk, desk.agent, cable.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin("before the cut")
    agent.accept()
    cable.cut()
    agent.say("nobody hears me")
    customer.say("hello?")
    agent.page.wait_for_timeout(10_000)
    expect(agent.said("nobody hears me")).to_contain_text("Not delivered")
    expect(agent.page.locator("#banner")).to_be_visible()
    assert_says_that_it_is_offline(agent)
    cable.heal()
    resend = agent.page.get_by_role("button", name="Resend")
    expect(resend).to_be_enabled(timeout=30_000)
    end = agent.page.get_by_role("button", name="End", exact=True)
    expect(end).not_to_have_attribute("aria-disabled", "true")
    assert end.get_attribute("title") is None
    # What was dropped or chosen meanwhile has gone by itself.
    for name in ("terms.pdf", "prices.pdf"):
        expect(chips(agent.page).filter(has_text=name)).to_have_attribute("data-state", "ready", timeout=30_000)
        agent.page.get_by_role("button", name=f"Remove {name}").click()
    expect(agent.said("hello?")).to_be_visible(timeout=30_000)
    resend.click()
    expect(customer.said("nobody hears me")).to_be_visible(timeout=30_000)
    assert_same(stack, agent, customer, 3)


def assert_says_that_it_is_offline(agent):
    """CHAT-4: what acts says why it does not; Resend stands first in the bar; a file waits for the line."""
    page = agent.page
    for name in ("Transfer", "End"):
        button = page.locator(".pane-do").get_by_role("button", name=name, exact=True)
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("title", "No connection.")
        button.click(force=True)
    expect(page.locator("dialog:modal")).to_have_count(0)
    resend = page.get_by_role("button", name="Resend")
    left = [each.bounding_box()["x"] for each in (resend, page.get_by_role("button", name="Emoji"))]
    assert left[0] < left[1] < page.get_by_role("button", name="Send", exact=True).bounding_box()["x"]
    bring(page, "#pane", "drop", given("terms.pdf", PDF, "application/pdf"))
    expect(page.get_by_role("button", name="Attach files")).to_be_enabled()
    page.locator("#compose [data-part=picker]").set_input_files(given("prices.pdf", PDF, "application/pdf"))
    for name in ("terms.pdf", "prices.pdf"):
        expect(chips(page).filter(has_text=name)).to_contain_text("Goes when the connection is back.")


def assert_same(stack, agent, customer, count):
    """Both pages show exactly what is stored, in its order."""
    conversation = agent.conversation

    def same():
        lines = stack.office("acme", office.transcript, conversation)
        stored = [line.body for line in lines if line.kind == "text"]
        return agent.transcript() == customer.transcript() == stored and stored

    stored = wait_for(agent.page, same, what="both sides never agreed")
    assert len(stored) == len(set(stored)) == count
    stack.office("acme", office.check)


STEPS = ["waiting", "offered", "active", "wrap_up", "closed"]


@pytest.mark.parametrize("step", STEPS)
def test_a_reload_of_either_side_finds_everything_again(stack, stage, step):
    """CHAT-12, CON-1: at every step of a conversation."""
    desk = stack.desk()
    agent = stage.agent().sign_in(desk, desk.agent, stack.port)
    if step == "waiting":
        agent.page.get_by_role("button", name="Keep Away Status").click()
    else:
        agent.available()
    customer = stage.customer().visit(desk, stack.port).open().begin("Do you remember me?")
    conversation = bring_to(step, stack, desk, agent, customer)
    state = stack.office("acme", office.look, conversation)["state"]
    assert state == {"offered": "offered", "waiting": "waiting"}.get(step, step)
    status = agent.status.inner_text()
    rings = ringing(agent)
    agent.page.reload()
    customer.page.reload()
    open_again(customer)
    expect(customer.said("Do you remember me?")).to_be_visible()
    expect(agent.status).to_have_text(status)
    assert ringing(agent) == rings
    look_after_reload(step, desk, agent, customer)
    assert stack.office("acme", office.look, conversation)["state"] == state
    stack.office("acme", office.check)


def ringing(agent):
    """What rings and until when: a reload changes nothing about it (AGT-9)."""
    return [(each.get_attribute("id"), offer_until(each)) for each in agent.offers.all()]


def bring_to(step, stack, desk, agent, customer):
    """Go on with the conversation up to a step."""
    at = STEPS.index(step)
    if at >= 1:
        expect(agent.offers).to_have_count(1)
    if at >= 2:
        agent.accept()
        agent.say("Of course I do")
        expect(customer.said("Of course I do")).to_be_visible()
    if at >= 3:
        agent.end()
        expect(customer.widget.get_by_text("This chat has ended.")).to_be_visible()
    if at >= 4:
        agent.wrap_up()
    # What is shown as Sending is not stored yet, and a reload drops it (CHAT-5).
    (conversation,) = wait_for(
        agent.page, lambda: stack.office("acme", office.conversations_of, desk.queue), what="it was never stored"
    )
    return conversation


def look_after_reload(step, desk, agent, customer):
    """What both sides show at a step."""
    at = STEPS.index(step)
    expect(agent.offers).to_have_count(1 if step == "offered" else 0)
    expect(agent.cards).to_have_count(1 if step in {"active", "wrap_up"} else 0)
    if at < 2:
        expect(customer.status).to_have_text("Waiting for an agent")
    if at >= 2:
        expect(customer.said("Of course I do")).to_be_visible()
    if step == "active":
        expect(customer.status).to_contain_text(desk.agent.name)
        assert agent.transcript() == customer.transcript() == ["Do you remember me?", "Of course I do"]
        customer.say("and after the reload")
        expect(agent.said("and after the reload")).to_be_visible()
    if step == "wrap_up":
        expect(agent.page.get_by_role("heading", name="Wrap-up")).to_be_visible()
    if at >= 3:
        expect(customer.widget.get_by_text("This chat has ended.")).to_be_visible()


def open_again(customer):
    """After a reload the chat may be open already."""
    launcher = customer.page.locator("parley-chat button")
    expect(launcher).to_be_visible()
    if launcher.get_attribute("aria-expanded") != "true":
        launcher.click()
