"""TEN-6 in a browser: one sees where one is signed in, and ends it elsewhere."""

import re

from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import picture
from tests.support import sign_in_office as office


def enter(stage, stack, who, path):
    """Sign in with a browser that nobody knows."""
    person = stage.agent(**SEEN, viewport={"width": 1280, "height": 900})
    page = person.page
    page.goto(f"http://acme.localhost:{stack.port}{path}")
    page.get_by_label("Email").fill(who.email)
    page.get_by_label("Password").fill(who.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("signin"))
    return person


def test_ten_6_a_session_elsewhere_is_ended(stack, stage):
    """A console that is open elsewhere says so at once; the browser here stays signed in."""
    who = stack.office("acme", office.person, "agent")
    there = enter(stage, stack, who, "/console/")
    expect(there.page.get_by_role("dialog", name=re.compile("Welcome"))).to_be_visible()
    here = enter(stage, stack, who, "/account/")
    page = here.page
    expect(page.get_by_text("this browser")).to_have_count(1)
    assert_accessible(page, "account")
    picture(here, "account")
    page.get_by_role("button", name="End", exact=True).click()
    expect(page.get_by_text("The session is ended.")).to_be_visible()
    expect(page.get_by_role("button", name="End", exact=True)).to_have_count(0)
    expect(there.page.get_by_role("dialog", name="You are signed out")).to_be_visible()
    page.reload()
    expect(page.get_by_text("this browser")).to_be_visible()
    expect(page.get_by_text("Session ended")).to_be_visible()
