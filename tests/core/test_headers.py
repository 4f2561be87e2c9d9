"""What every answer says to browsers, whoever gives it."""

from typing import Any

import pytest

from tests.support.browser import Browser

PAGES = [
    ("acme.localhost", "/signin/", 200),
    ("acme.localhost", "/healthz", 200),
    ("acme.localhost", "/static/css/tokens.css", 200),
    ("acme.localhost", "/static/none.css", 404),
    ("nobody.localhost", "/", 404),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("host", "path", "status"), PAGES)
def test_every_answer_has_the_headers(acme: Any, settings: Any, host: str, path: str, status: int) -> None:
    """Also the probes, static files and the page of a host that nobody has."""
    settings.SECURE_HSTS_SECONDS = 3600
    answer = Browser(host).get(path, secure=True)
    assert answer.status_code == status
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Strict-Transport-Security"] == "max-age=3600"
    assert "default-src" in answer["Content-Security-Policy"]
