"""TEN-2, TEN-3: a tenant's life by management commands."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_tenants.utils import schema_context, tenant_context

from apps.accounts.models import Role, User
from apps.accounts.permissions import OPERATOR
from apps.agents.models import Agent, AgentGroup, Status
from apps.dispositions.models import CodeSet
from apps.queues.models import HoursProfile, Queue, Skill
from apps.tenants import seeds
from apps.tenants.actions import tenant_seed, tenants_seed
from apps.tenants.models import AppliedSeed, Domain, Tenant
from tests.support.browser import Browser

NEW = {"schema": "initech", "hosts": ["initech.localhost", "help.initech.example"], "owner-email": "bo@initech.test"}


def run(*arguments: Any, **options: Any) -> str:
    out = StringIO()
    with schema_context("public"):
        call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def create(name: str, **options: Any) -> str:
    chosen = NEW | options
    arguments = [f"--{key}={value}" for key, value in chosen.items() if key != "hosts"]
    return run("tenant_create", name, *arguments, *(f"--host={host}" for host in chosen["hosts"]))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_3_a_new_tenant_can_be_used_at_once(acme: Any) -> None:
    with pytest.raises(CommandError, match="not a time zone"):
        create("Initech", **{"time-zone": "Mars/Olympus"})
    told = create("Initech", **{"time-zone": "Europe/Madrid"})
    password = re.search(r"^Password: (\S{15,})$", told, re.MULTILINE)
    assert password is not None
    browser = Browser("help.initech.example")
    answer = browser.post("/signin/", {"username": "bo@initech.test", "password": password[1]})
    assert answer["Location"] == "/console/"
    assert browser.get("/admin/").status_code == 200
    tenant = Tenant.objects.get(schema_name="initech")
    assert tenant.get_primary_domain().domain == "initech.localhost"
    with tenant_context(tenant):
        assert (User.objects.get().role.code, User.objects.get().time_zone) == ("owner", "Europe/Madrid")
        assert HoursProfile.objects.get().time_zone == "Europe/Madrid"
        assert Agent.objects.count() == 1
        assert Queue.objects.get(is_default=True).is_active
        assert Skill.objects.exists()
        assert CodeSet.objects.get(name="Resolution").codes.count() == 3
        assert Status.objects.filter(is_stock=True).count() == 7
        assert Role.objects.filter(is_stock=True).exclude(code=OPERATOR).count() == 4
        assert AgentGroup.objects.filter(is_stock=True).count() == 2
    with pytest.raises(CommandError, match="exists already"):
        create("Initech")
    with pytest.raises(CommandError, match="exists already"):
        create("Other", schema="other")


def test_ten_2_what_is_wrong_is_said_before_anything_is_made(acme: Any, monkeypatch: Any) -> None:
    for wrong in (
        {"schema": "Has-Capitals"},
        {"schema": "public"},
        {"schema": "pg_initech"},
        {"hosts": ["no host"]},
        {"hosts": ["with.port:80"]},
        {"owner-email": "nobody"},
    ):
        with pytest.raises(CommandError):
            create("Initech", **wrong)
    monkeypatch.setenv("PARLEY_OWNER_PASSWORD", "short")
    with pytest.raises(CommandError, match="too short"):
        create("Initech")
    assert not Tenant.objects.filter(name="Initech").exists()
    assert Domain.objects.count() == 2


def test_ten_2_freezing_and_unfreezing(acme: Any, globex: Any) -> None:
    assert "is frozen" in run("tenant_freeze", "acme")
    assert Browser("acme.localhost").get("/signin/").status_code == 503
    assert Browser("globex.localhost").get("/signin/").status_code == 200
    assert "is not frozen" in run("tenant_unfreeze", "acme")
    assert Browser("acme.localhost").get("/signin/").status_code == 200
    with pytest.raises(CommandError, match="no tenant nobody"):
        run("tenant_freeze", "nobody")


def test_ten_3_what_a_later_version_adds_reaches_tenants_that_exist(acme: Any, globex: Any, monkeypatch: Any) -> None:
    with schema_context("public"):
        assert tenants_seed() == {}
    calls: list[str] = []

    def add() -> None:
        calls.append(connection.schema_name)

    add.__module__ = "apps.chat.seeds"
    monkeypatch.setattr(seeds, "_seeds", seeds.registered_seeds() | {"chat.later": add})
    with schema_context("public"):
        assert tenants_seed() == {"acme": ["chat.later"], "globex": ["chat.later"]}
        assert tenants_seed() == {}
    assert sorted(calls) == ["acme", "globex"]


def test_ten_3_what_was_deleted_does_not_come_back(acme: Any) -> None:
    Skill.objects.all().delete()
    assert tenant_seed(tenant=acme) == []
    assert not Skill.objects.exists()


def test_ten_3_a_seed_that_fails_is_not_noted(acme: Any, monkeypatch: Any) -> None:
    def fail() -> None:
        Queue.objects.create(name="Half made")
        raise RuntimeError("no")

    fail.__module__ = "apps.chat.seeds"
    monkeypatch.setattr(seeds, "_seeds", seeds.registered_seeds() | {"chat.fails": fail})
    with pytest.raises(RuntimeError):
        tenant_seed(tenant=acme)
    assert not AppliedSeed.objects.filter(name="chat.fails").exists()
    assert not Queue.objects.filter(name="Half made").exists()


def test_ten_3_seeds_run_in_the_order_of_the_layers() -> None:
    order = [name.split(".")[0] for name in seeds.registered_seeds()]
    places = [order.index(app) for app in ("accounts", "queues", "agents", "routing", "dispositions", "chat")]
    assert places == sorted(places)
