"""What a customer's browser fetches: the loader, the frame, and in local mode a shop that uses both."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from apps.chat import demo
from apps.chat.colours import ink_on
from apps.chat.embedding import frame_policy
from apps.chat.models import WidgetChannel
from apps.chat.selectors import channel_find, file_of
from apps.chat.tokens import file_key_read
from apps.files.delivery import file_deliver
from apps.files.models import FileRules
from apps.files.types import accepted

LOADER = "js/widget/loader.js"
LOADER_SECONDS = 600
"""How long a browser uses the loader without asking again."""

MODULES = ("shared", "widget")


def _loader_tag(_request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_loader()).hexdigest()[:16]}"'


def _loader() -> bytes:
    path = finders.find(LOADER)
    if not isinstance(path, str):
        raise Http404
    stamp = Path(path).stat().st_mtime_ns if settings.LOCAL_MODE else 0
    return _read(path, stamp)


@cache
def _read(path: str, _stamp: int) -> bytes:
    return Path(path).read_bytes()


@require_safe
@gzip_page
@condition(etag_func=_loader_tag)
def loader(_request: HttpRequest) -> HttpResponse:
    """The script that a customer's site embeds (CHAT-1): the same for every tenant and widget."""
    response = HttpResponse(_loader(), content_type="text/javascript; charset=utf-8")
    patch_cache_control(response, public=True, max_age=LOADER_SECONDS, stale_while_revalidate=86400)
    # Pages that isolate themselves (COEP) may embed only what says that it may be.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@never_cache
@xframe_options_exempt
def frame(request: HttpRequest) -> HttpResponse:
    """The widget itself, shown in a frame on the customer's site; which sites may do so is the widget's setting."""
    channel = channel_find(request.GET.get("channel", ""))
    if channel is None:
        response = render(request, "chat/gone.html", status=404)
    else:
        response = render(request, "chat/frame.html", _frame_context(channel))
    response.headers["Content-Security-Policy"] = frame_policy(channel, request.get_host())
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponse:
    """A widget's logo. Its name is the key, and changes with the picture."""
    del request
    path = f"logos/{name}.webp"
    if not WidgetChannel.objects.filter(logo=path).exists() or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        content = file.read()
    headers = {"Cache-Control": "public, max-age=86400, immutable", "Content-Security-Policy": "default-src 'none'"}
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return HttpResponse(content, content_type="image/webp", headers=headers)


@require_safe
def file(request: HttpRequest, key: str, file_id: UUID, *, thumbnail: bool = False) -> HttpResponseBase:
    """A file of one of this browser's conversations, or the small picture of it (CHAT-9)."""
    visitor_id = file_key_read(key)
    found = file_of(visitor_id, file_id) if visitor_id else None
    if found is None:
        raise Http404
    return file_deliver(request, found, thumbnail=thumbnail)


def _frame_context(channel: WidgetChannel) -> dict[str, Any]:
    rules: FileRules = FileRules.load()
    return {
        "channel": channel,
        "ink": ink_on(channel.colour),
        "modules": _modules(),
        "now": timezone.now(),
        "accept": accepted(rules.kinds) if rules.customers_send else "",
    }


def _modules() -> list[str]:
    """The frame's modules, named in its head so that the browser fetches them all at once."""
    return _found() if settings.LOCAL_MODE else _found_once()


@cache
def _found_once() -> list[str]:
    return _found()


def _found() -> list[str]:
    folder = Path(settings.BASE_DIR, "static", "js")
    paths = [path for name in MODULES for path in sorted(folder.joinpath(name).glob("*.js"))]
    return [f"js/{path.parent.name}/{path.name}" for path in paths if f"js/{path.parent.name}/{path.name}" != LOADER]


@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """A shop of the demo tenant's, with the widget on it by its script tag; in local mode only."""
    if not settings.LOCAL_MODE:
        raise Http404
    channel = WidgetChannel.objects.filter(is_active=True).order_by("name").first()
    tenant: Any = request.tenant  # type: ignore[attr-defined]
    return render(request, "chat/demo.html", {"shop": demo.shop_of(tenant.schema_name), "channel": channel})
