"""TEN-2: the operators' admin, on a host of its own."""

from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from apps.accounts.actions import user_deactivate, user_delete
from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.tenants.actions import tenant_set_hosts
from apps.tenants.models import Tenant
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import PASSWORD, make_operator


@pytest.fixture
def console(acme: Any) -> Browser:
    """An operator's browser."""
    return signed_in(make_operator(), "localhost")


def test_ten_2_an_operator_opens_every_page(console: Browser, acme: Any) -> None:
    assert console.get("/")["Location"] == "/admin/"
    with schema_context("public"):
        person = User.objects.get()
    for path in (
        "/admin/",
        "/admin/tenants/tenant/",
        f"/admin/tenants/tenant/{acme.pk}/change/",
        f"/admin/tenants/tenant/{acme.pk}/history/",
        "/admin/accounts/user/",
        "/admin/accounts/user/add/",
        f"/admin/accounts/user/{person.pk}/change/",
        f"/admin/accounts/user/{person.pk}/delete/",
        "/admin/search/?s=a",
        "/admin/jsi18n/",
        "/password/",
    ):
        assert console.get(path).status_code == 200, path
    assert console.get("/admin/tenants/tenant/add/").status_code == 403
    assert console.get(f"/admin/tenants/tenant/{acme.pk}/delete/").status_code == 403
    assert console.get("/admin/queues/queue/").status_code == 404


def test_ten_1_a_tenants_owner_is_nobody_here(acme: Any) -> None:
    owner = user_as("owner")
    here = signed_in(owner)
    there = Browser("localhost")
    there.steal_cookies(here)
    assert there.get("/admin/tenants/tenant/").status_code == 302
    assert there.sign_in(owner).status_code == 200


def test_ten_1_an_operator_is_nobody_at_a_tenants(console: Browser, acme: Any) -> None:
    there = Browser("acme.localhost")
    there.steal_cookies(console)
    assert there.get("/admin/").status_code == 302
    assert there.post("/signin/", {"username": "op@parley.test", "password": PASSWORD}).status_code == 200


def test_ten_2_a_tenant_is_frozen_and_served_again(console: Browser, acme: Any) -> None:
    page = f"/admin/tenants/tenant/{acme.pk}"
    form = {"name": "Acme & Co", "hosts": "acme.localhost\r\nchat.acme.example"}
    assert console.post(f"{page}/change/", form).status_code == 302
    assert console.post(f"{page}/freeze/", {"post": "yes"}).status_code == 302
    tenant = Tenant.objects.get(pk=acme.pk)
    assert (tenant.name, tenant.is_frozen) == ("Acme & Co", True)
    assert Browser("chat.acme.example").get("/signin/").status_code == 503
    assert console.post(f"{page}/unfreeze/", {"post": "yes"}).status_code == 302
    assert Browser("chat.acme.example").get("/signin/").status_code == 200


def test_ten_2_a_wrong_host_is_an_error_of_the_form(console: Browser, acme: Any, globex: Any) -> None:
    page = f"/admin/tenants/tenant/{acme.pk}/change/"
    for wrong, why in (("globex.localhost", "Another tenant"), ("a b!", "host name"), ("x.test:80", "without port")):
        answer = console.post(page, {"name": "Acme", "hosts": wrong})
        assert answer.status_code == 200
        assert why in answer.content.decode(), wrong
    assert [domain.domain for domain in Tenant.objects.get(pk=acme.pk).domains.all()] == ["acme.localhost"]
    with schema_context("public"), pytest.raises(DomainError, match="host_missing"):
        tenant_set_hosts(tenant=acme, hosts=[])


def test_ten_7_operators_come_and_go_but_never_themselves(console: Browser) -> None:
    form = {"first_name": "Second", "email": "second@parley.test", "time_zone": "UTC", "is_active": "on"}
    answer = console.post("/admin/accounts/user/add/", form | {"new_password": "a-long-phrase-of-theirs"})
    assert answer.status_code == 302
    with schema_context("public"):
        first, second = User.objects.order_by("created_at")
        assert (second.is_operator, second.role) == (True, None)
        for leave in (user_deactivate, user_delete):
            with pytest.raises(DomainError, match="not_yourself"):
                leave(user=first, actor=first)
    other = signed_in_as(second)
    form.pop("is_active")
    assert console.post(f"/admin/accounts/user/{second.pk}/change/", form).status_code == 302
    assert other.get("/admin/").status_code == 302
    assert console.post(f"/admin/accounts/user/{second.pk}/delete/", {"post": "yes"}).status_code == 302
    with schema_context("public"):
        assert User.objects.filter(deleted_at=None).count() == 1
    assert connection.schema_name == "acme"


def signed_in_as(user: User) -> Browser:
    browser = Browser("localhost")
    assert browser.sign_in(user, "a-long-phrase-of-theirs")["Location"] == "/admin/"
    return browser
