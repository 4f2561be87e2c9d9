"""OPS-2: overload shows at once, and what can wait comes again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from apps.core import request_limit
from apps.core.request_limit import RequestLimitMiddleware


@pytest.fixture(autouse=True)
def _one_at_once(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REQUESTS_AT_ONCE = 1
    monkeypatch.setattr(request_limit, "BACKGROUND_SECONDS", 0.01)


class Pages:
    """A site of which one page takes until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.limit = RequestLimitMiddleware(self._answer)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.limit(RequestFactory().get(path, headers=headers))

    def _answer(self, request: Any) -> HttpResponse:
        if request.path == "/slow/":
            self.begun.set()
            assert self.go.wait(20)
        if request.path == "/broken/":
            raise LookupError
        return HttpResponse("here")


@contextmanager
def busy() -> Iterator[Pages]:
    pages = Pages()
    slow = threading.Thread(target=pages.get, args=["/slow/"])
    slow.start()
    assert pages.begun.wait(20)
    yield pages
    pages.go.set()
    slow.join()


def test_what_a_page_asks_for_by_itself_is_put_off_soon() -> None:
    with busy() as pages:
        answer = pages.get("/", Parley_Background="yes")
        assert (answer.status_code, answer["Retry-After"], answer.content) == (503, "2", b"")
    assert pages.get("/", Parley_Background="yes").content == b"here"


def test_what_somebody_asks_for_waits_for_its_turn() -> None:
    with busy() as pages:
        threading.Timer(0.2, pages.go.set).start()
        assert pages.get("/", HX_Request="true").content == b"here"


def test_a_page_that_waited_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limit, "PAGE_SECONDS", 0.01)
    with busy() as pages:
        answer = pages.get("/")
        assert answer.status_code == 503
        assert b"try again" in answer.content


def test_a_view_that_fails_makes_room() -> None:
    pages = Pages()
    for _ in range(2):
        with pytest.raises(LookupError):
            pages.get("/broken/")
    assert pages.get("/").content == b"here"
