"""The tray, its keys, the palette and one's own figures, on a bad day and in two looks (CON-1, CON-6, CON-7)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import SEEN, assert_accessible
from tests.browser.people import picture, wait_for
from tests.support import agent_load
from tests.support import desk as office

MANY = 60


@pytest.fixture
def busy(stack, stage):
    """An agent with six conversations: one overdue, one due, one over."""
    desk = stack.desk(slots=15)
    agent = stage.agent(reduced_motion="reduce", bypass_csp=True).sign_in(desk, desk.agent, stack.port).available()
    ids = stack.office("acme", agent_load.assign, desk.agent.id, desk.queue, 6)
    stack.office("acme", agent_load.overdue, ids[1])
    stack.office("acme", agent_load.end, ids[4])
    expect(agent.cards).to_have_count(6)
    return agent, ids, desk


def names(agent):
    """Who stands in the tray, from top to bottom."""
    return agent.cards.locator(".card-name").all_inner_texts()


def show(agent, name):
    """Choose a filter."""
    agent.page.locator("#tray-show summary").click()
    agent.page.locator("#tray-show").get_by_role("link", name=re.compile(f"^{name}")).click()
    # Under the pointer nothing would move.
    agent.page.mouse.move(900, 400)


def test_filter_search_order_and_nothing_jumps(stack, busy):
    """CON-1: what is looked at stays what is looked at, and moves only when nobody is about to click it."""
    agent, _ids, desk = busy
    page = agent.page
    # Who needs the agent first: what is overdue; what is over already comes last.
    wait_for(page, lambda: (names(agent)[0], names(agent)[-1]) == ("Bo Lindqvist", "Élodie Marchand"))
    show(agent, "Overdue")
    expect(agent.cards).to_have_count(1)
    # Who comes while the filter is on is seen until the first message, whatever brings the tray again.
    (fresh,) = stack.office("acme", agent_load.assign, desk.agent.id, desk.queue, 1, 1)
    expect(agent.cards).to_have_count(2)
    stack.office("acme", agent_load.say, fresh, "One moment please")
    expect(agent.cards).to_have_count(1)
    show(agent, "Snoozed")
    expect(agent.cards).to_have_count(0)
    expect(page.get_by_text("Nothing is snoozed.")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    expect(agent.cards).to_have_count(7)
    ordered = names(agent)

    page.locator("#workspace").focus()
    page.keyboard.press("f")
    expect(page.locator("#tray-search")).to_be_focused()
    page.keyboard.type("elodie")
    expect(agent.cards).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Élodie Marchand")).to_be_visible()
    # The key chooses what was searched for before: what is typed now stands in its place.
    page.locator("#workspace").focus()
    page.keyboard.press("f")
    page.keyboard.type("daan")
    expect(page.locator("#tray-search")).to_have_value("daan")
    expect(agent.cards.filter(has_text="Daan de Vries")).to_have_count(1)
    page.locator("#tray-search").press("Escape")
    expect(agent.cards).to_have_count(7)

    # The pointer rests on a card: it stays under it, whoever rings above; who comes, comes last.
    under = agent.cards.nth(5)
    under.hover()
    place = round(under.bounding_box()["y"])
    stack.office("acme", agent_load.ring, desk.queue, 0)
    expect(agent.offers).to_have_count(1)
    assert round(under.bounding_box()["y"]) == place
    page.keyboard.press("Alt+a")
    expect(agent.cards).to_have_count(8)
    expect(agent.offers).to_have_count(0)
    # What was opened is in sight and marked all the same, once its pane has come: a frame may bring the tray before it.
    wait_for(page, lambda: in_sight(agent) == ["Ana Ruiz"])
    assert names(agent)[:7] == ordered
    assert round(under.bounding_box()["y"]) == place
    page.mouse.move(900, 400)
    wait_for(page, lambda: names(agent) == [*ordered[:-1], "Ana Ruiz", ordered[-1]])
    page.locator("#tray-order summary").click()
    page.get_by_role("button", name="Oldest on top").click()
    oldest = [*agent_load.NAMES[:6], agent_load.NAMES[1], agent_load.NAMES[0]]
    wait_for(page, lambda: names(agent) == oldest)
    page.reload()
    assert names(agent) == oldest


def in_sight(agent):
    """Who is marked as open, and can be seen as a whole."""
    return agent.page.evaluate("""() => {
      const frame = document.getElementById("cards").getBoundingClientRect();
      const seen = (box) => box.top >= frame.top && box.bottom <= frame.bottom && box.height > 0;
      return [...document.querySelectorAll(".card:has([aria-current])")]
        .filter((card) => seen(card.getBoundingClientRect()))
        .map((card) => card.querySelector(".card-name").textContent);
    }""")


def test_a_key_is_changed_and_the_palette_does_it_all(stack, stage, busy):
    """CON-6, WCAG 2.1.4: by keyboard alone; a conflict is refused with its reason."""
    stage.expect(r"409 \(Conflict\)")
    agent, _ids, _desk = busy
    page, keys = agent.page, agent.page.keyboard
    agent.open("Ana Ruiz")
    expect(page.get_by_role("heading", level=1, name="Ana Ruiz")).to_be_visible()
    page.locator("#workspace").focus()
    keys.press(",")
    dialog = page.get_by_role("dialog", name="Console settings")
    expect(dialog).to_be_visible()
    choose = page.locator("#key-choose-previous")
    choose.focus()
    keys.press("Enter")
    expect(choose).to_have_text("Press a key")
    keys.press("e")
    expect(dialog.get_by_role("alert")).to_have_text("E is taken by “End the conversation”.")
    choose.focus()
    keys.press("Enter")
    keys.press("Escape")
    expect(choose).to_have_text("K")
    expect(dialog).to_be_visible()
    keys.press("Enter")
    keys.press("q")
    expect(choose).to_have_text("Q")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    page.locator("#key-on-next").focus()
    keys.press("Space")
    expect(page.locator("#key-choose-next")).to_have_text("None")
    keys.press("Escape")
    expect(dialog).to_be_hidden()

    page.locator("#workspace").focus()
    keys.press("k")
    keys.press("j")
    keys.press("q")
    expect(page.get_by_role("heading", level=1, name="Bo Lindqvist")).to_be_visible()
    page.reload()
    page.locator("#workspace").focus()
    keys.press("?")
    expect(page.locator("#help-previous")).to_contain_text("Q")
    expect(page.locator("#help-next")).to_contain_text("off")
    keys.press("Escape")

    agent.text.focus()
    keys.press("Control+k")
    find = page.get_by_role("combobox", name="Command, customer, status or queue")
    expect(find).to_be_focused()
    keys.type("away after these")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    find.fill("daan vries")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Daan de Vries")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Daan de Vries")).to_be_visible()
    keys.press("Control+k")
    keys.type("dashb")
    expect(page.get_by_role("option", selected=True)).to_contain_text("My dashboard")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="My dashboard")).to_be_visible()
    expect(page.locator("[data-leads-to=me]")).to_have_attribute("aria-current", "true")
    keys.press("Control+k")
    keys.type("busy")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Busy")
    keys.press("Enter")
    expect(agent.status).to_have_text("Busy")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_far_too_many_and_every_dialog_in_both_looks(stack, busy):
    """WCAG 2.2 AA; sixty cards come and are searched as six are."""
    agent, _ids, desk = busy
    page, keys = agent.page, agent.page.keyboard
    page.locator("#workspace").focus()
    page.locator("#tray-show summary").click()
    assert_accessible(page, "filter")
    keys.press("Escape")
    keys.press("d")
    expect(page.locator("[data-figure=handled] .figure-value")).to_have_text("0")
    page.locator("#definition-handled summary").click()
    expect(page.get_by_text("Stays that ended with the conversation")).to_be_visible()
    assert_accessible(page, "dashboard")
    # Bars grow from where lines begin.
    assert page.evaluate(BARS) == ["none", "matrix(-1, 0, 0, 1, 0, 0)"]
    keys.press("Escape")
    page.get_by_role("radio", name="Week").check()
    expect(page).to_have_url(re.compile("length=week"))
    keys.press(",")
    expect(page.get_by_role("dialog", name="Console settings")).to_be_visible()
    assert_accessible(page, "settings")
    keys.press("Escape")
    keys.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()
    assert_accessible(page, "palette")
    keys.press("Escape")
    stack.office("acme", agent_load.assign, desk.agent.id, desk.queue, MANY - 6, 6)
    expect(agent.cards).to_have_count(50)
    more = page.get_by_role("link", name="10 more")
    more.scroll_into_view_if_needed()
    expect(agent.cards).to_have_count(MANY)
    assert_accessible(page, "sixty cards")
    page.locator("#tray-search").fill("customer55-")
    expect(agent.cards).to_have_count(1)
    page.locator("#tray-search").fill("")
    expect(agent.cards).to_have_count(MANY)
    # Opened from elsewhere: the list goes there, and a filter that is for others shows it, too.
    keys.press("Control+k")
    keys.type("customer30-")
    expect(page.get_by_role("option", selected=True)).to_contain_text("30")
    keys.press("Enter")
    wait_for(page, lambda: in_sight(agent) == [f"{agent_load.NAMES[30 % 8]} 30"])
    show(agent, "Idle")
    expect(agent.cards).to_have_count(1)
    expect(page.get_by_text("No customer has gone quiet.")).to_be_visible()
    assert in_sight(agent) == [f"{agent_load.NAMES[30 % 8]} 30"]


@pytest.fixture
def snoozes(stack):
    """Snooze is switched on in acme."""
    stack.office("acme", office.snooze_set, is_on=True)
    yield
    stack.office("acme", office.snooze_set, is_on=False)


HEIGHTS = "() => [...document.querySelectorAll('.card')].map((card) => card.getBoundingClientRect().height)"
OVERLAPPING = """() => [...document.querySelectorAll(".card")].filter((card) => {
  const line = card.querySelector(".card-line").getBoundingClientRect();
  const marks = [...card.querySelectorAll(".card-marks > *")].map((mark) => mark.getBoundingClientRect());
  return line.width > 0 && marks.some((mark) => mark.width > 0 && mark.left < line.right);
}).map((card) => card.textContent)"""
BARS = """() => {
  document.querySelector("main").insertAdjacentHTML("beforeend", "<div class=bars><svg></svg></div>");
  const bars = document.querySelector("main > .bars:last-child");
  const ways = ["ltr", "rtl"].map((dir) => {
    document.documentElement.dir = dir;
    return getComputedStyle(bars.firstElementChild).transform;
  });
  document.documentElement.dir = "ltr";
  bars.remove();
  return ways;
}"""
WHOLE = """() => {
  const end = document.getElementById("cards").getBoundingClientRect().bottom;
  const boxes = [...document.querySelectorAll("#card-list .card")].map((card) => card.getBoundingClientRect());
  return boxes.filter((box) => box.bottom <= end).length;
}"""


def test_cards_of_one_height_and_words_that_cover_nothing(stack, stage, snoozes):
    """CON-1: two lines in every state, eight at 800 px; what is said stands apart, and a newer word overtakes it."""
    desk = stack.desk(slots=3)
    agent = stage.agent(**SEEN, viewport={"width": 1280, "height": 800})
    agent.sign_in(desk, desk.agent, stack.port).available()
    made = stack.office("acme", agent_load.states, desk.agent.id, desk.queue)
    page = agent.page
    expect(page.locator("#card-list .card")).to_have_count(len(made) - 1)
    expect(page.locator("#snoozed-cards summary")).to_contain_text("Snoozed (1)")
    page.locator("#snoozed-cards summary").click()
    page.locator(f"#card-{made['engaged']}").evaluate("card => card.toggleAttribute('data-typing', true)")
    tints = page.locator("#card-list .card .avatar").evaluate_all("(all) => all.map((each) => each.dataset.tint)")
    assert len(set(tints)) > 1
    heights = page.evaluate(HEIGHTS)
    assert (len(heights), len(set(heights))) == (len(made), 1)
    assert page.evaluate(WHOLE) >= 8
    expect(page.locator(f"#card-{made['unread']} .badge")).to_contain_text("99+")
    expect(page.locator(f"#card-{made['mail']} [data-new-mail]")).to_be_visible()
    # Wherever one rests on a snoozed card: nothing within has a word of its own instead.
    asleep = page.locator(f"#card-{made['snoozed']}")
    expect(asleep).to_have_attribute("title", re.compile("Snoozed for 15.minutes until"))
    expect(asleep.locator("[title]")).to_have_count(0)
    assert_accessible(page, "cards in every state")
    picture(agent, "cards")

    for width in (1024, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(OVERLAPPING) == []
    page.set_viewport_size({"width": 1280, "height": 800})

    told = page.locator(f"#toasts .toast[data-about='{made['engaged']}']")
    stack.office("acme", agent_load.tell, desk.agent.id, "Bo declined. Ana Ruiz is still with you.", made["engaged"])
    expect(told).to_contain_text("still with you")
    stack.office("acme", agent_load.tell, desk.agent.id, "Bo has taken over Ana Ruiz.", made["engaged"])
    expect(told).to_have_text([re.compile("Bo has taken over Ana Ruiz.")])
    expect(page.locator("#announce-politely")).to_have_text("Bo has taken over Ana Ruiz.")
    picture(agent, "toast")
    box, cards = told.bounding_box(), page.locator("#cards").bounding_box()
    assert box["y"] >= cards["y"] + cards["height"]
    assert box["x"] + box["width"] <= page.locator("#workspace").bounding_box()["x"]
    # Answered: what was said of it before is no longer true.
    stack.office("acme", agent_load.say, made["engaged"], "Here I am")
    expect(told).to_have_count(0)

    page.locator("#status-menu summary").click()
    total = page.locator(".menu-totals time")
    first = total.inner_text()
    wait_for(page, lambda: total.inner_text() != first)
    picture(agent, "totals")
