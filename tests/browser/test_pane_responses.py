"""Answers that come late, in another order, or never: the pane is whole, and nobody writes to whom they have left."""

import re

from playwright.sync_api import expect

from tests.browser.people import Held, engaged, wait_for
from tests.support import desk as office

LOST = (r"net::ERR_FAILED", r"htmx:(sendError|sendAbort|afterRequest)")
"""What a browser says of an answer that never comes, or that nobody waits for any more."""


def test_an_answer_that_its_own_frame_overtakes_is_put_in_its_place(stack, stage, snoozes):
    """Snooze, Wake, End, Close: the frame brings the new pane, and takes away the form whose answer comes then."""
    _desk, agent = engaged(stack, stage)
    page = agent.page
    agent.say("One moment")
    expect(agent.said("One moment")).to_contain_text(re.compile("Sent|Delivered|Read"))
    page.get_by_role("button", name="Snooze").click()
    held = Held(page, "/snooze/")
    page.get_by_role("dialog", name="Snooze").get_by_role("button").filter(has_text="1 hour").click()
    assert_overtaken(agent, held, "snoozed")
    held = Held(page, "/wake/")
    page.get_by_role("button", name="Wake now").click()
    assert_overtaken(agent, held, "active")
    page.get_by_role("button", name="End", exact=True).click()
    held = Held(page, "/end/")
    page.get_by_role("dialog").get_by_role("button", name="End conversation").click()
    assert_overtaken(agent, held, "wrap_up")
    page.get_by_role("radio", name="Resolved").check(force=True)
    held = Held(page, "/close/")
    page.get_by_role("button", name="Close", exact=True).click()
    assert_overtaken(agent, held, "closed", leaves=True)
    stack.office("acme", office.check)


def test_an_undo_that_is_lost_is_there_still(stack, stage):
    """The line breaks as it is pressed: it says so, stays, and is done at the second try."""
    stage.expect(*LOST, r"net::ERR_CONNECTION")
    _desk, agent = engaged(stack, stage)
    page = agent.page
    conversation = agent.conversation
    page.locator(".pane-more > summary").click()
    page.get_by_role("button", name="Mark as spam…").click()
    page.get_by_role("dialog", name="Mark as spam").get_by_role("button", name="Mark as spam").click()
    expect(page.locator("#pane")).to_have_count(0)
    undo = page.locator(".toast").get_by_role("button", name="Undo")
    page.route("**/spam/undo/", lambda route: route.abort("connectionreset"))
    undo.click()
    expect(page.locator(".toast[role=alert]")).to_be_visible()
    page.unroute("**/spam/undo/")
    undo.click()
    expect(agent.said("took back that it is spam")).to_be_visible()
    assert agent.conversation == conversation
    expect(undo).to_have_count(0)
    stack.office("acme", office.check)


def test_an_answer_that_takes_away_who_asked_is_put_in_its_place(stack, stage):
    """Accept by its key: the tray that comes with the answer no longer has the offer, and no frame said so before."""
    desk = stack.desk()
    agent, late = stage.agent(), []

    def hold_back(page_side):
        server_side = page_side.connect_to_server()
        server_side.on_message(lambda text: late.append(text) if '"offer.gone"' in text else page_side.send(text))

    agent.page.route_web_socket(re.compile("/ws/console/"), hold_back)
    agent.sign_in(desk, desk.agent, stack.port).available()
    stage.customer().visit(desk, stack.port).open().begin()
    expect(agent.offers).to_have_count(1)
    trays = Held(agent.page, "/console/tray/", "GET")
    agent.page.mouse.move(900, 400)  # Where the pointer rests on the offers, they stay.
    agent.page.keyboard.press("KeyA")
    expect(agent.text).to_be_visible()
    expect(agent.offers).to_have_count(0)
    assert late
    assert_one_workspace(agent)
    agent.say("How can I help?")
    expect(agent.said("How can I help?")).to_contain_text(re.compile("Sent|Delivered|Read"))
    trays.over()
    stack.office("acme", office.check)


def assert_overtaken(agent, held, state, *, leaves=False):
    """The frame brings the state first; the answer that comes then makes no mess."""
    pane = agent.page.locator("#pane")
    held.wait()
    expect(pane).to_have_attribute("data-state", state)
    with agent.page.expect_response(held.pattern):
        held.come()
    held.over()
    if leaves:
        expect(pane).to_have_count(0)
        expect(agent.page.get_by_role("heading", name="No conversation open")).to_be_visible()
    else:
        expect(pane).to_have_attribute("data-state", state)
    assert_one_workspace(agent)


def assert_one_workspace(agent):
    """It stands in the page once, and fills it."""
    page = agent.page
    assert page.locator("#workspace").count() == 1
    assert page.locator("#tray").count() == 1
    assert page.locator("[data-detached]").count() == 0
    assert page.locator("#workspace > main").bounding_box()["width"] > 700


