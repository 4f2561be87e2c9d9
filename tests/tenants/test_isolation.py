"""TEN-1: nothing of one tenant is reachable from another."""

from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.queues.models import Queue
from apps.tenants.actions import tenant_freeze
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import PASSWORD


@pytest.fixture
def twins(acme: Any, globex: Any) -> tuple[User, User]:
    """Two users of the same name, key and password, one in each tenant."""
    mine = user_as("owner", email="twin@both.test")
    with tenant_context(globex):
        theirs = user_as("owner", email="twin@both.test", id=mine.pk)
    return mine, theirs


def test_ten_1_a_session_is_worth_nothing_elsewhere(twins: tuple[User, User]) -> None:
    here = signed_in(twins[0])
    there = Browser("globex.localhost")
    there.steal_cookies(here)
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302
    assert here.get("/admin/").status_code == 200


def test_ten_1_cookies_are_for_one_host(twins: tuple[User, User]) -> None:
    browser = Browser("acme.localhost")
    browser.get("/signin/")
    browser.sign_in(twins[0])
    assert {"parley_session", "parley_csrf"} <= set(browser.client.cookies)
    for cookie in browser.client.cookies.values():
        assert cookie["domain"] == ""
        assert cookie["samesite"] == "Lax"
    assert browser.client.cookies["parley_session"]["httponly"]


def test_ten_1_a_password_opens_one_tenant(acme: Any, globex: Any) -> None:
    user_as("owner", email="only@acme.test")
    form = {"username": "only@acme.test", "password": PASSWORD}
    assert Browser("globex.localhost").post("/signin/", form).status_code == 200
    assert Browser("localhost").post("/signin/", form).status_code == 200
    assert Browser("acme.localhost").post("/signin/", form).status_code == 302


def test_ten_1_rows_are_found_by_their_own_tenant_alone(twins: tuple[User, User], globex: Any) -> None:
    queue = Queue.objects.create(name="Ours alone")
    with tenant_context(globex):
        theirs = signed_in(twins[1], "globex.localhost")
    for name in ("change", "delete", "history"):
        assert theirs.get(f"/admin/queues/queue/{queue.pk}/{name}/").status_code == 302
    assert b"Ours alone" not in theirs.get("/admin/queues/queue/").content
    assert b"Ours alone" not in theirs.get("/admin/search/?s=ours").content
    assert Queue.objects.filter(pk=queue.pk).exists()


def test_ten_1_files_live_in_a_folder_of_their_tenant(acme: Any, globex: Any, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    storage = default_storage.__class__()
    name = storage.save("note.txt", ContentFile(b"ours"))
    with tenant_context(globex):
        assert not storage.exists(name)
        storage.save("note.txt", ContentFile(b"theirs"))
    assert storage.open(name).read() == b"ours"
    assert {path.parent.name for path in tmp_path.rglob("note.txt")} == {"acme", "globex"}
    with pytest.raises(Exception, match=r"traversal|outside"):
        storage.open("../globex/note.txt")


def test_ten_1_there_is_no_address_for_media(acme: Any) -> None:
    for path in ("/media/", "/tenants/acme/pictures/x.webp", "/pictures/../../globex/x.webp", "/pictures/x.webp"):
        assert Browser("acme.localhost").get(path).status_code == 404


def test_ten_1_cache_keys_carry_the_tenant(acme: Any, globex: Any) -> None:
    cache.set("shared", "ours", 30)
    with tenant_context(globex):
        assert cache.get("shared") is None
        cache.set("shared", "theirs", 30)
    assert cache.get("shared") == "ours"
    cache.delete("shared")
    with tenant_context(globex):
        assert cache.get("shared") == "theirs"
        cache.delete("shared")


@pytest.mark.django_db(transaction=True)
def test_ten_1_content_types_are_remembered_by_tenant(acme: Any, globex: Any) -> None:
    with tenant_context(globex):
        ContentType.objects.get_for_model(Queue)
        ContentType.objects.filter(model="queue").update(app_label="moved")
        moved = ContentType.objects.create(app_label="queues", model="queue")
        ContentType.objects._cache.pop("globex", None)
    wrong: list[tuple[str, int]] = []

    def ask(tenant: Any, right: int) -> None:
        with tenant_context(tenant):
            for _ in range(50):
                found = ContentType.objects.get_for_model(Queue).pk
                if found != right:
                    wrong.append((tenant.schema_name, found))
        connection.close()

    ours = ContentType.objects.get_for_model(Queue).pk
    assert ours != moved.pk
    threads = [Thread(target=ask, args=pair) for pair in ((acme, ours), (globex, moved.pk)) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ContentType.objects._cache.pop("globex", None)
    assert wrong == []


# --- Hosts


@pytest.mark.parametrize(
    "path", ["/", "/signin/", "/admin/", "/static/css/none.css", "/favicon.ico", "/api/v1/", "/ws/console/"]
)
def test_ten_1_an_unknown_host_gets_a_plain_404(acme: Any, path: str) -> None:
    for host in ("nowhere.localhost", "www.acme.localhost", "acme.localhost.evil.example", "acme_localhost"):
        answer = Browser(host).get(path)
        assert answer.status_code == 404, host
        assert not answer.cookies
        assert b"acme" not in answer.content.lower()


def test_ten_1_a_host_is_known_whatever_its_case_port_or_last_dot(acme: Any) -> None:
    for host in ("ACME.localhost", "acme.localhost:8000", "acme.localhost."):
        assert Browser(host).get("/signin/").status_code == 200, host


@pytest.mark.parametrize("host", ["acme.localhost/../x", "acme localhost", "[::1", "a" * 300, ""])
def test_ten_1_a_malformed_host_is_no_error(acme: Any, host: str) -> None:
    assert Browser(host).get("/").status_code in {400, 404}


def test_ten_1_each_host_has_its_own_pages(acme: Any) -> None:
    assert Browser("acme.localhost").get("/")["Location"] == "/console/"
    assert Browser("localhost").get("/")["Location"] == "/admin/"
    assert Browser("localhost").get("/console/").status_code == 404


def test_ten_1_what_a_company_lacks_is_said_by_that_company(acme: Any) -> None:
    acme.name = "Acme & Sons"
    acme.save()
    answer = Browser("acme.localhost").get("/none/")
    assert answer.status_code == 404
    assert "Acme &amp; Sons" in answer.text
    assert "Parley" not in answer.text


# --- Frozen


def test_ten_2_a_frozen_tenant_says_so_and_keeps_its_data(twins: tuple[User, User], acme: Any, globex: Any) -> None:
    here = signed_in(twins[0])
    tenant_freeze(tenant=acme, frozen=True)
    for path in ("/", "/signin/", "/console/", "/admin/", "/widget.js", "/pictures/x.webp"):
        answer = here.get(path)
        assert answer.status_code == 503, path
        assert b"is paused" in answer.content
    assert here.post("/signin/", {"username": "twin@both.test", "password": PASSWORD}).status_code == 503
    with tenant_context(globex):
        assert signed_in(twins[1], "globex.localhost").get("/admin/").status_code == 200
    tenant_freeze(tenant=acme, frozen=False)
    assert here.get("/admin/").status_code == 200
    assert User.objects.filter(pk=twins[0].pk).exists()
