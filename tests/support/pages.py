"""An agent's browser, signed in; and what a page of theirs says."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

from apps.accounts.models import User
from tests.support.browser import Browser

HTMX = {"HX-Request": "true"}


def browser_of(user: User, host: str = "acme.localhost", **options: Any) -> Browser:
    """A browser that this user has signed in with."""
    browser = Browser(host, **options)
    assert browser.sign_in(user).status_code == 302
    return browser


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append({"tag": tag, **dict(attrs)})


def elements(response: HttpResponse, tag: str = "", **wanted: str) -> list[dict[str, str | None]]:
    """The elements of a page with this tag and these attributes."""
    parser = _Elements()
    parser.feed(response.content.decode())
    return [
        each
        for each in parser.found
        if tag in {"", each["tag"]} and all(each.get(name.replace("_", "-")) == value for name, value in wanted.items())
    ]


def card_ids(response: HttpResponse) -> list[str | None]:
    """The conversations in the tray, in order."""
    return [each["data-conversation"] for each in elements(response, "li") if "data-unread" in each]
