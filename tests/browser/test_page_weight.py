"""What a page asks for when nothing of it is cached: counted, so that it does not grow unseen."""

from playwright.sync_api import expect

REQUESTS = 8
KIB = 95


def test_a_console_is_a_few_requests(stack, stage):
    """The page, its style sheet, its scripts and htmx, pictures: all compressed."""
    desk = stack.desk()
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    agent.context.new_cdp_session(agent.page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    answers = []
    agent.page.on("requestfinished", lambda request: answers.append((request.url, request.sizes()["responseBodySize"])))
    agent.page.reload()
    expect(agent.status).to_have_text("Available")
    agent.page.wait_for_load_state("networkidle")
    assert 4 < len(answers) <= REQUESTS, answers
    assert sum(size for _url, size in answers) < KIB * 1024, answers
