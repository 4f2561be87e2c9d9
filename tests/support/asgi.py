"""Requests to the application as a server passes them on: through every door in front of Django."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from config.asgi import application


@dataclass(frozen=True)
class Told:
    """What came back.

    Attributes:
        status: of the answer.
        headers: by lower-case name.
        body: all of it.
        taken: how many pieces of the request's body were read.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    taken: int

    @property
    def code(self) -> str | None:
        """The word for programs, where it is JSON."""
        return json.loads(self.body).get("code") if self.body[:1] == b"{" else None


async def ask(
    method: str,
    path: str,
    pieces: tuple[bytes, ...] = (b"",),
    *,
    query: bytes = b"",
    client: str = "127.0.0.1",
    by: Any = application,
    headers: dict[str, str] | None = None,
) -> Told:
    """Send a request, piece by piece.

    Args:
        method: of the request.
        path: decoded, as servers hand it over.
        pieces: of the body.
        query: as it stands in the address.
        client: the address that the connection comes from.
        by: the application, where it is not as it is configured.
        headers: beside the host's, which is acme's unless it is among them.
    """
    given = {"host": "acme.localhost", "content-length": str(sum(map(len, pieces))), **(headers or {})}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode("utf-8", "surrogateescape"),
        "query_string": query,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()],
        "http_version": "1.1",
        "scheme": "http",
        "client": (client, 50_000),
        "server": ("acme.localhost", 80),
        "root_path": "",
        "asgi": {"version": "3.0"},
    }
    waiting = [
        {"type": "http.request", "body": piece, "more_body": at < len(pieces) - 1} for at, piece in enumerate(pieces)
    ]
    sent: list[Any] = []
    taken = 0

    async def receive() -> Any:
        nonlocal taken
        taken += 1
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await by(scope, receive, send)
    said = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Told(sent[0]["status"], said, body, taken)
