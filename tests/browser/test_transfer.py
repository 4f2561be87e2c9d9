"""A conversation goes from agent to agent and to a queue, in three browsers (XFR-1 to XFR-4, CON-6)."""

import re
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import offer_until, picture
from tests.browser.transfers import dialog, offer, row
from tests.support import desk as office
from tests.support import transfers as transfers


def waiting(agent):
    return agent.page.get_by_text(re.compile("Waiting for .* to accept"))


def both(stack, stage, **look):
    """Two agents at work, and a customer with the first of them."""
    desk = stack.desk(agents=2)
    # The pane of a conversation that has gone to somebody else asks for it once more, and is told so.
    stage.expect("status of 404")
    sender = stage.agent(**look).sign_in(desk, desk.agents[0], stack.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin("My order came twice")
    sender.accept("Ana Ruiz")
    receiver = stage.agent(**look).sign_in(desk, desk.agents[1], stack.port).available()
    return desk, sender, receiver, customer


def test_to_a_colleague_who_declines_and_then_accepts(stack, stage):
    """XFR-4: the sender keeps it until it is accepted, and is told; the customer sees who has them."""
    desk, sender, receiver, customer = both(stack, stage, **SEEN)
    name = desk.agents[1].name
    conversation = sender.conversation
    for answer in ("Decline", "Accept"):
        sender.page.get_by_role("button", name="Transfer", exact=True).click()
        expect(row(sender, name)).to_be_visible()
        expect(dialog(sender).get_by_role("button", name="Transfer")).to_be_disabled()
        row(sender, name).click()
        dialog(sender).get_by_label(re.compile("Note")).fill("Paid twice, wants one back")
        picture(sender, "transfer-dialog")
        assert_accessible(sender.page, "transfer dialog")
        dialog(sender).get_by_role("button", name="Transfer").click()
        expect(waiting(sender)).to_be_visible()
        expect(sender.page.get_by_role("button", name="End", exact=True)).to_be_disabled()
        expect(offer(receiver)).to_contain_text("Transfer from")
        expect(offer(receiver)).to_contain_text("Paid twice, wants one back")
        sender.say(f"One moment ({answer})")
        expect(customer.said(f"One moment ({answer})")).to_be_visible()
        picture(sender, "transfer-waiting")
        picture(receiver, "transfer-ringing")
        assert_accessible(sender.page, "waiting for a colleague")
        assert_accessible(receiver.page, "a transfer rings")
        until = offer_until(offer(receiver))
        receiver.page.reload()
        # AGT-9: it rings on, with its deadline, and its sender waits as before.
        assert offer_until(offer(receiver)) == until
        expect(waiting(sender)).to_be_visible()
        offer(receiver).get_by_role("button", name=answer).click()
        expect(waiting(sender)).to_be_hidden()
        if answer == "Decline":
            # The toast beside it comes by a frame, and frames may be lost; the line is there to stay.
            expect(sender.said("declined the transfer")).to_be_visible()
    expect(customer.said(f"You are now talking to {name}")).to_be_visible()
    expect(receiver.text).to_be_visible()
    expect(sender.cards).to_have_count(0)
    picture(receiver, "transfer-taken")
    receiver.say("Hello, I have it now")
    expect(customer.said("Hello, I have it now")).to_be_visible()
    look = stack.office("acme", office.look, conversation)
    assert (look["agent"], look["holds"]) == (desk.agents[1].id, [desk.agents[1].id])
    assert stack.office("acme", office.agent_look, desk.agents[0].id)["used"] == 0


def test_to_a_queue_with_its_skills_by_the_keyboard_alone(stack, stage):
    """XFR-1, XFR-3, CON-6: T, search, arrows, Next, the skills, Transfer."""
    desk, sender, receiver, customer = both(stack, stage, **SEEN)
    name = f"Returns {uuid4().hex[:6]}"
    stack.office("acme", transfers.office_prepare, name, desk.agents[1].id, "Refunds", "Parcels")
    try:
        skills_by_pointer(sender, name)
        queue_by_keyboard(sender, name)
        expect(customer.said("We are passing you on to a colleague")).to_be_visible()
        expect(sender.cards).to_have_count(0)
        expect(offer(receiver)).to_contain_text(name)
        receiver.page.keyboard.press("a")
        expect(receiver.text).to_be_visible()
        skills = receiver.page.locator(".skill")
        expect(skills).to_have_text(["Parcels"])
        assert stack.office("acme", office.look, receiver.conversation)["agent"] == desk.agents[1].id
    finally:
        stack.office("acme", transfers.office_restore)


def skills_by_pointer(sender, name):
    """The skills bar shows what is added and removed at once."""
    sender.page.reload()
    sender.page.locator("#skills-add > summary").click()
    sender.page.get_by_role("searchbox", name="Search skills").fill(name)
    sender.page.locator("#skills-found").get_by_role("button", name=f"Parcels {name}").click()
    chip = sender.page.locator(".skill").filter(has_text="Parcels")
    expect(chip).to_be_visible()
    picture(sender, "skills-bar")
    assert_accessible(sender.page, "skills bar")


def queue_by_keyboard(sender, name):
    keys = sender.page.keyboard
    sender.page.locator("#workspace").focus()
    keys.press("t")
    search = dialog(sender).get_by_role("searchbox")
    expect(search).to_be_focused()
    keys.type(name)
    expect(dialog(sender).locator(".transfer-row")).to_have_count(1)
    expect(row(sender, name)).to_contain_text("1 of 1 available matches")
    keys.press("ArrowDown")
    expect(dialog(sender).get_by_role("radio", name=re.compile(name))).to_be_checked()
    expect(dialog(sender).get_by_role("button", name="Next")).to_be_enabled()
    keys.press("Enter")
    expect(dialog(sender).get_by_role("heading", name=f"Skills for {name}")).to_be_visible()
    expect(dialog(sender).get_by_role("searchbox")).to_be_focused()
    picture(sender, "skills-step")
    assert_accessible(sender.page, "skills step")
    keys.press("ArrowDown")
    ticked = dialog(sender).get_by_role("checkbox", checked=True)
    expect(ticked).to_have_count(2)
    refunds = dialog(sender).get_by_role("checkbox", name=re.compile(f"Refunds {name}"))
    while not refunds.evaluate("element => element === document.activeElement"):
        keys.press("Tab")
    keys.press("Space")
    expect(ticked).to_have_count(1)
    keys.press("Enter")
