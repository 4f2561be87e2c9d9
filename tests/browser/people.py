"""What an agent and a customer do in their browsers, by what they see: roles, labels and words."""

import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import APIResponse, BrowserContext, Frame, FrameLocator, Locator, Page, Response, Route, expect

from tests.support.desk import Desk, Person

PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of every step, for those who want to look."""

VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
HEAD = f'<title>Shop</title>{VIEWPORT}<link rel="icon" href="data:,">{{script}}'
SHOP = f'<!DOCTYPE html><html lang="en"><head>{HEAD}</head>{{body}}</html>'
SCRIPT = '<script src="/widget.js" data-channel="{key}" async></script>'
BODY = "<body><main><h1>Shop</h1><p>A page of a customer's site.</p></main></body>"


class Watched:
    """A page, with what its browser complains about.

    Attributes:
        complaints: errors of the console and of scripts.
        refusals: what the server refused, with what was asked.
    """

    def __init__(self, context: BrowserContext, name: str, expected: list[str]) -> None:
        self.name = name
        self.context = context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.refusals: list[str] = []
        self._expected = expected
        self.page.on("console", lambda message: self._note(message.type, f"{message.text} {message.location['url']}"))
        self.page.on("response", self._keep_refusal)
        self.page.on("pageerror", lambda error: self._note("error", str(error)))

    def _keep_refusal(self, response: Response) -> None:
        if response.status >= 400:
            request = response.request
            self.refusals.append(f"{response.status} {request.method} {request.url} {request.post_data}")

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and not any(re.search(pattern, text) for pattern in self._expected):
            self.complaints.append(text)


class Customer(Watched):
    """A customer on a page with the widget."""

    site = ""

    def visit(self, desk: Desk, port: int) -> "Customer":
        """Open a page of a site that has the desk's widget."""
        self.site = f"http://{desk.schema}.localhost:{port}/shop-page/"
        page = SHOP.format(script=SCRIPT.format(key=desk.key), body=BODY)
        self.page.route("**/shop-page/", lambda route: route.fulfill(body=page, content_type="text/html"))
        self.page.goto(self.site)
        return self

    def open(self) -> "Customer":
        """Click the launcher."""
        self.page.get_by_role("button", name=re.compile("Open chat")).click()
        expect(self.text).to_be_visible()
        return self

    @property
    def widget(self) -> FrameLocator:
        """The chat itself."""
        return self.page.frame_locator("iframe")

    @property
    def frame(self) -> Frame:
        """The chat itself, for what is asked of its page."""
        return next(each for each in self.page.frames if "/widget/frame/" in each.url)

    @property
    def text(self) -> Locator:
        """Where one writes."""
        return self.widget.get_by_role("textbox", name="Your message")

    @property
    def status(self) -> Locator:
        """The line under the title."""
        return self.widget.locator("#status")

    def begin(self, text: str = "Hello", *, name: str = "Ana Ruiz", email: str = "ana@example.com") -> "Customer":
        """Fill in who one is, write, send."""
        self.widget.get_by_role("textbox", name="Your name").fill(name)
        self.widget.get_by_role("textbox", name="Your email").fill(email)
        self.say(text)
        expect(self.said(text)).to_be_visible()
        return self

    def say(self, text: str) -> None:
        """Write and send."""
        self.text.fill(text)
        self.text.press("Enter")

    def said(self, text: str) -> Locator:
        """A message in the list."""
        return self.widget.get_by_role("listitem").filter(has_text=text)

    def end(self) -> None:
        """End the chat and say yes."""
        self.widget.get_by_role("button", name="End chat").first.click()
        self.widget.get_by_role("dialog").get_by_role("button", name="End chat").click()

    def transcript(self) -> list[str]:
        """What is shown, in order."""
        return bodies(self.widget.locator("#messages"))


