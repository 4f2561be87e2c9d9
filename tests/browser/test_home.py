"""TEN-10 in a browser: a new tenant's checklist, what is done or dismissed, what comes back; by the keyboard, too."""

import re

from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible, tab_to
from tests.browser.people import picture
from tests.support import new_tenant_office as office


def seen(person, where):
    assert_accessible(person.page, where)
    picture(person, "home-" + re.sub(r"\W+", "-", where))


def test_the_checklist_of_a_new_tenant(stack, stage):
    """Each step leads to where it is done; done or dismissed it is off, and the list with the last one."""
    owner = stack.office("acme", office.make, "newhome")
    person = stage.agent(**SEEN, viewport={"width": 1280, "height": 900})
    page, home = person.page, f"http://newhome.localhost:{stack.port}/admin/"
    page.goto(home)
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password").fill(owner.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Getting started")).to_be_visible()
    expect(page.get_by_text("0 of 6 done")).to_be_visible()
    expect(page.get_by_role("link", name="Add members: Nobody serves 1 queue")).to_be_visible()
    seen(person, "a new tenant")

    page.get_by_role("link", name="Set opening hours").click()
    expect(page.get_by_label("Hours", exact=True)).to_be_visible()
    page.get_by_label("Hours", exact=True).select_option(label="Business hours")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    page.goto(home)
    expect(page.get_by_text("1 of 6 done")).to_be_visible()
    expect(page.get_by_role("link", name="Set opening hours")).to_have_count(0)

    tab_to(page, "button", "I work alone: Invite your people")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Invite your people” is off the list.")).to_be_visible()
    for step in ("Have somebody serve a queue", "Put the chat on your site", "Answer the first chat"):
        page.get_by_role("button", name=f"Not for us: {step}").click()
        expect(page.get_by_text(f"“{step}” is off the list.")).to_be_visible()
    expect(page.get_by_role("heading", name="Getting started")).to_have_count(0)
    page.get_by_text("4 steps of getting started were dismissed").click()
    seen(person, "all dismissed")
    page.get_by_role("button", name="Bring back: Answer the first chat").click()
    expect(page.get_by_role("link", name="Answer the first chat")).to_be_visible()
