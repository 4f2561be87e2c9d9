"""Text that can't be stored is refused at the door, in words, whoever brings it and wherever it stands."""

from typing import Any

import pytest
from channels.layers import get_channel_layer

from apps.chat.models import WidgetChannel
from tests.support.asgi import ask
from tests.support.browser import Browser, signed_in
from tests.support.peer import Peer
from tests.support.people import make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)

FORM = {"content-type": "application/x-www-form-urlencoded"}
MULTIPART = {"content-type": "multipart/form-data; boundary=b"}


@pytest.fixture
async def layer() -> Any:
    yield get_channel_layer()
    await get_channel_layer().flush()


def part(name: str, value: str) -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n--b--\r\n'.encode()


REQUESTS = [
    ("GET", "/signin/\0/", b"", (b"",), {}),
    ("GET", "/static/\0.css", b"", (b"",), {}),
    ("GET", "/pictures/\0.webp", b"", (b"",), {}),
    ("GET", "/nowhere/\0", b"", (b"",), {}),
    ("GET", "/widget/frame/", b"channel=%00", (b"",), {}),
    ("GET", "/signin/", b"next=/%00", (b"",), {}),
    ("GET", "/signin/", b"%00=x", (b"",), {}),
    ("POST", "/signin/", b"", (b"username=%00&password=x",), FORM),
    ("POST", "/signin/", b"", (b"%00=x",), FORM),
    ("POST", "/signin/", b"", (part("username", "\0"),), MULTIPART),
    ("POST", "/widget/transcript/", b"", (b"channel=%00&token=x",), FORM),
]


@pytest.mark.parametrize(("method", "path", "query", "pieces", "headers"), REQUESTS)
async def test_nul_is_refused_in_words(
    acme: Any, layer: Any, method: str, path: str, query: bytes, pieces: tuple[bytes, ...], headers: dict[str, str]
) -> None:
    answer = await ask(method, path, pieces, query=query, headers=headers)
    assert answer.status == 400
    assert b"can't be read" in answer.body
    assert "default-src" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("charset", ["base64", "hex", "idna", "undefined", "utf-16", "nonsense", "\xff"])
async def test_a_form_in_no_encoding_of_browsers_is_refused(acme: Any, layer: Any, charset: str) -> None:
    for kind in (MULTIPART, FORM):
        headers = {"content-type": f"{kind['content-type']}; charset={charset}"}
        answer = await ask("POST", "/signin/", (part("username", "ana"),), headers=headers, query=b"next=/")
        assert (answer.status, b"can't be read" in answer.body) == (400, True), headers
        assert (await ask("GET", "/signin/", headers=headers, query=b"next=/")).status == 200


@pytest.mark.parametrize("charset", ["charset=UTF8", 'charset="utf-8"', "charset*=utf-8''utf-8"])
async def test_utf_8_is_called_by_many_names(acme: Any, layer: Any, charset: str) -> None:
    headers = {"content-type": f"{FORM['content-type']}; {charset}", "x-csrftoken": "a" * 32}
    headers |= {"cookie": "parley_csrf=" + "a" * 32}
    assert (await ask("POST", "/signin/", (b"username=ana&password=x",), headers=headers)).status == 200


@pytest.mark.parametrize("charset", ["nope''x", "utf-8''%00", "idna''%ff"])
async def test_a_content_type_that_cannot_be_read_is_refused(acme: Any, layer: Any, charset: str) -> None:
    """RFC 2231 lets a header say in which encoding its own words are."""
    for method in ("GET", "POST"):
        headers = {"content-type": f"multipart/form-data; boundary=b; charset*={charset}"}
        assert (await ask(method, "/signin/", (part("username", "ana"),), headers=headers)).status == 400


async def test_what_people_paste_is_not_refused(acme: Any, layer: Any) -> None:
    """A PDF brings control characters along, an Arabic text marks of its direction, an address line breaks."""
    for typed in (b"%02%0b%1f", b"%e2%80%8f%e2%80%ae", b"a%09b%0d%0ac", b"%ed%a0%80", b"%ff"):
        body = b"username=" + typed + b"&password=x"
        csrf = {"cookie": "parley_csrf=" + "a" * 32, "x-csrftoken": "a" * 32}
        assert (await ask("POST", "/signin/", (body,), headers=FORM | csrf)).status == 200, typed
        assert (await ask("GET", "/widget/frame/", query=b"channel=" + typed)).status == 404, typed


@pytest.mark.parametrize(
    "name", ["parley_session", "parley_csrf", "messages", "parley_device", "of_another_application"]
)
async def test_a_cookie_that_cannot_be_stored_is_none(acme: Any, layer: Any, name: str) -> None:
    """Quoted, as cookies may be: "\\000" is NUL. Who has one can't get rid of it, so the page comes all the same."""
    cookie = f'{name}="abcdefgh\\000abcdefgh"'
    assert (await ask("GET", "/signin/", headers={"cookie": cookie})).status == 200
    headers = {"host": "acme.localhost", "origin": "http://acme.localhost", "cookie": cookie}
    from config.asgi import application

    async with Peer(application, path="/ws/console/", headers=headers, client=["127.0.0.1", 1]) as peer:
        assert await peer.closed() == 4401


def test_nul_in_what_a_console_asks_for(acme: Any) -> None:
    agent = make_agent(chat=2)
    conversation = talk(agent)
    browser = signed_in(agent.user)
    browser.client.raise_request_exception = False
    here = f"/console/c/{conversation.pk}"
    for path in ("/console/tray/?q=%00", f"{here}/contact/merge/?q=%00", f"{here}/transfer/?q=%00"):
        assert browser.get(path).status_code == 400, path
    assert browser.post("/console/status/", {"code": "\0"}).status_code == 400
    assert browser.get("/console/").status_code == 200


def test_a_widget_of_no_key(acme: Any) -> None:
    assert WidgetChannel.objects.exists()
    assert Browser("acme.localhost").get("/widget/frame/?channel=%00").status_code == 400