def test_nobody_writes_to_whom_they_have_left(stack, stage):
    """From the moment that somebody else is asked for the pane takes nothing; what was begun stays that one's draft."""
    stage.expect(*LOST)
    desk, agent = engaged(stack, stage)
    page, ana = agent.page, agent.conversation
    to_ana = page.get_by_role("textbox", name="Message to Ana Ruiz")
    customer = stage.customer().visit(desk, stack.port).open()
    customer.begin("I am Bo", name="Bo Lind", email="bo@compose.example")
    expect(agent.offers).to_have_count(1)
    to_ana.click()
    page.keyboard.type("For Ana")
    held = Held(page, "/accept/")
    page.keyboard.press("Alt+KeyA")
    held.wait()
    assert_takes_nothing(agent)
    # It was accepted, and the answer never comes: one is where one was, and is told.
    held.is_lost()
    expect(page.get_by_text("That did not work. Please try again.")).to_be_visible()
    expect(page.locator("#workspace")).not_to_have_attribute("inert", "")
    expect(to_ana).to_have_value("For Ana")
    expect(to_ana).to_be_focused()
    held.over()
    # A card is clicked, and the answer takes its time.
    bo = stack.office("acme", office.conversations_of, desk.queue)[-1]
    held = Held(page, f"/c/{bo}/$", "GET")
    agent.open("Bo Lind")
    held.wait()
    assert_takes_nothing(agent)
    held.come()
    expect(page.get_by_role("textbox", name="Message to Bo Lind")).to_be_focused()
    expect(agent.text).to_have_value("")
    held.over()
    assert_one_workspace(agent)
    agent.say("Hello Bo")
    expect(customer.said("Hello Bo")).to_be_visible()
    wait_for(page, lambda: ana in stack.office("acme", office.drafts), what="what was begun was not kept")
    agent.open("Ana Ruiz")
    expect(to_ana).to_have_value("For Ana")
    assert_comes_back_when_refused(stack, stage, desk, agent)
    said = [line.body for line in stack.office("acme", office.transcript, ana) if line.side == "agent"]
    assert "For Ana" not in said and "Hello Bo" not in said


def assert_comes_back_when_refused(stack, stage, desk, agent):
    """A customer who has left before one's word arrives: one goes on where one was."""
    stage.expect("status of 409")
    customer = stage.customer().visit(desk, stack.port).open()
    customer.begin("I am Cy", name="Cy Dahl", email="cy@compose.example")
    expect(agent.offers).to_have_count(1)
    page, asked = agent.page, []
    page.route(re.compile("/accept/"), lambda route: asked.append(route))
    agent.text.click()
    page.keyboard.press("Alt+KeyA")
    wait_for(page, lambda: asked)
    assert_takes_nothing(agent)
    customer.end()
    expect(agent.offers).to_have_count(0)
    asked[0].continue_()
    expect(page.locator("#toasts")).to_contain_text("This offer is gone")
    expect(page.locator("#workspace")).not_to_have_attribute("inert", "")
    expect(agent.text).to_have_value("For Ana")
    expect(agent.text).to_be_focused()


def assert_takes_nothing(agent):
    """Neither the keyboard nor the mouse sends anything from the pane."""
    page = agent.page
    expect(page.locator("#workspace")).to_have_attribute("inert", "")
    expect(page.locator("#workspace")).to_have_attribute("aria-busy", "true")
    page.keyboard.type("to whom? e ")
    page.keyboard.press("Enter")
    page.locator("#compose-text").evaluate("field => { field.form.requestSubmit(); }")
    page.locator("#compose .send").click(force=True)
    assert page.locator("#compose-text").input_value() == "For Ana"
    assert page.locator("dialog:modal").count() == 0
    assert agent.thread.locator('.message[data-side="agent"]').filter(has_text="For Ana").count() == 0


def test_whoever_was_asked_for_last_is_open(stack, stage, snoozes):
    """Two accepted, answered in the wrong order; a snooze whose answer comes when one has gone on; back and forth."""
    stage.expect(*LOST)
    desk, agent = engaged(stack, stage)
    page = agent.page
    for name in ("Bo Lind", "Cy Dahl"):
        customer = stage.customer().visit(desk, stack.port).open()
        customer.begin(f"I am {name}", name=name, email=f"{name.replace(' ', '.')}@compose.example")
        expect(agent.offers.filter(has_text=name)).to_have_count(1)
    held = Held(page, "/accept/")
    for name in ("Bo Lind", "Cy Dahl"):
        agent.offers.filter(has_text=name).get_by_role("button", name="Accept").click()
    held.wait(2).come(1)
    cy = page.get_by_role("textbox", name="Message to Cy Dahl")
    expect(cy).to_be_visible()
    held.come()
    held.over()
    expect(agent.cards).to_have_count(3)
    expect(cy).to_be_focused()
    assert_one_workspace(agent)
    # What was asked of Cy's conversation is carried out, and its answer is nothing for Ana's.
    agent.say("One moment")
    expect(agent.said("One moment")).to_contain_text(re.compile("Sent|Delivered|Read"))
    page.get_by_role("button", name="Snooze").click()
    held = Held(page, "/snooze/")
    page.get_by_role("dialog", name="Snooze").get_by_role("button").filter(has_text="1 hour").click()
    held.wait()
    expect(page.locator("#pane")).to_have_attribute("data-state", "snoozed")
    agent.open("Ana Ruiz")
    ana = page.get_by_role("textbox", name="Message to Ana Ruiz")
    expect(ana).to_be_visible()
    held.come()
    held.over()
    # Back and forth.
    page.go_back()
    expect(cy).to_be_visible()
    expect(page.locator("#workspace")).to_have_attribute("data-open", agent.conversation)
    page.go_forward()
    expect(ana).to_be_visible()
    expect(page.locator('.card-link[aria-current="true"] .card-name')).to_have_text("Ana Ruiz")
    assert_one_workspace(agent)
    stack.office("acme", office.check)
