"""For whom the work of this thread or task is done: a page's or a socket's caller, or the installation itself (AUD-1).

A context variable, which follows from a request or a socket into the threads that work for it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from apps.core.client_addresses import client_address

Caller = HttpRequest | dict[str, Any]
"""A request, or the scope of a socket."""


@dataclass(frozen=True)
class Integration:
    """A program that works by a secret of its own, where no user is signed in.

    Attributes:
        name: what the tenant's people call it.
        id: of its secret's row.
    """

    name: str
    id: UUID


_integration: ContextVar[Integration | None] = ContextVar("origin_integration", default=None)
_caller: ContextVar[Caller | None] = ContextVar("origin_caller", default=None)


def origin_address() -> str:
    """The address at the other end of what is being worked for; empty for commands, workers and timers."""
    caller = _caller.get()
    return client_address(caller) if caller is not None else ""


def origin_user() -> Any:
    """Who is signed in there; None for strangers, and where nobody is at the other end."""
    caller = _caller.get()
    user = caller.get("user") if isinstance(caller, dict) else getattr(caller, "user", None)
    return user if user is not None and user.is_authenticated else None


def origin_integration() -> Integration | None:
    """The program that is being worked for; None where it is none."""
    return _integration.get()


@contextmanager
def integration(program: Integration) -> Iterator[None]:
    """Say that the work inside is a program's, whoever else may be signed in where it asks."""
    token = _integration.set(program)
    try:
        yield
    finally:
        _integration.reset(token)


@contextmanager
def origin(caller: Caller) -> Iterator[None]:
    """Say for whom the work inside is done.

    Args:
        caller: the request, or the scope of a socket.
    """
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)


class OriginMiddleware:
    """Says for a request's work whose it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer it as its own."""
        with origin(request):
            return self.get_response(request)
