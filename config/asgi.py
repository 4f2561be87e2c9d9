"""The ASGI application: pages by Django, sockets by the consumers of `chat` and `console`."""

import os
from collections.abc import Sequence
from threading import Thread
from typing import Any, cast

import django
from channels.routing import URLRouter
from channels.sessions import CookieMiddleware, SessionMiddleware
from django.conf import settings
from django.urls import re_path
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup(set_prefix=False)

# These need Django set up.
from apps.chat.urls import websocket_urlpatterns as chat_sockets  # noqa: E402
from apps.console.urls import websocket_urlpatterns as console_sockets  # noqa: E402
from apps.core.asgi import AsgiApplication  # noqa: E402
from apps.core.statements import statements_compile  # noqa: E402
from apps.files.body_limit import BodySizeLimit  # noqa: E402
from apps.imports.body_limit import import_body_limit  # noqa: E402
from apps.mailin.webhooks import webhook_body_limit  # noqa: E402
from apps.realtime.middleware import StorableCookies, TenantAuth, TenantScope, refuse_socket  # noqa: E402


async def _no_such_socket(scope: Any, receive: Any, send: Any) -> None:
    """Refuse a socket path that nobody serves."""
    del scope, receive
    await refuse_socket(send)


async def _lifespan(receive: Any, send: Any) -> None:
    """Tell the server that there is nothing to wait for at its start and its end.

    Statements are compiled beside it: who comes at once is served at once, and compiles what they need themselves.
    """
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            Thread(target=statements_compile, daemon=True).start()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _body_limit(scope: Any) -> int | None:
    """How many bytes a request may bring that may bring more than a form."""
    return await webhook_body_limit(scope) or await import_body_limit(scope)


pages = BodySizeLimit(AsgiApplication(), limit_of=_body_limit)
routes: list[Any] = [*chat_sockets, *console_sockets, re_path(r"", cast("Any", _no_such_socket))]
sockets = TenantScope(CookieMiddleware(StorableCookies(SessionMiddleware(TenantAuth(URLRouter(routes))))))


async def application_served(scope: Any, receive: Any, send: Any) -> None:
    """Pass a connection to the part that serves its kind."""
    if scope["type"] == "http":
        await pages(scope, receive, send)
    elif scope["type"] == "websocket":
        await sockets(scope, receive, send)
    else:
        await _lifespan(receive, send)


def behind_proxies(proxies: Sequence[str]) -> ProxyHeadersMiddleware:
    """The application, for a server that looks at no proxy's headers by itself.

    Args:
        proxies: addresses and networks whose X-Forwarded-For and X-Forwarded-Proto are believed.
    """
    return ProxyHeadersMiddleware(application_served, list(proxies))


application = behind_proxies(settings.TRUSTED_PROXIES)
