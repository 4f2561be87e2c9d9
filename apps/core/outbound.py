"""Requests to servers that tenants name: none of them may be one of the installation's own."""

import http.client
import json
import socket
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.public_addresses import is_public_address

PAUSE_SECONDS: Final = 10
"""How long a server may be silent."""
TOTAL_SECONDS: Final = 20
"""How long an answer may take in all."""
ANSWER_BYTES: Final = 512 * 1024
"""How long an answer may be."""


class OutboundError(Exception):
    """A request was not made, or not answered; its text is a sentence for people."""


def json_fetch(url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a server answers, an object of JSON. Redirects are not followed.

    A name is looked up once and connected to as it was found; in production only by https, and never in a private
    network. Environment variables that name a proxy don't count.

    Args:
        url: where; of https.
        body: posted; None gets.
        headers: besides `Accept`.

    Raises:
        OutboundError: the address is not acceptable, nobody answers, or the answer is no object of JSON.
    """
    try:
        found = json.loads(_fetch(url, body, {"Accept": "application/json", **(headers or {})}))
    except (OSError, http.client.HTTPException) as error:
        raise OutboundError(_("The server can’t be reached.")) from error
    except (ValueError, RecursionError) as error:
        raise OutboundError(_("The server answers with something that is no JSON.")) from error
    if not isinstance(found, dict):
        raise OutboundError(_("The server answers with something that is no JSON object."))
    return found


def _fetch(url: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
    connection, path = _connection(url)
    deadline = time.monotonic() + TOTAL_SECONDS
    try:
        connection.request("GET" if body is None else "POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise OutboundError(_("The server answers with status %(status)d.") % {"status": answer.status})
        return _read(answer, deadline)
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    whole = b""
    while part := answer.read1(16 * 1024):
        whole += part
        if len(whole) > ANSWER_BYTES:
            raise OutboundError(_("The server’s answer is too long."))
        if time.monotonic() > deadline:
            raise OutboundError(_("The server takes too long to answer."))
    return whole


def _connection(url: str) -> tuple[http.client.HTTPConnection, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise OutboundError(_("This is no web address.")) from error
    if parts.scheme != "https" and not (settings.LOCAL_MODE and parts.scheme == "http"):
        raise OutboundError(_("The address has to begin with https://."))
    if not host or parts.username is not None:
        raise OutboundError(_("This is no web address."))
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    port = port or (443 if secure else 80)
    connection, address = kind(host, port, timeout=PAUSE_SECONDS), _address(host, port)

    def connect(place: tuple[str, int], *rest: Any) -> socket.socket:
        return socket.create_connection((address, place[1]), *rest)

    # Where the standard library opens its socket; TLS goes on checking the certificate for the name.
    connection._create_connection = connect  # type: ignore[attr-defined]  # noqa: SLF001
    return connection, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _address(host: str, port: int) -> str:
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise OutboundError(_("There is no server %(host)s.") % {"host": host[:100]}) from error
    if not settings.LOCAL_MODE and not all(map(is_public_address, found)):
        raise OutboundError(_("%(host)s is in a private network.") % {"host": host[:100]})
    return found[0]
