"""TEN-3: a schema that is made of the recorded structure is one that was migrated."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from apps.tenants.structure import Structure, is_usable, migration_digests, structure_read
from tests.support.catalogs import catalog_of, filled_tables


def make_schema(name: str, **options: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {name}")
    call_command("migrate_schemas", schema_name=name, verbosity=0, **options)
    connection.set_schema("public")


def test_the_recorded_structure_is_of_the_migrations_that_there_are() -> None:
    assert structure_read().digests == migration_digests(), "make structure writes it anew"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("public", ["public", "migrated"], ids=["tenant", "public"])
def test_ten_3_a_schema_of_the_structure_is_one_that_was_migrated(public: str, settings: Any) -> None:
    settings.PUBLIC_SCHEMA_NAME = public  # which of the apps have their tables in the schema
    found = []
    for options in ({"executor": "standard"}, {}):
        make_schema("migrated", **options)
        found.append((catalog_of("migrated"), filled_tables("migrated")))
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA migrated CASCADE")
    (migrated, filled), (replayed, filled_too) = found
    assert len(migrated["columns"]) > 30
    assert {kind: set(rows) ^ set(replayed[kind]) for kind, rows in migrated.items() if rows != replayed[kind]} == {}
    assert filled_too == filled


def test_a_file_that_knows_another_text_of_a_migration_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    known = structure_read()
    assert is_usable(known)
    assert is_usable(Structure({key: known.digests[key] for key in list(known.digests)[:-1]}, known.parts))
    assert is_usable(Structure(known.digests | {("of_an_app_that_is_not_installed", "0001_initial"): "-"}, known.parts))
    assert not is_usable(Structure(known.digests | {("chat", "0001_initial"): "-"}, known.parts))
    assert not is_usable(Structure(known.digests | {("chat", "9999_gone"): "-"}, known.parts))
