"""An agent's day as it is seen: preparation, auto answer, a lost console, signing out, and customers out of hours."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import bodies, wait_for
from tests.support import desk as office
from tests.support import stack_mail

NEWS = "Parcels are late today."


@pytest.fixture
def preparation(stack):
    """Agents of globex prepare for a few seconds."""
    stack.office("globex", office.login_prep_set, 8, "Get set", NEWS)
    yield
    stack.office("globex", office.login_prep_set, 0)


@pytest.fixture
def auto(stack):
    """Chats of globex open at once."""
    stack.office("globex", office.answer_mode_set, "auto")
    yield
    stack.office("globex", office.answer_mode_set, "manual")


def test_from_preparation_to_available(stack, stage, preparation):
    """AGT-4: a countdown that a reload goes on with, then the question, once; Away that is kept is shown."""
    desk = stack.desk("globex")
    agent = stage.agent().enter(desk, desk.agent, stack.port)
    dialog = agent.page.get_by_role("dialog", name="Get set")
    expect(dialog).to_contain_text(NEWS)
    expect(agent.status).to_have_text("Login Prep")
    until = dialog.locator("time").get_attribute("data-until")
    agent.page.reload()
    expect(dialog).to_contain_text(NEWS)
    assert dialog.locator("time").get_attribute("data-until") == until
    assert not agent.welcome.is_visible()
    expect(agent.welcome).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(agent.status).to_have_text("Away")
    agent.welcome.get_by_role("button", name="Keep Away Status").click()
    kept = agent.page.get_by_text("You are Away until you change it.")
    expect(kept).to_be_visible()
    agent.page.reload()
    expect(kept).to_be_visible()
    expect(agent.page.locator("dialog[open]")).to_have_count(0)
    agent.page.get_by_role("button", name="Become Available").click()
    expect(agent.status).to_have_text("Available")
    expect(kept).to_be_hidden()


def test_a_choice_cuts_the_preparation_short(stack, stage, preparation):
    """AGT-4: who is ready is asked nothing more, now or after a reload."""
    desk = stack.desk("globex")
    agent = stage.agent().enter(desk, desk.agent, stack.port)
    dialog = agent.page.get_by_role("dialog", name="Get set")
    dialog.get_by_role("button", name="Available", exact=True).click()
    expect(agent.status).to_have_text("Available")
    expect(dialog).to_have_count(0)
    agent.page.reload()
    expect(agent.status).to_have_text("Available")
    expect(agent.page.locator("dialog[open]")).to_have_count(0)


def test_auto_answer_can_be_neither_ended_nor_passed_on_before_the_first_word(stack, stage, auto):
    """AGT-6: it opens by itself; End and Transfer do not exist until the agent has said something."""
    desk = stack.desk("globex")
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin("Is anybody there?")
    expect(agent.said("Is anybody there?")).to_be_visible()
    expect(customer.status).to_contain_text(desk.agent.name)
    head = agent.page.locator("#pane")
    for action in ("End", "Transfer"):
        expect(head.get_by_role("button", name=action, exact=True)).to_have_count(0)
    agent.say("Yes, I am.")
    expect(head.get_by_role("button", name="End", exact=True)).to_be_visible()
    agent.end()
    stack.office("globex", office.check)


def test_auto_answer_takes_nobody_away_from_a_new_mail(stack, stage, auto):
    """AGT-6: what is typed stays in the mail; the chat opens when that has been put away."""
    desk = stack.desk("globex")
    stack.office("globex", stack_mail.channel_make, f"help-{desk.key}@globex.test", desk.queue, 25)
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    page = agent.page
    page.get_by_role("link", name="New mail").click()
    text = page.get_by_role("textbox", name="Text", exact=True)
    text.fill("Dear Bo")
    stage.customer().visit(desk, stack.port).open().begin("Is anybody there?")
    expect(agent.cards.filter(has_text="Ana Ruiz")).to_have_count(1)
    page.wait_for_timeout(1000)
    page.keyboard.type(", here it is")
    expect(text).to_have_value("Dear Bo, here it is")
    text.press("Escape")
    expect(agent.said("Is anybody there?")).to_be_visible()
    stack.office("globex", office.check)


def test_auto_answer_opens_the_next_one_when_the_last_has_left(stack, stage, auto):
    """AGT-6, WRP-4: it came while the one before was still open."""
    desk = stack.desk("globex", slots=1, queue={"acw_mode": "off"})
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    first = stage.customer().visit(desk, stack.port).open().begin("First")
    expect(agent.said("First")).to_be_visible()
    agent.say("Yes?")
    stage.customer().visit(desk, stack.port).open().begin("Second", name="Bo Lind", email=f"bo-{desk.key}@example.com")
    first.end()
    expect(agent.said("Second")).to_be_visible()
    stack.office("globex", office.check)


def test_a_closed_browser_and_the_conversation_goes_on_with_a_colleague(stack, stage):
    """AGT-9, RTE-7: after the grace it rings at a colleague, with its history; the agent is Offline."""
    desk = stack.desk(agents=2, slots=1)
    first, second = desk.agents
    gone = stage.agent().sign_in(desk, first, stack.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin("My order never came")
    gone.accept()
    gone.say("Let me look.")
    expect(customer.said("Let me look.")).to_be_visible()
    conversation = gone.conversation
    gone.page.close()
    colleague = stage.agent().sign_in(desk, second, stack.port).available()
    wait_for(colleague.page, lambda: stack.office("acme", office.console_is_lost, first.id))
    assert stack.office("acme", office.look, conversation)["agent"] == first.id
    stack.office("acme", office.console_hurry, first.id)
    expect(colleague.offers).to_contain_text("Ana Ruiz", timeout=30_000)
    assert stack.office("acme", office.agent_look, first.id)["status"] == "offline"
    colleague.accept()
    assert bodies(colleague.thread) == ["My order never came", "Let me look."]
    expect(customer.status).to_contain_text(second.name)
    colleague.say("I have your order here.")
    expect(customer.said("I have your order here.")).to_be_visible()
    stack.office("acme", office.check)


def test_nobody_signs_out_with_a_live_conversation(stack, stage):
    """AGT-8: the console says why, and stays; with everything wrapped up it lets go."""
    desk = stack.desk()
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin()
    agent.accept()
    sign_out(agent)
    expect(agent.page.get_by_text(re.compile("You still have 1 conversation: transfer it, or end"))).to_be_visible()
    expect(agent.status).to_have_text("Available")
    agent.open("Ana Ruiz")
    agent.say("I am still here.")
    expect(customer.said("I am still here.")).to_be_visible()
    agent.end()
    agent.wrap_up()
    sign_out(agent)
    expect(agent.page.get_by_label("Password")).to_be_visible()
    assert stack.office("acme", office.agent_look, desk.agent.id)["status"] == "offline"


def sign_out(agent):
    """Use the menu at the foot of the rail."""
    agent.page.locator(".rail-me").click()
    agent.page.get_by_role("button", name="Sign out").click()


def test_out_of_hours_the_customer_is_told_so_and_leaves_an_address(stack, stage):
    """RTE-4: the flow's message, then the wish for an address; the one that is known may be changed."""
    desk = stack.desk()
    stack.office("acme", office.shut, desk)
    customer = stage.customer().visit(desk, stack.port).open().begin("Are you there?")
    expect(customer.said("We are closed at the moment.")).to_be_visible()
    expect(customer.widget.get_by_text("We will write to ana@example.com")).to_be_visible()
    customer.widget.get_by_role("button", name="Change").click()
    address = customer.widget.get_by_role("textbox", name="Your email")
    address.fill("ana@home")
    customer.widget.get_by_role("button", name="Leave my email").click()
    expect(customer.widget.get_by_text(re.compile("Please enter a whole email address"))).to_be_visible()
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(address).to_be_focused()
    address.fill("ana@home.example")
    expect(address).not_to_have_attribute("aria-invalid", "true")
    customer.widget.get_by_role("button", name="Leave my email").click()
    thanks = customer.widget.get_by_text("Thank you. We will write to ana@home.example")
    expect(thanks).to_be_visible()
    customer.page.reload()
    customer.page.get_by_role("button", name=re.compile("Open chat")).click()
    expect(thanks).to_be_visible()
    (conversation,) = stack.office("acme", office.conversations_of, desk.queue)
    assert stack.office("acme", office.look, conversation)["state"] == "closed"
