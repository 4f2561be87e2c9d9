"""What a customer's browser fetches: the loader, the frame, and what the frame shows."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import condition, require_safe

from apps.chat import emoji
from apps.chat.colours import ink_on
from apps.chat.file_access import file_of
from apps.chat.frame_policy import allowed_origin, frame_policy
from apps.chat.models import WidgetChannel
from apps.chat.questions import questions_of
from apps.chat.selectors import channel_find, logo_is_used, mails_transcripts
from apps.chat.tokens import file_key_read
from apps.chat.widget_texts import topic_name, widget_language, widget_texts
from apps.files.downloads import file_response
from apps.files.models import FileRules
from apps.files.types import accept_attribute
from apps.surveys.choices import COMMENT_LENGTH, Kind
from apps.surveys.forms import score_choices

LOADER = "js/widget/loader.js"
LOADER_SECONDS = 600
"""How long a browser uses the loader without asking again."""

LAUNCHER_SECONDS = 300
"""And what the launcher looks like, or that a site may show it."""


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
@condition(etag_func=_loader_tag)
def widget_loader(_request: HttpRequest) -> HttpResponse:
    """The script that a customer's site embeds (CHAT-1): the same for every tenant and widget."""
    response = HttpResponse(_loader(), content_type="text/javascript; charset=utf-8")
    patch_cache_control(response, public=True, max_age=LOADER_SECONDS, stale_while_revalidate=86400)
    # Pages that isolate themselves (COEP) may embed only what says that it may be.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def widget_launcher(request: HttpRequest) -> HttpResponse:
    """How the launcher looks, as a module that the loader imports: for the sites that may show the widget (CHAT-1).

    A site's policy allows our scripts and frames, nothing else. Browsers say whose page imports a module of another
    origin, and keep it from one that we don't name.
    """
    channel = channel_find(request.GET.get("channel", ""))
    if channel is None:
        raise Http404
    origin = request.headers.get("Origin")
    allowed = allowed_origin(channel, origin) if origin is not None else None
    if origin is not None and allowed is None:
        response: HttpResponse = HttpResponseForbidden()
    else:
        with translation.override(_language(request)):
            response = HttpResponse(f"export default {json.dumps(_looks(channel))};")
    if allowed is not None:
        response.headers["Access-Control-Allow-Origin"] = allowed
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=LAUNCHER_SECONDS)
    patch_vary_headers(response, ["Origin", "Accept-Language"])
    return response


def _language(request: HttpRequest) -> str:
    """A site in one language says so; else it is the browser's."""
    return widget_language(request.GET.get("language", "")) or translation.get_language() or ""


def _looks(channel: WidgetChannel) -> dict[str, Any]:
    texts = widget_texts(channel, translation.get_language() or "")
    return {
        "colour": channel.colour,
        "ink": ink_on(channel.colour),
        "side": channel.position,
        "dir": "rtl" if translation.get_language_bidi() else "ltr",
        "title": texts.title,
        "launcher": texts.launcher,
        "words": {"open": _("Open chat"), "close": _("Close chat"), "unread": _("Open chat, {count} unread")},
    }


@require_safe
@never_cache
@xframe_options_exempt
def widget_frame(request: HttpRequest) -> HttpResponse:
    """The widget itself, shown in a frame on the customer's site; which sites may do so is the widget's setting."""
    channel = channel_find(request.GET.get("channel", ""))
    with translation.override(_language(request)):
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
def widget_logo(request: HttpRequest, name: str) -> HttpResponse:
    """A widget's logo. Its name is the key, and changes with the picture."""
    del request
    path = f"logos/{name}.webp"
    if not logo_is_used(path) or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        content = file.read()
    headers = {"Cache-Control": "public, max-age=86400, immutable", "Content-Security-Policy": "default-src 'none'"}
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return HttpResponse(content, content_type="image/webp", headers=headers)


@require_safe
def widget_file(request: HttpRequest, key: str, file_id: UUID, *, thumbnail: bool = False) -> HttpResponseBase:
    """A file of one of this browser's conversations, or the small picture of it (CHAT-9)."""
    visitor_id = file_key_read(key)
    found = file_of(visitor_id, file_id) if visitor_id else None
    if found is None:
        raise Http404
    return file_response(request, found, thumbnail=thumbnail)


def _frame_context(channel: WidgetChannel) -> dict[str, Any]:
    rules: FileRules = FileRules.load()
    language = translation.get_language() or ""
    topics = list(channel.topics.all()) if channel.asks("topic") else []
    words = widget_texts(channel, language)
    return {
        "channel": channel,
        "words": words,
        "logo": reverse("chat:logo", args=[Path(str(channel.logo)).stem]) if channel.logo else "",
        "topics": [(topic.pk, topic_name(topic, language)) for topic in topics],
        "fields": questions_of(channel, words, topics),
        "ink": ink_on(channel.colour),
        "emoji_from": f"{reverse('chat:emoji')}?language={language}",
        "now": timezone.now(),
        "mails": mails_transcripts(channel),
        "survey_scales": [(kind.value, score_choices(kind)) for kind in Kind],
        "comment_length": COMMENT_LENGTH,
        "accept": accept_attribute(rules.kinds) if rules.customers_send else "",
    }


@require_safe
def emoji_names(request: HttpRequest) -> HttpResponse:
    """The emoji that the widget's panel offers, each with its names: fetched when somebody opens the panel."""
    with translation.override(_language(request)):
        response = JsonResponse(emoji.emoji_with_names(), safe=False)
    patch_cache_control(response, public=True, max_age=86400)
    patch_vary_headers(response, ["Accept-Language"])
    return response