class Agent(Watched):
    """An agent at the console."""

    person: Person

    def enter(self, desk: Desk, person: Person, port: int) -> "Agent":
        """Sign in by the form."""
        self.person, self.home = person, f"http://{desk.schema}.localhost:{port}/console/"
        self.page.goto(self.home)
        self.page.get_by_label("Email").fill(person.email)
        self.page.get_by_label("Password").fill(person.password)
        self.page.get_by_role("button", name="Sign in").click()
        return self

    def sign_in(self, desk: Desk, person: Person, port: int) -> "Agent":
        """Sign in by the form; the console opens, and asks."""
        self.enter(desk, person, port)
        expect(self.welcome).to_be_visible()
        return self

    @property
    def welcome(self) -> Locator:
        """The dialog that asks what status follows sign-in."""
        return self.page.get_by_role("dialog", name=re.compile("Welcome"))

    def available(self) -> "Agent":
        """Answer the dialog that follows sign-in."""
        self.page.get_by_role("dialog").get_by_role("button", name="Mark as Available").click()
        expect(self.status).to_have_text("Available")
        return self

    def choose(self, status: str) -> None:
        """Choose a status in the menu."""
        self.page.locator("#status-menu summary").click()
        self.page.locator("#status-menu").get_by_role("button", name=status, exact=True).click()

    @property
    def status(self) -> Locator:
        """The status as the tray's head shows it."""
        return self.page.locator("#status-label")

    @property
    def offers(self) -> Locator:
        """What rings."""
        return self.page.get_by_role("region", name="Next customer").get_by_role("listitem")

    @property
    def cards(self) -> Locator:
        """What stands in the tray."""
        return self.page.get_by_role("region", name=re.compile("Conversations")).get_by_role("listitem")

    @property
    def text(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("textbox", name=re.compile("Message to"))

    @property
    def thread(self) -> Locator:
        """The open conversation."""
        return self.page.get_by_role("log")

    def accept(self, customer: str = "") -> "Agent":
        """Accept what rings."""
        offer = self.offers.filter(has_text=customer) if customer else self.offers
        offer.first.get_by_role("button", name="Accept").click()
        # Until its pane is there the one before it stands, and takes nothing.
        expect(self.page.locator("#workspace")).not_to_have_attribute("inert", "")
        expect(self.text).to_be_visible()
        return self

    def say(self, text: str) -> None:
        """Write and send."""
        self.text.fill(text)
        self.text.press("Enter")

    def said(self, text: str) -> Locator:
        """A message in the list."""
        return self.thread.get_by_role("listitem").filter(has_text=text)

    def open(self, customer: str) -> None:
        """Open a conversation of the tray."""
        self.cards.filter(has_text=customer).get_by_role("link").click()

    def end(self) -> None:
        """End the open conversation and say yes."""
        self.page.get_by_role("button", name="End", exact=True).click()
        self.page.get_by_role("dialog").get_by_role("button", name="End conversation").click()
        expect(self.page.get_by_role("heading", name="Wrap-up")).to_be_visible()

    def wrap_up(self, code: str = "Resolved") -> None:
        """Choose an outcome and close."""
        self.page.get_by_role("radio", name=code).check(force=True)
        self.page.get_by_role("button", name="Close", exact=True).click()
        expect(self.page.get_by_role("heading", name="Wrap-up")).to_be_hidden()

    @property
    def conversation(self) -> str:
        """The id of the open conversation."""
        return str(self.page.locator("#pane").get_attribute("data-conversation"))

    def transcript(self) -> list[str]:
        """What is shown, in order."""
        return bodies(self.thread)


def bodies(messages: Locator) -> list[str]:
    """The texts of a list of messages that are stored, system lines excluded."""
    found: list[str] = messages.locator('[data-kind="text"][data-number] [data-part="body"]').all_inner_texts()
    return found


class Held:
    """Answers to a page's requests that are kept back: what was asked is carried out, and the page does not know.

    They come in whatever order the test lets them, or never.
    """

    def __init__(self, page: Page, pattern: str, method: str = "POST") -> None:
        self._page, self._method, self.pattern = page, method, re.compile(pattern)
        self._waiting: list[tuple[Route, APIResponse]] = []
        page.route(self.pattern, self._hold)

    def _hold(self, route: Route) -> None:
        if route.request.method != self._method:
            route.fallback()
            return
        # Names under localhost are the browser's alone.
        address = urlsplit(route.request.url)
        url = address._replace(netloc=f"127.0.0.1:{address.port}").geturl()
        answer = route.fetch(url=url, headers=route.request.headers | {"host": address.netloc})
        self._waiting.append((route, answer))

    def wait(self, count: int = 1) -> "Held":
        """Wait until so many are kept back."""
        wait_for(self._page, lambda: len(self._waiting) >= count, what=f"{count} answers never came")
        return self

    def come(self, place: int = 0) -> None:
        """Let one come, the oldest by default."""
        route, answer = self._waiting.pop(place)
        route.fulfill(response=answer)

    def is_lost(self, place: int = 0) -> None:
        """One never comes."""
        route, _answer = self._waiting.pop(place)
        route.abort()

    def over(self) -> None:
        """Hold none any more."""
        self._page.unroute(self.pattern, self._hold)


def offer_until(offer: Locator) -> datetime:
    """When an offer that is shown will have rung in vain."""
    return datetime.fromisoformat(offer.get_attribute("data-until") or "")


def picture(person: Watched, name: str) -> None:
    """What somebody sees now, in both looks, for whoever has set `PICTURES`."""
    if not PICTURES:
        return
    for look in ("dark", "light"):
        person.page.emulate_media(color_scheme=look)  # type: ignore[arg-type]
        person.page.wait_for_timeout(400)
        person.page.screenshot(path=Path(PICTURES) / f"{name}-{look}.png")


def has_focus(element: Locator) -> bool:
    """Whether what is meant has the focus of its page, or frame."""
    script = "element => element === element.getRootNode().activeElement"
    return any(each.evaluate(script) for each in element.all())


def walk_to(page: Page, element: Locator, key: str = "Tab") -> None:
    """Press a key until something has the focus, as people without a pointer do."""
    for _ in range(60):
        if has_focus(element):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never reaches {element}")


def wait_for(page: Page, condition: Callable[[], Any], seconds: float = 20, what: str = "") -> Any:
    """Wait until something is so, while the browser goes on.

    Raises:
        AssertionError: it did not become so in time.
    """
    for _ in range(int(seconds * 10)):
        if found := condition():
            return found
        page.wait_for_timeout(100)
    raise AssertionError(what or "it did not come true in time")


LINE_DOWN = (
    "WebSocket connection",
    r"htmx:(sendError|afterRequest)",
    r"net::ERR_(CONNECTION_(RESET|CLOSED|REFUSED)|EMPTY_RESPONSE)",
)
"""What a browser says when a line is down."""


def engaged(stack, stage, customers=("Ana Ruiz",), **options):
    """An agent with a chat of each of these customers, the last one open."""
    desk = stack.desk()
    agent = stage.agent(**options).sign_in(desk, desk.agent, stack.port).available()
    for name in customers:
        stage.customer().visit(desk, stack.port).open().begin(
            f"I am {name}", name=name, email=f"{name.replace(' ', '.')}@compose.example"
        )
        agent.accept(name)
        expect(agent.page.get_by_role("textbox", name=f"Message to {name}")).to_be_visible()
    return desk, agent
