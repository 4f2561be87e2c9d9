"""Every address of a tenant's host, found by walking the resolver: a new one can't be forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter
from django.urls.resolvers import RoutePattern

from config import urls_tenant


@dataclass(frozen=True)
class Address:
    """One address.

    Attributes:
        route: as the resolver has it.
        arguments: its converters, by name.
    """

    route: str
    arguments: tuple[tuple[str, Any], ...]

    def path(self, ids: dict[str, str]) -> str:
        """The address with these ids in it; what is not an id gets something of its kind."""
        path = "/" + self.route
        for name, converter in self.arguments:
            path = path.replace(_placeholder(name, self.route), ids.get(name) or _any(converter, ids))
        return path.replace("^", "").replace("$", "")

    @property
    def area(self) -> str:
        """Whose it is: the first part of the path."""
        return self.route.split("/")[0]


def every(table: Any = urls_tenant) -> list[Address]:
    """All of them, or all of another table of addresses."""
    return list(_walk(table.urlpatterns, "", ()))


def _walk(patterns: Any, before: str, arguments: tuple[tuple[str, Any], ...]) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        more = arguments + tuple(pattern.pattern.converters.items())
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, more)
        elif isinstance(pattern, URLPattern) and isinstance(pattern.pattern, RoutePattern):
            yield Address(route, more)
        # The admin's catch-all is a regular expression: it answers what no other address does.


def _placeholder(name: str, route: str) -> str:
    return next(part for part in _parts(route) if part.rstrip(">").split(":")[-1].lstrip("<") == name)


def _parts(route: str) -> Iterator[str]:
    while "<" in route:
        start, end = route.index("<"), route.index(">") + 1
        yield route[start:end]
        route = route[end:]


def _any(converter: Any, ids: dict[str, str]) -> str:
    if isinstance(converter, UUIDConverter):
        return ids["uuid"]
    if isinstance(converter, IntConverter):
        return "1"
    if isinstance(converter, SlugConverter | StringConverter):
        return "none"
    return ids["uuid"]
