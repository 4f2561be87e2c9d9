"""OPS-3: an upgrade migrates the schemas that lack something, and no others."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.migration_executors import standard
from django_tenants.utils import schema_context

from apps.tenants.actions import migrate_all
from apps.tenants.migration_state import empty_schemas, schemas_behind

ALL = ["public", "acme", "globex"]


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The schemas that are handed to Django's migrations."""
    names: list[str] = []
    monkeypatch.setattr(
        standard, "run_migrations", lambda _args, _options, _codename, schema_name, **_: names.append(schema_name)
    )
    return names


def change(statement: str) -> None:
    with schema_context("acme"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_ops_3_with_nothing_to_do_nothing_is_migrated(acme: Any, migrated: list[str]) -> None:
    with schema_context("public"):
        migrate_all()
    assert migrated == []


@pytest.mark.parametrize(
    "loss",
    [
        "DELETE FROM django_migrations WHERE app = 'chat' AND name = '0001_initial'",
        "DROP TABLE django_migrations",
        "DELETE FROM auth_permission WHERE codename = 'add_conversation'",  # killed after the last migration
    ],
    ids=["migration", "table", "permission"],
)
def test_ops_3_what_a_schema_lacks_is_migrated_in_it_alone(acme: Any, migrated: list[str], loss: str) -> None:
    change(loss)
    with schema_context("public"):
        migrate_all()
    assert migrated == ["acme"]


def test_ops_3_what_a_newer_version_recorded_is_no_reason_to_migrate(acme: Any) -> None:
    change("INSERT INTO django_migrations (app, name, applied) VALUES ('chat', '9999_later', now())")
    assert schemas_behind(ALL) == []


def test_ops_3_a_schema_without_tables_or_none_at_all_is_behind(acme: Any) -> None:
    change("CREATE SCHEMA bare")
    assert schemas_behind([*ALL, "bare", "missing"]) == ["bare", "missing"]
    assert empty_schemas([*ALL, "bare", "missing"]) == ["bare"]


def test_ops_3_all_schemas_are_asked_at_once(acme: Any) -> None:
    assert schemas_behind(["acme"]) == []
    counts = []
    for schemas in (["acme"], ALL):
        with CaptureQueriesContext(connection) as queries:
            assert schemas_behind(schemas) == []
        counts.append(len(queries))
    assert counts == [3, 3]


@pytest.mark.parametrize(
    "options", [{"fake": True}, {"prune": True}, {"check_unapplied": True}, {"plan": True}], ids=str
)
def test_ops_3_whoever_asks_for_something_else_gets_that(
    acme: Any, migrated: list[str], options: dict[str, bool]
) -> None:
    with schema_context("public"):
        call_command("migrate_schemas", verbosity=0, **options)
    assert migrated == ALL
