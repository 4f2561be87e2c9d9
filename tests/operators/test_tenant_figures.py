"""TEN-2: what operators see of a tenant's size, version and use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context, tenant_context

from apps.operators.selectors import tenant_figures, tenant_file_bytes
from apps.tenants.models import Tenant
from tests.support.browser import Browser, signed_in, user_as
from tests.support.media import media_in
from tests.support.people import make_operator

pytestmark = pytest.mark.django_db


def test_figures_are_those_of_each_tenant(acme: Any, globex: Any) -> None:
    user_as("owner")
    user_as("agent", is_active=False)
    with schema_context("public"):
        figures = tenant_figures([acme, globex])
    assert (figures["acme"].users, figures["globex"].users) == (1, 0)
    assert figures["acme"].database_bytes > 1_000_000
    assert not figures["acme"].is_behind


def test_a_tenant_that_an_upgrade_has_not_reached_is_behind(acme: Any, globex: Any) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="queues").delete()
    with schema_context("public"):
        figures = tenant_figures([acme, globex])
    assert figures["acme"].is_behind
    assert not figures["globex"].is_behind


def test_ten_tenants_take_no_more_queries_than_one(acme: Any, globex: Any) -> None:
    with schema_context("public"):
        tenant_figures([acme])  # the connection finds its way
        counts = []
        for tenants in ([acme], [acme, globex]):
            with CaptureQueriesContext(connection) as queries:
                tenant_figures(tenants)
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_tenant_without_a_schema_is_listed_all_the_same(acme: Any) -> None:
    console = signed_in(make_operator(), "localhost")
    with schema_context("public"):
        lost = Tenant.objects.create(name="Lost & Co", schema_name="lost")
        assert tenant_figures([lost]) == {}
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA lost")  # as while it is being made
        assert tenant_figures([lost]) == {}
    page = console.get("/admin/tenants/tenant/").content.decode()
    assert "Lost &amp; Co" in page
    assert "No schema" in page
    assert console.get(f"/admin/tenants/tenant/{lost.pk}/change/").status_code == 200


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Iterator[Path]:
    yield from media_in(settings, tmp_path)


@pytest.mark.usefixtures("media")
def test_files_are_those_of_the_tenant(acme: Any, globex: Any) -> None:
    with tenant_context(globex):
        default_storage.save("theirs.txt", ContentFile(b"x" * 500))
    default_storage.save("ours.txt", ContentFile(b"x" * 1000))
    with schema_context("public"):
        assert tenant_file_bytes(acme) - tenant_file_bytes(globex) == 500


def test_an_operator_never_sees_who_or_what(acme: Any) -> None:
    owner = user_as("owner", first_name="Zebedee")
    console: Browser = signed_in(make_operator(), "localhost")
    page = console.get(f"/admin/tenants/tenant/{acme.pk}/change/").content.decode()
    assert "Up to date" in page
    assert owner.first_name not in page
    assert owner.email not in page
