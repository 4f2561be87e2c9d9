"""Nothing that axe calls serious, in both looks, on pages and dialogs that no other story comes by (WCAG 2.2 AA).

Every button and field there can be read in every state, and every pane at every width that a console has.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.contrast import assert_readable
from tests.browser.people import has_focus, picture
from tests.support import agent_load
from tests.support import desk as office


@pytest.fixture
def snoozes(stack):
    """Snooze is switched on in acme."""
    stack.office("acme", office.snooze_set, is_on=True, allows_custom=True)
    yield
    stack.office("acme", office.snooze_set, is_on=False, allows_custom=False)


def seen(person, where):
    assert_accessible(person.page, where)
    # What the admin's controls look like is Unfold's own.
    if "/admin/" not in person.page.url:
        assert_readable(person.page, where)
    picture(person, re.sub(r"\W+", "-", where))


def test_pages_for_whoever_is_not_at_work(stack, stage):
    """Sign-in and its mistakes, what is not there and what is not for everybody, the shop and its API."""
    stage.expect("status of 40[34]")
    stack.expect("PermissionDenied")
    desk = stack.desk()
    home = f"http://acme.localhost:{stack.port}"
    agent = stage.agent(**SEEN)
    agent.page.goto(f"{home}/signin/")
    agent.page.get_by_label("Email").fill(desk.agent.email)
    agent.page.get_by_label("Password").fill("wrong")
    agent.page.get_by_role("button", name="Sign in").click()
    expect(agent.page.get_by_role("alert")).to_be_visible()
    seen(agent, "sign-in, a mistake")
    for path, words in {
        "/nowhere/": "nothing at this address",
        "/demo/": "",
        "/demo/api/": "The widget's API",
        "/widget/frame/?channel=none": "No chat here",
        "/widget/frame/?channel=" + desk.key: "Chat with us",
    }.items():
        agent.page.goto(home + path)
        expect(agent.page.get_by_text(words).first).to_be_visible()
        seen(agent, f"page {path}")
    agent.sign_in(desk, desk.agent, stack.port)
    for path in ("/admin/chat/widgetchannel/", "/password/"):
        agent.page.goto(home + path)
        seen(agent, f"page {path}")


def test_the_pane_and_its_pages(stack, stage, snoozes):
    """What opens from the pane, as a dialog and as the page that it is without scripts, and what is closed."""
    stage.expect("status of 404")
    desk = stack.desk(slots=8)
    agent = stage.agent(**SEEN).sign_in(desk, desk.agent, stack.port).available()
    mine, other = stack.office("acme", agent_load.assign, desk.agent.id, desk.queue, 2)
    expect(agent.cards).to_have_count(2)
    for _ in range(2):
        stack.office("acme", agent_load.nap, mine)
    page, home = agent.page, agent.home
    agent.open("Ana Ruiz")
    expect(page.get_by_role("heading", level=1, name="Ana Ruiz")).to_be_visible()
    expect(page.locator("#snooze-dialog")).to_have_count(1)
    for key, dialog in {"e": "End this", "t": "Transfer Ana", "?": "shortcuts"}.items():
        page.locator("#workspace").focus()
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name=re.compile(dialog, re.IGNORECASE))).to_be_visible()
        seen(agent, f"dialog of {dialog}")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    for name in ("#status-menu", "#tray-order"):
        page.locator(f"{name} > summary").click()
        seen(agent, f"menu {name}")
        page.locator(f"{name} > summary").click()
    assert_narrow(agent)
    agent.choose("Away")
    expect(page.get_by_role("dialog", name=re.compile("Leave 2 live"))).to_be_visible()
    seen(agent, "away with live ones")
    page.keyboard.press("Escape")
    for path in (f"c/{mine}/transfer/", f"c/{mine}/skills/", f"c/{mine}/contact/merge/", f"past/{mine}/", "mentions/"):
        page.goto(home + path)
        seen(agent, f"without scripts, {path.split('/')[-2]}")
    stack.office("acme", agent_load.end, other)
    page.goto(f"{home}c/{other}/")
    expect(page.get_by_role("heading", name="Wrap-up")).to_be_visible()
    agent.wrap_up("Resolved")
    page.goto(f"{home}c/{other}/")
    expect(page.locator("#pane-footer")).to_contain_text("Closed")
    seen(agent, "closed")
    page.goto(f"{home}c/{desk.queue}/")
    expect(page.get_by_text("This conversation is not with you")).to_be_visible()
    seen(agent, "not one's own")


def assert_narrow(agent):
    """CON-2, CON-3: from 1024 px all can be read, from 768 px used; the summary folds with the first word."""
    page = agent.page
    name, head = page.locator("#pane h1"), page.locator(".pane-head")
    for width, least in ((1600, 560), (1280, 240), (1024, 240), (768, 240)):
        page.set_viewport_size({"width": width, "height": 800})
        assert name.evaluate("name => name.offsetWidth") >= least, width
        assert head.evaluate("head => [head.offsetHeight, head.scrollWidth - head.clientWidth]") == [56, 0], width
        assert page.locator("#compose-hint").evaluate("hint => hint.offsetHeight") < 20, width
        assert page.locator(".pane-clock").evaluate("clock => clock.getBoundingClientRect().right") <= page.locator(
            ".pane-do"
        ).evaluate("buttons => buttons.getBoundingClientRect().left"), width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        seen(agent, f"pane at {width} px")
    page.set_viewport_size({"width": 1024, "height": 800})
    summary = page.locator("details.summary")
    assert_folded(page)
    # This customer was answered already, the next one was not.
    expect(summary.get_by_text("First words")).to_be_hidden()
    agent.open("Bo Lindqvist")
    expect(summary.get_by_text("First words")).to_be_visible()
    agent.say("Good morning")
    expect(summary.get_by_text("First words")).to_be_hidden()
    assert page.locator(".thread").evaluate("thread => thread.getBoundingClientRect().top") <= 130
    # What has no room in the head is in its menu, and its key works all the same.
    expect(page.get_by_role("button", name="Transfer", exact=True)).to_have_count(0)
    page.locator(".pane-more > summary").click()
    expect(page.get_by_role("button", name="Transfer", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#workspace").focus()
    page.keyboard.press("s")
    expect(page.get_by_role("dialog", name="Snooze until")).to_be_visible()
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 768, "height": 800})
    panel, opens = page.locator("#panel"), page.get_by_role("button", name="About the customer")
    expect(panel).to_be_hidden()
    opens.click()
    expect(panel).to_be_visible()
    expect(opens).to_have_attribute("aria-expanded", "true")
    seen(agent, "panel over the pane")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert has_focus(opens)
    page.set_viewport_size({"width": 1440, "height": 900})


def assert_folded(page):
    """CHAT-7: what happened between messages is one line for each minute's time, and a long run shows its ends."""
    lines, more = page.locator("#thread .event-line:visible"), page.locator("#thread .event-group-toggle button")
    expect(more).to_have_text("2 more")
    expect(lines).to_have_count(2)
    more.click()
    expect(lines).to_have_count(4)
    # The minute may turn in between, hardly twice.
    assert page.locator("#thread .event-line .stamp:visible").count() <= 2
    more.click()
    expect(lines).to_have_count(2)


