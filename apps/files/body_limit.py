"""A limit in front of Django: how much a request may bring, counted while it comes in (CHAT-9).

Django takes in the whole body of a request before it asks who is there. So whatever is not an upload may only be as
large as a form, and an upload is let in by its ticket and no longer than the ticket says. An app above that takes more
(mail that a provider brings) says how much, and looks first at who brings it.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import Error as DatabaseFailure

from apps.core.errors import DomainError
from apps.files.tickets import UPLOAD_SECONDS, ticket_read

PREFIX = "/files/"
FORM_BYTES = 6 * 1024 * 1024
"""A form, a picture of a user with it."""


class BodySizeLimit:
    """Answers what is too large, and closes; passes everything else on.

    Args:
        inner: the application behind it.
        limit_of: asked of each request that is no upload: how many bytes it may bring; None for as many as a form.
    """

    def __init__(self, inner: Any, limit_of: Callable[[Any], Awaitable[int | None]] | None = None) -> None:
        self.inner = inner
        self.limit_of = limit_of

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let a request in, byte by byte."""
        try:
            allowed = await self._allowed(scope)
        except (DomainError, DatabaseFailure):
            # Nobody can say who it is at the moment: it comes again.
            await _answer(send, 503, "busy")
            return
        if allowed is None:
            await _answer(send, 403, "ticket_refused")
        elif _declared(scope) > allowed:
            await _answer(send, 413, "file_too_large")
        else:
            await _CountedRequest(allowed, receive, send).run(self.inner, scope)

    async def _allowed(self, scope: Any) -> int | None:
        """How many bytes a request may bring; none where its ticket is no good."""
        path: str = scope["path"]
        if not path.startswith(PREFIX) or scope["method"] != "PUT":
            return (await self.limit_of(scope) if self.limit_of else None) or FORM_BYTES
        ticket = ticket_read(path.removeprefix(PREFIX), seconds=UPLOAD_SECONDS)
        return ticket.size if ticket else None


class _CountedRequest:
    """A request whose bytes are counted."""

    def __init__(self, allowed: int, receive: Any, send: Any) -> None:
        self._left = allowed
        self._receive = receive
        self._send = send
        self._answered = False

    async def run(self, inner: Any, scope: Any) -> None:
        await inner(scope, self.receive, self.send)
        if self._left < 0 and not self._answered:
            await _answer(self._send, 413, "file_too_large")

    async def receive(self) -> Any:
        if self._left < 0:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        return message if self._left >= 0 else {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self._answered = True
        await self._send(message)


def _declared(scope: Any) -> int:
    said = dict(scope["headers"]).get(b"content-length", b"")
    return int(said) if said.isdigit() else 0


async def _answer(send: Any, status: int, code: str) -> None:
    body = json.dumps({"code": code, "message": ""}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(b"connection", b"close"), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
