"""EML-4: every payload of the corpus, made safe, does nothing in Chromium: in the frame of the console, and bare."""

import html
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from apps.core.middleware import POLICY
from apps.mime.frame import SANDBOX, frame_document, frame_policy
from apps.mime.quotes_html import split_html
from apps.mime.safe import make_safe
from tests.support.html_payloads import ALL

HOST = "http://console.test"
# Whatever handlers there are, call them: a person moves, clicks and types.
EVENTS = "load error click focus blur mouseover pointerenter toggle animationstart begin input keydown scroll submit"
POKE = """(root) => {
  for (const element of root.querySelectorAll('*')) {
    for (const name of 'EVENTS'.split(' ')) element.dispatchEvent(new Event(name, { cancelable: true }));
  }
  return root.querySelectorAll('*').length;
}""".replace("EVENTS", EVENTS)
COUNT = "() => window.fired"


@pytest.fixture
def context(chromium: Browser) -> Any:
    """A browser that notes each call of `fire`, and asks nobody for anything."""
    context = chromium.new_context()
    context.add_init_script("window.fired = window.fired || 0; window.fire = () => { window.fired += 1; };")
    yield context
    context.close()


def served(context: BrowserContext, pages: dict[str, tuple[str, str]]) -> tuple[Page, list[str]]:
    """Open `/`, with these pages behind their paths: their policies and contents. Also: whom else anybody asked."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path not in pages:
            asked.append(route.request.url)
            route.fulfill(status=204, body="")
            return
        content_policy, body = pages[path]
        headers = {"Content-Type": "text/html; charset=utf-8"}
        route.fulfill(
            headers=headers | ({"Content-Security-Policy": content_policy} if content_policy else {}), body=body
        )

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"{HOST}/")
    return page, asked


def safe(source: str) -> str:
    """As the console gets it."""
    return make_safe(source, image_address=lambda _id: None).html


def test_payloads_as_they_came_would_do_something(context: BrowserContext) -> None:
    """So that the two tests below would see it."""
    raw = "".join(f'<iframe srcdoc="{html.escape(payload)}"></iframe>' for _family, payload in ALL)
    page, asked = served(context, {"/": ("", f"<!doctype html><body>{raw}")})
    page.wait_for_function("window.fired > 40")
    assert len([url for url in asked if "fired.example" in url]) > 10


def test_payloads_made_safe_do_nothing_even_in_a_page_that_allows_everything(context: BrowserContext) -> None:
    bodies = "\n".join(f"<section>{safe(payload)}</section>" for _family, payload in ALL)
    page, asked = served(context, {"/": ("", f"<!doctype html><body>{bodies}</body>")})
    assert page.evaluate(f"() => ({POKE})(document)") > len(ALL)
    assert page.locator("section").count() == len(ALL)
    for link in page.locator("a[href]").all():
        assert link.get_attribute("target") == "_blank"
    assert page.evaluate(COUNT) == 0
    assert page.url == f"{HOST}/"
    assert asked == []


def test_in_the_frame_of_the_console(context: BrowserContext) -> None:
    bodies = "\n".join(f"<div>{safe(payload)}</div>" for _family, payload in ALL)
    mail = split_html(safe(f"<p>New</p>{bodies}<p>last words</p><blockquote type=cite>Old</blockquote>"))
    pages = {
        "/": (POLICY, f'<!doctype html><body><iframe src="/mail" sandbox="{SANDBOX}" width=600></iframe></body>'),
        "/mail": (frame_policy(remote_images=False), frame_document(mail, title="Parcel")),
    }
    page, asked = served(context, pages)
    frame = page.frame_locator("iframe")
    frame.get_by_text("last words").wait_for()
    assert frame.get_by_text("Old").is_hidden()
    # The console sets the frame's height by what it measures.
    inside = "document.querySelector('iframe').contentDocument"
    height = page.evaluate(f"() => {inside}.documentElement.scrollHeight")
    assert height > 500
    frame.locator("summary").last.click()
    frame.get_by_text("Old").wait_for()
    assert page.evaluate(f"() => {inside}.documentElement.scrollHeight") > height
    assert page.evaluate(f"() => ({POKE})({inside})") > len(ALL)
    assert page.evaluate(COUNT) == 0
    assert page.evaluate("() => document.querySelector('iframe').contentWindow.fired || 0") == 0
    assert page.url == f"{HOST}/"
    assert asked == []
