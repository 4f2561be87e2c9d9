"""CHAT-9: how files are handed out, by addresses that ask each time."""

from typing import Any
from uuid import uuid4

import pytest
from django_tenants.utils import tenant_context

from apps.accounts.actions import user_deactivate
from apps.chat.tokens import file_key_make
from apps.files.models import StoredFile, Uploader
from apps.tenants.actions import tenant_freeze
from tests.files.messages import say
from tests.support.browser import Browser, signed_in
from tests.support.media import MP4, PDF, by_agent, packed, picture
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db(transaction=True)


def fetch(browser: Browser, address: str, **options: Any) -> Any:
    answer = browser.get(address, **options)
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def at_console(file: StoredFile, end: str = "") -> str:
    return f"/console/files/{file.pk}/{end}"


def in_widget(visitor_id: Any, file: StoredFile, end: str = "") -> str:
    return f"/widget/files/{file_key_make(visitor_id)}/{file.pk}/{end}"


def test_both_sides_get_what_was_sent(chat: dict[str, Any]) -> None:
    sent, got = chat["files"]
    browser, nobody = signed_in(chat["agent"].user), Browser("acme.localhost")
    for file, content in ((sent, picture()), (got, PDF)):
        for answer in (
            fetch(browser, at_console(file)),
            fetch(nobody, in_widget(chat["visitor"].pk, file)),
        ):
            assert (answer.status_code, answer.body) == (200, content)
            assert answer.headers["Content-Type"] == file.media_type
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "private, no-cache"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    small = fetch(browser, at_console(sent, "small/"))
    assert (small.headers["Content-Type"], small.body[8:12]) == ("image/webp", b"WEBP")
    assert fetch(browser, at_console(got, "small/")).status_code == 404
    assert fetch(nobody, in_widget(chat["visitor"].pk, sent, "small/")).body == small.body


@pytest.mark.parametrize(
    ("content", "name", "media_type", "shown", "sandbox"),
    [
        (picture(), "a b.png", "image/png", True, True),
        (PDF, "a b.pdf", "application/pdf", True, False),
        (MP4, "a b.mp4", "video/mp4", True, True),
        (b"<b>", "a b.txt", "text/plain; charset=utf-8", False, True),
        (b"a,b", "a b.csv", "text/csv; charset=utf-8", False, True),
        (packed({"a": "x"}), "a b.zip", "application/zip", False, True),
    ],
)
def test_what_a_browser_may_show(
    chat: dict[str, Any], content: bytes, name: str, media_type: str, shown: bool, sandbox: bool
) -> None:
    file = by_agent(chat["agent"], content, name)
    browser = signed_in(chat["agent"].user)
    answer = fetch(browser, at_console(file))
    assert answer.headers["Content-Type"] == media_type
    how = "inline" if shown else "attachment"
    assert answer.headers["Content-Disposition"] == f'{how}; filename="{name}"'
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert ("sandbox" in policy) == sandbox
    assert "script" not in policy
    saved = fetch(browser, at_console(file, "?download"))
    assert saved.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_name_is_no_way_into_a_header(chat: dict[str, Any]) -> None:
    file = by_agent(chat["agent"], PDF, 'x"; evil=\r\nSet-Cookie: a=b; ünï.pdf')
    answer = fetch(signed_in(chat["agent"].user), at_console(file))
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=utf-8''x_%3B%20evil%3D")


def test_it_is_asked_for_again_each_time_and_sent_once(chat: dict[str, Any]) -> None:
    browser, (sent, _got) = signed_in(chat["agent"].user), chat["files"]
    tag = fetch(browser, at_console(sent)).headers["ETag"]
    again = fetch(browser, at_console(sent), headers={"if-none-match": tag})
    assert (again.status_code, again.body) == (304, b"")
    assert fetch(browser, at_console(sent, "small/")).headers["ETag"] != tag
    stranger = signed_in(make_agent(available=False).user)
    assert fetch(stranger, at_console(sent), headers={"if-none-match": tag}).status_code == 404


def test_nobody_else(chat: dict[str, Any], globex: Any, acme: Any) -> None:
    """TEN-1, TEN-2, TEN-5, TEN-6: nobody, a colleague, another browser, another tenant, a frozen one."""
    sent, _got = chat["files"]
    nobody, mine = Browser("acme.localhost"), signed_in(chat["agent"].user)
    assert fetch(nobody, at_console(sent)).status_code == 302
    assert fetch(signed_in(make_agent(available=False).user), at_console(sent)).status_code == 404
    assert fetch(nobody, in_widget(uuid4(), sent)).status_code == 404
    key = file_key_make(chat["visitor"].pk)
    for wrong in ("x", key[:-1], f"{key}x", "a:b:c"):
        assert fetch(nobody, f"/widget/files/{wrong}/{sent.pk}/").status_code == 404
    with tenant_context(globex):
        theirs = signed_in(make_agent().user, "globex.localhost")
        foreign = file_key_make(chat["visitor"].pk)
    assert fetch(theirs, at_console(sent)).status_code == 404
    assert fetch(Browser("globex.localhost"), f"/widget/files/{foreign}/{sent.pk}/").status_code == 404
    assert fetch(nobody, f"/widget/files/{foreign}/{sent.pk}/").status_code == 404
    address = in_widget(chat["visitor"].pk, sent)
    assert fetch(nobody, address).status_code == 200
    tenant_freeze(tenant=acme, frozen=True)
    assert {fetch(mine, at_console(sent)).status_code, fetch(nobody, address).status_code} == {503}


def test_an_old_key_opens_nothing(chat: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    address = in_widget(chat["visitor"].pk, chat["files"][0])
    monkeypatch.setattr("apps.chat.tokens.FILE_SECONDS", -1)
    assert Browser("acme.localhost").get(address).status_code == 404


def test_who_was_deactivated_gets_nothing(chat: dict[str, Any]) -> None:
    other = make_agent(available=False)
    file = by_agent(other)
    browser = signed_in(other.user)
    assert fetch(browser, at_console(file)).status_code == 200
    user_deactivate(user=other.user, actor=None)
    assert fetch(browser, at_console(file)).status_code == 302


def test_an_upload_that_is_not_ready_is_not_there(chat: dict[str, Any]) -> None:
    from apps.files.actions import upload_announce

    agent = chat["agent"]
    file = upload_announce(name="a.pdf", size=9, uploader=Uploader(user_id=agent.pk), scope=None)
    assert fetch(signed_in(agent.user), at_console(file)).status_code == 404


def test_sent_files_are_served_in_pieces_under_asgi(chat: dict[str, Any]) -> None:
    """No file is read into memory as a whole."""
    import asyncio

    from django.test import RequestFactory

    from apps.files.downloads import file_response

    request: Any = RequestFactory().get("/")
    request.scope = {}
    file = by_agent(chat["agent"], b"x" * 600_000, "a.txt")
    say(chat["conversation"], file, actor=chat["agent"].user)
    response: Any = file_response(request, file)

    async def read() -> list[int]:
        return [len(piece) async for piece in response]

    assert response.headers["Content-Length"] == "600000"
    assert asyncio.run(read()) == [262_144, 262_144, 75_712]
