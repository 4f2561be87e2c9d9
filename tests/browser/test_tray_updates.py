"""What a message changes in the tray without a page: each card says what one that is fetched would say (CON-1)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import wait_for
from tests.support import agent_load

MESSAGES = 30
LOST = 6
"""The layer of this folder loses five frames of a hundred: what was lost, the next sync has fetched."""

COMPARE = "&compare"
CARDS = """async (compare) => {
  const tray = document.getElementById("tray");
  const open = document.getElementById("workspace").dataset.open;
  const headers = { "Parley-Tray": "", "HX-Request": "true" };
  const answer = await fetch(`${tray.dataset.address}?open=${open}${compare}`, { headers });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const words = (element) => element?.textContent.replaceAll(/\\s+/g, " ").trim();
  const said = (root) => [...root.querySelectorAll("#cards .card")].map((card) => {
    const { last, read, unread, mark, mood, state } = card.dataset;
    const rest = card.cloneNode(true);
    const hidden = rest.dataset.waitsSince === "" ? "time.wait" : ".card-quiet";
    for (const each of rest.querySelectorAll(`${hidden}, .card-typing, [hidden], time.wait`)) each.remove();
    const waits = card.dataset.waitsSince === "" ? "" : Math.round(card.dataset.waitsSince);
    return [words(rest), card.title, last, read, unread, mark, mood, state, waits].join(" | ");
  });
  return [said(document), said(fresh)];
}"""


@pytest.fixture
def served(stack, stage):
    """An agent with five conversations, the first of them open."""
    desk = stack.desk(slots=15)
    agent = stage.agent(reduced_motion="reduce").sign_in(desk, desk.agent, stack.port).available()
    ids = stack.office("acme", agent_load.assign, desk.agent.id, desk.queue, 5)
    expect(agent.cards).to_have_count(5)
    agent.open("Ana Ruiz")
    expect(agent.page.get_by_role("heading", level=1, name="Ana Ruiz")).to_be_visible()
    return agent, ids


def test_a_message_is_seen_in_its_card_without_a_page(stack, served):
    agent, ids = served
    page = agent.page
    page.mouse.move(900, 400)
    wait_for(page, lambda: shows_the_truth(page))
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    for number in range(MESSAGES):
        write = agent_load.write if number % 2 else agent_load.say
        stack.office("acme", write, ids[number // 2 % len(ids)], f"Line {number}")
        wait_for(page, lambda: shows_the_truth(page), what=f"line {number}")
    pages = [url for url in fetched if COMPARE not in url]
    assert len(pages) <= LOST, pages


def shows_the_truth(page):
    """Whether the cards say what those of a tray that is fetched now say, in the same order."""
    shown, fresh = page.evaluate(CARDS, COMPARE)
    return shown == fresh


def test_a_mark_that_was_refused_is_told_again(stack, stage):
    """CHAT-4: nothing answers a mark, and a service that is busy has not taken it."""
    desk = stack.desk()
    agent, refused = stage.agent(), []

    def refuse_first(page_side):
        server_side = page_side.connect_to_server()

        def pass_on(text):
            if '"mark"' in text and not refused:
                refused.append(text)
            else:
                server_side.send(text)

        page_side.on_message(pass_on)

    agent.page.route_web_socket(re.compile("/ws/console/"), refuse_first)
    agent.sign_in(desk, desk.agent, stack.port).available()
    customer = stage.customer().visit(desk, stack.port).open().begin("Where is my parcel?")
    agent.accept("Ana Ruiz")
    expect(customer.said("Where is my parcel?")).to_contain_text("Read", timeout=30_000)
    assert refused


def test_a_message_to_a_card_that_a_long_tray_has_not_brought_fetches_nothing(stack, stage):
    """Only where its card would stand among those that are shown does the tray bring it."""
    desk = stack.desk(slots=15)
    agent = stage.agent(reduced_motion="reduce").sign_in(desk, desk.agent, stack.port).available()
    page = agent.page
    ids = stack.office("acme", agent_load.assign, desk.agent.id, desk.queue, 60)
    for answered in ids[::3]:
        stack.office("acme", agent_load.write, answered, "Is there any news?")
    page.reload()
    expect(agent.cards).to_have_count(50)
    page.mouse.move(900, 400)
    wait_for(page, lambda: len(rest_of(page)) == 10)
    behind = next(each for each in ids if each in rest_of(page))
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    for _ in range(5):
        last = rest_of(page)[behind]
        stack.office("acme", agent_load.write, behind, "Are you still there?")
        wait_for(page, lambda last=last: rest_of(page)[behind] == last + 1)
    assert len(fetched) <= 1, fetched
    # Answered, and yet unread: it is as old as its stay, and so before those who have waited since later.
    stack.office("acme", agent_load.say, behind, "Here I am")
    expect(page.locator(f"#card-{behind}")).to_be_attached()
    assert fetched


def rest_of(page):
    """The last number of each conversation whose card the tray has not brought."""
    told = page.locator("#tray").get_attribute("data-rest") or ""
    return {card.split(":")[0]: int(card.split(":")[1]) for card in told.split()}
