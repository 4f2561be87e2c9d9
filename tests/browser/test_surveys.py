"""Surveys as people meet them in their browsers (SRV-1 to SRV-5)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import assert_accessible
from tests.support import desk as office


def survey_of(customer):
    """What the widget asks."""
    return customer.widget.get_by_role("region", name=re.compile("satisfied|recommend|helpful"))


def frame_of(customer):
    return next(each for each in customer.page.frames if "/widget/frame/" in each.url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_agent_sends_it_and_reads_the_answer(stack, stage, scheme):
    """SRV-2, SRV-4, SRV-5: by keys alone on both sides; axe finds nothing serious on the way."""
    look = {"color_scheme": scheme, "bypass_csp": True, "reduced_motion": "reduce"}
    desk = stack.desk()
    stack.office("acme", office.survey_make, desk.queue, agents_trigger=True)
    agent = stage.agent(**look).sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer(**look).visit(desk, stack.port).open().begin(email=f"ana-{desk.key}@example.com")
    agent.accept()
    agent.say("Good morning")
    expect(customer.said("Good morning")).to_be_visible()
    page, keys = agent.page, agent.page.keyboard
    switch = page.get_by_role("button", name="Send survey")
    expect(switch).to_have_attribute("aria-pressed", "false")
    keys.press("Alt+v")
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="End and send the survey")).to_be_visible()
    assert_accessible(page, "survey switched on")
    keys.press("Alt+e")
    expect(page.get_by_role("dialog")).to_contain_text("Ana Ruiz gets the survey.")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Wrap-up")).to_be_visible()
    panel = page.get_by_role("region", name="Survey")
    expect(panel).to_contain_text("Sent, not answered yet")

    survey = survey_of(customer)
    expect(survey).to_be_visible()
    expect(survey.get_by_role("textbox")).to_be_hidden()
    survey.get_by_role("radio", name="3 of 5").focus()
    customer.page.keyboard.press("Space")
    customer.page.keyboard.press("ArrowRight")
    expect(survey.get_by_role("radio", name="4 of 5")).to_be_checked()
    customer.page.keyboard.press("Tab")
    customer.page.keyboard.type("Quick and kind")
    assert_accessible(customer.page, "survey in the widget", frame_of(customer))
    customer.page.keyboard.press("Tab")
    customer.page.keyboard.press("Enter")
    expect(survey).to_contain_text("Thank you for your feedback.")
    assert_accessible(customer.page, "thanks in the widget", frame_of(customer))

    expect(panel).to_contain_text("4 of 5")
    expect(panel).to_contain_text("Quick and kind")
    expect(agent.thread).to_contain_text("The survey was answered")
    assert_accessible(page, "survey answered")
    found = stack.office("acme", office.survey_look, agent.conversation)
    assert (found["reason"], found["score"], found["comment"], found["via"]) == ("agent", 4, "Quick and kind", "widget")
    stack.office("acme", office.check)


def test_every_second_is_asked_and_still_is_after_a_reload(stack, stage):
    """SRV-2: the customer ends; numbers from 0 to 10."""
    desk = stack.desk()
    stack.office("acme", office.survey_make, desk.queue, frequency="nth", nth=2, kind="nps", asks_comment=False)
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    for name in ("Bo Lind", "Cy Roth"):
        email = f"{name[:2].lower()}-{desk.key}@example.com"
        customer = stage.customer().visit(desk, stack.port).open().begin(name=name, email=email)
        agent.accept(name)
        agent.say(f"Good morning, {name}")
        expect(customer.said("Good morning")).to_be_visible()
        customer.end()
        expect(customer.widget.get_by_role("button", name="Start a new chat")).to_be_visible()
        expect(survey_of(customer)).to_have_count(1 if name == "Cy Roth" else 0)
    customer.page.reload()
    customer.page.get_by_role("button", name=re.compile("Open chat")).click()
    survey = survey_of(customer)
    survey.get_by_role("radio", name="10: extremely likely").check(force=True)
    survey.get_by_role("button", name="Send").click()
    expect(survey).to_contain_text("Thank you for your feedback.")
    expect(survey.get_by_role("radio")).to_have_count(0)
    customer.widget.get_by_role("button", name="Start a new chat").click()
    expect(customer.text).to_be_visible()
    expect(survey_of(customer)).to_have_count(0)


def test_out_of_hours_thumbs_follow_the_flow(stack, stage):
    """SRV-3: beside the wish for an address, with no agent anywhere."""
    desk = stack.desk()
    stack.office("acme", office.survey_make, desk.queue, out_of_hours=True, kind="like")
    stack.office("acme", office.shut, desk)
    customer = stage.customer().visit(desk, stack.port).open().begin(email=f"di-{desk.key}@example.com")
    survey = survey_of(customer)
    survey.get_by_role("radio", name="No", exact=True).check(force=True)
    survey.get_by_role("button", name="Send").click()
    expect(survey).to_contain_text("Thank you for your feedback.")
    (conversation,) = stack.office("acme", office.conversations_of, desk.queue)
    found = stack.office("acme", office.survey_look, conversation)
    assert (found["reason"], found["score"]) == ("out_of_hours", 0)


def test_everyone_is_asked_and_the_link_takes_one_answer(stack, stage):
    """SRV-5: answered on its own page, the widget says thanks, too; opened again there is nothing to send."""
    desk = stack.desk()
    stack.office("acme", office.survey_make, desk.queue, frequency="everyone")
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer(bypass_csp=True).visit(desk, stack.port).open().begin(email=f"ed-{desk.key}@example.com")
    agent.accept()
    agent.say("Good morning")
    conversation = agent.conversation
    expect(customer.said("Good morning")).to_be_visible()
    customer.end()
    expect(survey_of(customer)).to_be_visible()
    path = stack.office("acme", office.survey_look, conversation)["path"]
    link = customer.context.new_page()
    link.goto(f"http://acme.localhost:{stack.port}{path}")
    assert_accessible(link, "survey on its page")
    link.get_by_role("radio", name="5 of 5").check(force=True)
    link.get_by_role("textbox").fill("All good")
    link.get_by_role("button", name="Send").click()
    expect(link.get_by_role("heading", name="Thank you for your feedback.")).to_be_visible()
    link.goto(f"http://acme.localhost:{stack.port}{path}")
    expect(link.get_by_role("heading", name="Thank you for your feedback.")).to_be_visible()
    expect(link.get_by_role("radio")).to_have_count(0)
    expect(survey_of(customer)).to_contain_text("Thank you for your feedback.")
