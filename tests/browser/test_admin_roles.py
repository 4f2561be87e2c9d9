"""TEN-5 in a browser: a supervisor of one queue and an auditor, and what they don't get to see."""

import re

from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import picture, walk_to
from tests.support import desk as office
from tests.support import sign_in_office


def enter(stage, stack, who, path="/admin/"):
    person = stage.agent(**SEEN, viewport={"width": 1280, "height": 900})
    page = person.page
    page.goto(f"http://acme.localhost:{stack.port}{path}")
    page.get_by_label("Email").fill(who.email)
    page.get_by_label("Password").fill(who.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("signin"))
    return person


def seen(person, where):
    assert_accessible(person.page, where)
    picture(person, "roles-" + re.sub(r"\W+", "-", where))


def test_ten_5_a_supervisor_has_their_queue_and_no_other(stack, stage):
    """Lists, search, counts and addresses know the one queue; it can be changed, and nobody else's can be opened."""
    own, other = stack.desk(), stack.desk()
    who = own.agent
    stack.office("acme", office.role_give, who.id, "supervisor")
    person = enter(stage, stack, who, "/admin/queues/queue/")
    page = person.page
    expect(page.get_by_role("link", name=own.queue_name, exact=True)).to_be_visible()
    expect(page.get_by_text(other.queue_name)).to_have_count(0)
    expect(page.get_by_text("1 queue", exact=True)).to_be_visible()
    seen(person, "a supervisor's queues")
    page.get_by_role("link", name=own.queue_name, exact=True).click()
    page.get_by_label("Priority").fill("2")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name=re.compile("Search pages")).fill(other.queue_name)
    expect(page.get_by_role("option", name=other.queue_name)).to_have_count(0)
    page.keyboard.press("Escape")
    home = f"http://acme.localhost:{stack.port}/admin"
    for foreign in (f"{home}/queues/queue/{other.queue}/change/", f"{home}/queues/queue/{other.queue}/history/"):
        page.goto(foreign)
        expect(page.get_by_text(other.queue_name)).to_have_count(0)


def test_aud_1_an_auditor_reads_the_log_and_changes_nothing(stack, stage):
    """By the keyboard they search the log; nothing else is in the menu, and its pages are refused."""
    who = stack.office("acme", sign_in_office.auditor)
    person = enter(stage, stack, who, "/admin/audit/auditentry/")
    page = person.page
    expect(page.get_by_role("link", name="Audit log").first).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Queues$"))).to_have_count(0)
    page.keyboard.press("Tab")
    walk_to(page, page.locator("#searchbar"))
    page.keyboard.type(who.name)
    page.keyboard.press("Enter")
    expect(page.locator("#result_list").get_by_text("Signed in").first).to_be_visible()
    seen(person, "an auditor's log")
    stage.expect("403")
    page.goto(f"http://acme.localhost:{stack.port}/admin/queues/queue/")
    expect(page.get_by_role("heading", name="This page is not for you")).to_be_visible()
