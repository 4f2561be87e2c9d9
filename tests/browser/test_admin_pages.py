"""Every page of the menu, with a row of each list and the page that makes one: axe is content, nothing sticks out."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import AXE, RUN, SEEN
from tests.support import sign_in_office as office

PATHS = """(selector) => [...document.querySelectorAll(selector)].map((link) => link.pathname)"""
MENU = "#nav-sidebar a[href^='/admin/']"
ROWS = "#result_list tbody th a"
LINKS = "#main a[href]"
LIST = re.compile(r"/admin/[a-z]+/[a-z]+/(add/)?")
STICKS_OUT = "document.documentElement.scrollWidth > innerWidth"
FEWEST = 25
"""Pages that there are at least in half of the menu: fewer, and the links were not found."""


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_admin_is_accessible(stack, stage, scheme, half):
    """An owner's menu, every other entry; where axe finds something serious, the page is named with it."""
    owner = stack.office("acme", office.person, "owner")
    person = stage.agent(**SEEN, viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page, host = person.page, f"http://acme.localhost:{stack.port}"
    page.goto(f"{host}/admin/")
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password").fill(owner.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(MENU).first).to_be_visible()
    menu = page.evaluate(PATHS, MENU)[half::2]
    waiting, seen, found = list(menu), [], []
    while waiting:
        path = waiting.pop(0)
        page.goto(host + path)
        page.add_script_tag(path=AXE)
        found += [f"{path}: {each}" for each in page.evaluate(RUN, {})]
        if page.evaluate(STICKS_OUT):
            found.append(f"{path}: sticks out at the side")
        seen.append(path)
        if path in menu:
            more = [*page.evaluate(PATHS, ROWS)[:1], *filter(LIST.fullmatch, page.evaluate(PATHS, LINKS))]
            waiting += [each for each in dict.fromkeys(more) if each not in [*seen, *waiting]]
    assert len(seen) >= FEWEST
    assert found == []
