"""What stands between the server and the consumers: the tenant of a socket, and who is on its other end."""

from typing import Any
from urllib.parse import urlsplit

import structlog
from channels.auth import AuthMiddleware, get_user
from django.http.request import split_domain_port
from django_tenants.utils import get_tenant_domain_model

from apps.core.errors import DomainError
from apps.realtime.db import in_public, in_tenant

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
        tenant = await self._tenant(dict(scope["headers"]))
        if tenant is None:
            await send({"type": "websocket.close", "code": 4403})
            return
        await self.inner({**scope, "tenant": tenant}, receive, send)

    async def _tenant(self, headers: dict[bytes, bytes]) -> Any:
        host = headers.get(b"host", b"").decode("latin1").lower()
        try:
            origin = urlsplit(headers.get(b"origin", b"").decode("latin1")).netloc.lower()
        except ValueError:
            return None
        name, _port = split_domain_port(host)
        if not name or origin != host:
            return None
        try:
            return await in_public(tenant_of, name)
        except DomainError:
            return None  # Too busy: the client comes back, later and later.


class TenantAuth(AuthMiddleware):
    """Channels' AuthMiddleware, with session and user read inside the tenant. Belongs inside SessionMiddleware."""

    async def resolve_scope(self, scope: Any) -> None:
        """Fill in ``scope["user"]``; reading it loads the session, which is then kept for the socket's life."""
        scope["user"]._wrapped = await in_tenant(scope["tenant"], get_user.func, scope)  # type: ignore[attr-defined]  # noqa: SLF001


def tenant_of(host: str) -> Any:
    """The tenant of a host name, unless it is frozen or there is none.

    Args:
        host: the name in lower case, without port.
    """
    domains = get_tenant_domain_model().objects.select_related("tenant")
    domain = domains.filter(domain=host, tenant__is_frozen=False).first()
    return None if domain is None or domain.tenant.schema_name == "public" else domain.tenant
