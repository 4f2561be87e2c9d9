"""What is clicked before the page has got hold of it: it goes the same way a moment later, and the page stays."""

from playwright.sync_api import Route, expect


def test_a_button_that_is_clicked_while_the_page_loads(stack, stage):
    """It waits for htmx, which is late, and is one request of it; the page is not left."""
    desk = stack.desk()
    agent = stage.agent().sign_in(desk, desk.agent, stack.port)
    page = agent.page
    posted: list[str | None] = []
    page.on("request", lambda request: request.method == "POST" and posted.append(request.headers.get("hx-request")))
    waiting: list[Route] = []
    page.route("**/htmx.min.*.js", lambda route: waiting.append(route))
    page.goto(agent.home, wait_until="commit")
    page.locator("#status-menu > summary").click()
    # The question after sign-in is asked once: what the page has now is the menu.
    page.evaluate("document.documentElement.dataset.same = 'yes'")
    page.locator("#status-menu").get_by_role("button", name="Available", exact=True).click()
    page.wait_for_timeout(100)
    assert posted == []
    assert len(waiting) == 1
    waiting[0].continue_()
    expect(agent.status).to_have_text("Available")
    assert posted == ["true"]
    assert page.locator("html").get_attribute("data-same") == "yes"


def test_what_is_swapped_can_be_submitted_at_once(stack, stage):
    """In the same moment: a form that has just come, and one that stayed and is another conversation's now."""
    desk = stack.desk(slots=2)
    agent = stage.agent().sign_in(desk, desk.agent, stack.port).available()
    for name in ("Ana", "Bo"):
        stage.customer().visit(desk, stack.port).open().begin(
            f"Hello from {name}", name=name, email=f"{name.lower()}-{desk.key}@example.com"
        )
        agent.accept(name)
    page = agent.page
    page.evaluate("document.documentElement.dataset.same = 'yes'")
    other = agent.conversation
    page.evaluate(
        """(other) => {
            const once = new AbortController();
            document.addEventListener("htmx:afterSwap", () => {
                // The tray may be fetched in between.
                if (document.getElementById("workspace").dataset.open === other) return;
                once.abort();
                queueMicrotask(() => {
                    const form = document.getElementById("note-form");
                    form.elements.body.value = "Wants a refund";
                    form.querySelector("button[type=submit]").click();
                });
            }, { signal: once.signal });
        }""",
        other,
    )
    with page.expect_request(lambda request: request.method == "POST") as note:
        agent.open("Ana")
    assert note.value.headers.get("hx-request") == "true"
    assert other not in note.value.url
    expect(page.locator("#note-list")).to_contain_text("Wants a refund")
    assert page.locator("html").get_attribute("data-same") == "yes"
