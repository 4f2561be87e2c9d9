"""What an app offers on top of the lists of other apps: the lists show it, and know nothing of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class ListLink:
    """A button on top of a list.

    Attributes:
        title: what stands on it, translated.
        path: where it leads.
    """

    title: str
    path: str


Links = Callable[[HttpRequest, type[Any]], list[ListLink]]
_links: list[Links] = []


def list_links(function: Links) -> Links:
    """Show what the function returns on top of every list: it gets the request and the list's model."""
    if function not in _links:
        _links.append(function)
    return function


def links_of_list(request: HttpRequest, model: type[Any]) -> list[dict[str, Any]]:
    """The buttons of a list, as Unfold draws them."""
    return [{"title": link.title, "path": link.path} for offer in _links for link in offer(request, model)]