def test_two_windows_and_a_session_that_ended(stack, stage, cable):
    """AGT-10, CHAT-4: a dialog that stays says what to do; so does the line that has no connection."""
    stage.expect("WebSocket connection", r"net::ERR_", "htmx:")
    desk = stack.desk()
    agent = stage.agent(**SEEN).sign_in(desk, desk.agent, cable.port).available()
    stack.office("acme", agent_load.assign, desk.agent.id, desk.queue, 1)
    agent.open("Ana Ruiz")
    expect(agent.page.get_by_role("heading", level=1, name="Ana Ruiz")).to_be_visible()
    cable.cut()
    expect(agent.page.locator("#banner")).to_contain_text(re.compile("No connection|Trying again"), timeout=30_000)
    seen(agent, "no connection")
    cable.heal()
    expect(agent.page.locator("body")).to_have_attribute("data-connection", "open", timeout=30_000)
    second = stage.agent(**SEEN).enter(desk, desk.agent, stack.port)
    expect(second.page.get_by_role("dialog", name="Parley is open in another window")).to_be_visible()
    seen(second, "open in another window")
    second.page.get_by_role("button", name="Continue here").click()
    expect(agent.page.get_by_role("dialog", name="Another window took over")).to_be_visible()
    seen(agent, "another window took over")
