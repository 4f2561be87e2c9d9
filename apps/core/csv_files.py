"""CSV files that leave the house: cells that no spreadsheet takes for formulae, and files sent part by part."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

BOM = "\ufeff"
"""By it spreadsheets know that a file is UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a text for a formula, and runs it."""
MARK = "'"
"""What spreadsheets put before a text that is no formula."""


def marked(text: str) -> str:
    """A text as it is written to a file: no spreadsheet takes it for a formula."""
    return MARK + text if text.startswith((*FORMULA, MARK)) else text


def unmarked(text: str) -> str:
    """A text as it was before `marked`; what a person wrote with one apostrophe of their own stays."""
    return text[1:] if text.startswith(MARK) and text[1:].startswith((*FORMULA, MARK)) else text


def csv_bytes(lines: Iterable[Iterable[str]]) -> bytes:
    """Lines of cells as a part of a file (RFC 4180), in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def csv_response(request: HttpRequest, parts: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """A file to be saved, sent as its parts are made.

    Args:
        request: that asked for it.
        parts: of the file; each is made on the request's own thread.
        name: of the file.
    """
    # Under ASGI Django would make all parts before it sends the first.
    content: Any = _one_by_one(parts) if hasattr(request, "scope") else parts
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(content, headers=headers)


async def _one_by_one(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    try:
        while (part := await sync_to_async(_next)(parts)) is not None:
            yield part
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            await sync_to_async(close)()


def _next(parts: Iterator[bytes]) -> bytes | None:
    return next(parts, None)
