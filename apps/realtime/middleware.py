"""What stands between the server and the consumers: the tenant of a socket, and who is on its other end."""

from typing import Any
from urllib.parse import urlsplit

import structlog
from channels.auth import get_user
from django.db import Error as DatabaseFailure
from django.http.request import split_domain_port
from django_tenants.utils import get_tenant_domain_model

from apps.core.errors import DomainError
from apps.core.text import is_storable
from apps.realtime.frames import CLOSE_FORBIDDEN, CLOSE_TRY_LATER
from apps.realtime.tenant_threads import run_in_public, run_in_tenant

log = structlog.get_logger(__name__)


class TenantScope:
    """Finds the tenant by the host name; refuses, before accepting, what has no business here.

    The page that opens a socket must come from the very same host: a tenant's page on another tenant's socket is
    refused, even though both are ours. An unknown host and a frozen tenant are refused too. A refusal before the accept
    reaches the caller as HTTP 403.

    The tenant is looked up for every socket: a cache would keep a frozen or renamed one alive.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the socket on with its ``tenant``, or refuse it."""
        host = same_origin_host(dict(scope["headers"]))
        try:
            tenant = await run_in_public(tenant_of_host, host) if host else None
        except (DomainError, DatabaseFailure) as failure:
            await defer_socket(receive, send, failure)
            return
        if tenant is None:
            await refuse_socket(send)
        else:
            await self.inner({**scope, "tenant": tenant}, receive, send)


class StorableCookies:
    """Leaves out cookies that can't be stored, as pages do: a session of such a name is none."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the socket on with the ``cookies`` that may be looked for."""
        cookies = {name: value for name, value in scope["cookies"].items() if is_storable(value)}
        await self.inner({**scope, "cookies": cookies}, receive, send)


class TenantAuth:
    """Finds out who is on the other end, as Channels does, with session and user read inside the tenant.

    Belongs inside SessionMiddleware. Reading the user loads the session, which is then kept for the socket's life.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the socket on with its ``user``, who may be anonymous."""
        try:
            user = await run_in_tenant(scope["tenant"], get_user.func, scope)  # type: ignore[attr-defined]
        except (DomainError, DatabaseFailure) as failure:
            await defer_socket(receive, send, failure)
        else:
            await self.inner({**scope, "user": user}, receive, send)


async def refuse_socket(send: Any) -> None:
    """Refuse a socket that has not been accepted; the caller sees HTTP 403."""
    await send({"type": "websocket.close", "code": CLOSE_FORBIDDEN})


async def defer_socket(receive: Any, send: Any, failure: Exception) -> None:
    """End a socket of which nothing could be found out: too much to do, or no database. It is to come again later.

    It is accepted for that: whoever sees a 403 takes it for an answer.
    """
    log.warning("realtime.socket_put_off", error=repr(failure))
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": CLOSE_TRY_LATER})


def same_origin_host(headers: dict[bytes, bytes]) -> str:
    """The host name, without port, of a socket that a page of the very same host opened; else nothing."""
    host = headers.get(b"host", b"").decode("latin1").lower()
    try:
        origin = urlsplit(headers.get(b"origin", b"").decode("latin1")).netloc.lower()
    except ValueError:
        return ""
    name, _port = split_domain_port(host)
    return name if origin == host else ""


def tenant_of_host(host: str) -> Any:
    """The tenant of a host name, unless it is frozen or there is none.

    Args:
        host: the name in lower case, without port.
    """
    domain = get_tenant_domain_model().objects.select_related("tenant").filter(domain=host).first()
    if domain is None or domain.tenant.is_frozen or domain.tenant.schema_name == "public":
        return None
    return domain.tenant
