"""Where the work of this thread or task comes from: a page, a socket, or the installation itself (AUD-1).

A context variable, which follows from a request or a socket into the threads that work for it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from apps.core.client_addresses import client_address

_address: ContextVar[str] = ContextVar("origin_address", default="")


def origin_address() -> str:
    """The address at the other end of what is being worked for; empty for commands, workers and timers."""
    return _address.get()


@contextmanager
def origin(address: str) -> Iterator[None]:
    """Say for whom the work inside is done.

    Args:
        address: as `client_address` has it.
    """
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


class OriginMiddleware:
    """Says for a request's work where the request came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer it within its origin."""
        with origin(client_address(request)):
            return self.get_response(request)
