"""What is compressed on its way to the browser, and what is not."""

import gzip
from typing import Any

import pytest
from django.http import HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from apps.core.middleware import CompressionMiddleware
from tests.support.browser import Browser

TEXT = "A line that comes again and again. " * 50


def answered(response: HttpResponseBase) -> Any:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip, br"})
    return CompressionMiddleware(lambda _request: response)(request)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "text/javascript", "application/json"])
def test_what_is_rendered_is_compressed(content_type: str) -> None:
    answer = answered(HttpResponse(TEXT, content_type=content_type))
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).decode() == TEXT
    assert "Accept-Encoding" in answer.headers["Vary"]
    # Each by some bytes of chance, so that nobody learns from lengths.
    assert len({len(answered(HttpResponse(TEXT)).content) for _ in range(40)}) > 1


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(TEXT, content_type="image/webp"),
        StreamingHttpResponse([TEXT.encode()], content_type="text/html"),
        HttpResponseNotModified(),
        HttpResponse("short"),
    ],
)
def test_files_and_what_is_short_go_as_they_are(response: HttpResponseBase) -> None:
    assert "Content-Encoding" not in answered(response).headers


@pytest.mark.django_db
def test_pages_come_compressed(acme: Any) -> None:
    answer = Browser("acme.localhost").get("/signin/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(answer.content)
