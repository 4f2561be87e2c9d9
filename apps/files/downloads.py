"""How a file is handed out. Whether somebody may have it is asked anew by every address that calls this (CHAT-9)."""

from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags, quote_etag

from apps.files.models import StoredFile
from apps.files.types import type_by_media

CHUNK_BYTES = 256 * 1024
SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
# In a sandbox browsers show no PDF at all; their viewer is a sandbox of its own.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def file_response(request: HttpRequest, file: StoredFile, *, thumbnail: bool = False) -> HttpResponseBase:
    """The content of a file, for a request that may have it.

    Args:
        request: with `?download` the file is saved rather than shown.
        file: one that is ready.
        thumbnail: the small picture of it.

    Raises:
        Http404: there is no thumbnail, or the storage has lost the content.
    """
    if thumbnail and not file.has_thumbnail:
        raise Http404
    tag = quote_etag(f"{file.sha256}{'.t' if thumbnail else ''}")
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return _dressed(HttpResponseNotModified(), tag, "")
    response = _content(request, file.thumbnail_path if thumbnail else file.path)
    media = "image/webp" if thumbnail else file.media_type
    response.headers["Content-Type"] = f"{media}; charset=utf-8" if media.startswith("text/") else media
    response.headers["Content-Disposition"] = _disposition(request, file, media, thumbnail=thumbnail)
    return _dressed(response, tag, media)


def file_content(file: StoredFile) -> bytes:
    """All of a file, for what goes out with a mail.

    Raises:
        OSError: the storage has lost it.
    """
    with default_storage.open(file.path) as content:
        return bytes(content.read())


def _content(request: HttpRequest, path: str) -> HttpResponseBase:
    if not default_storage.exists(path):
        raise Http404
    content: Any = default_storage.open(path)
    if not hasattr(request, "scope"):
        return FileResponse(content)
    # Under ASGI Django would read a plain file into memory as a whole.
    response = StreamingHttpResponse(_chunks(content))
    response.headers["Content-Length"] = str(content.size)
    return response


async def _chunks(content: Any) -> AsyncIterator[bytes]:
    try:
        while chunk := await sync_to_async(content.read)(CHUNK_BYTES):
            yield chunk
    finally:
        content.close()


def _disposition(request: HttpRequest, file: StoredFile, media: str, *, thumbnail: bool) -> str:
    served = type_by_media(media)
    shown = thumbnail or (served is not None and served.shown and "download" not in request.GET)
    return content_disposition_header(not shown, file.name) or "attachment"


def _dressed(response: HttpResponse | HttpResponseBase, tag: str, media: str) -> HttpResponseBase:
    response.headers["ETag"] = tag
    # Kept by that browser alone, and asked for again each time: who may no longer see it does not.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = PDF_POLICY if media == "application/pdf" else SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
