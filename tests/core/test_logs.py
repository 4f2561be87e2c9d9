"""No log holds a key: who reads one could fill in a customer's form (FRM-5)."""

import io
import logging
from typing import Any
from uuid import UUID

import pytest
import structlog
from django_tenants.utils import schema_context

from apps.chat.consumers import WidgetConsumer
from apps.core.secrets import HIDDEN, hide_link_keys, hide_link_tokens
from apps.realtime.frames import CLOSE_FAILED
from config.asgi import application
from tests.support.browser import Browser, signed_in, user_as
from tests.support.peer import Peer

TOKEN = "0123456789abcdef0123456789abcdefl." + "Zx-8_canaryKey" * 3 + "q"


@pytest.fixture
def lines() -> Any:
    """What is written meanwhile, as it is written."""
    root, text = logging.getLogger(), io.StringIO()
    (formatter,) = {handler.formatter for handler in root.handlers if _is_ours(handler.formatter)}
    handler = logging.StreamHandler(text)
    handler.setFormatter(formatter)
    root.addHandler(handler)
    yield text
    root.removeHandler(handler)


def _is_ours(formatter: Any) -> bool:
    return isinstance(formatter, structlog.stdlib.ProcessorFormatter)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [f"/form/{TOKEN}/", f"/survey/{TOKEN}/", "/form/canaryKey-cut-off/"])
def test_frm_5_a_refused_address_stands_in_the_log_without_its_key(acme: Any, lines: Any, path: str) -> None:
    assert Browser("acme.localhost").get(path).status_code == 404
    said = lines.getvalue()
    assert (f"/{path.split('/')[1]}/{HIDDEN}/" in said, "canaryKey" in said) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_frm_5_a_webhook_of_nobodys_stands_in_the_log_without_its_key(acme: Any, lines: Any) -> None:
    channel = UUID(int=7)
    assert Browser("acme.localhost").post(f"/mail/in/{channel}/canaryKey/", {}).status_code == 404
    said = lines.getvalue()
    assert (f"/mail/in/{channel}/{HIDDEN}/" in said, "canaryKey" in said) == (True, False)


def test_frm_5_whoever_writes_the_line(lines: Any) -> None:
    """As a field, in an exception, by the standard library."""
    structlog.get_logger("parley").warning("odd", path=f"/form/{TOKEN}/", tries=3, at=ValueError(f"/survey/{TOKEN}/"))
    logging.getLogger("other").error("%s was refused", f"https://acme.test/form/{TOKEN}/?part")
    try:
        raise RuntimeError(f"http://acme.test/survey/{TOKEN}/")
    except RuntimeError:
        logging.getLogger("other").exception("broken")
    said = lines.getvalue()
    assert ("canaryKey" in said, said.count(HIDDEN), "tries=3" in said) == (
        False,
        5,
        True,
    )  # The traceback quotes its line.


@pytest.mark.django_db(transaction=True)
def test_a_refused_page_is_one_line(acme: Any, lines: Any) -> None:
    """Whoever is refused makes no pages of traceback; what is broken still does."""
    browser = signed_in(user_as("agent"))
    lines.truncate(0)
    assert browser.get("/admin/login/").status_code == 403
    assert (lines.getvalue().count("\n"), "/admin/login/" in lines.getvalue()) == (1, True)
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        logging.getLogger("django.request").exception("broken", extra={"status_code": 500})
    assert "Traceback" in lines.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_line_of_a_page_names_its_tenant(acme: Any, lines: Any) -> None:
    with schema_context("public"):
        assert Browser("acme.localhost").get("/nowhere/").status_code == 404
    (line,) = lines.getvalue().splitlines()
    assert ("tenant=acme" in line, "tenant=public" in line) == (True, False)


@pytest.mark.django_db(transaction=True)
async def test_a_line_of_a_socket_names_its_tenant(acme: Any, lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written by the event loop, which works in the schema of nobody."""

    async def broken(*_: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(WidgetConsumer, "allow", broken)
    headers = {"host": "acme.localhost", "origin": "http://acme.localhost"}
    with schema_context("public"):
        async with Peer(application, path="/ws/widget/", headers=headers, client=["127.0.0.1", 1]) as peer:
            assert await peer.closed() == CLOSE_FAILED
    (line,) = [each for each in lines.getvalue().splitlines() if "realtime.socket_failed" in each]
    assert ("tenant=acme" in line, "tenant=public" in line) == (True, False)


def test_what_is_no_key_stays() -> None:
    for text in ("", "/forms/ and /surveys/", "a form.pdf", "0123456789abcdef.zip", "/console/forms/01a2/link/"):
        assert (hide_link_keys(text), hide_link_tokens(text)) == (text, text)
    assert hide_link_tokens(f"url=https%3A%2F%2Fform%2F{TOKEN}%2F") == f"url=https%3A%2F%2Fform%2F{HIDDEN}%2F"
