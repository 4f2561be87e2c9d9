"""Migrations are skipped only while nothing has changed on either side."""

from pathlib import Path

import pytest

from config.local import schema
from config.local.state import read_state
from tests.local.stack import Stack

TABLE = "django_migrations (id serial, name text)"


@pytest.mark.slow
def test_any_change_calls_for_migrations(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migration = tmp_path / "apps" / "chat" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("first")
    monkeypatch.setattr(schema, "ROOT", tmp_path)
    stack.start()
    note, url = tmp_path / "note", read_state(stack.directory)["database_url"]
    assert not schema.is_current(note, url)

    def changed(statement: str) -> bool:
        schema.remember(note, url)
        assert schema.is_current(note, url)
        with stack.connect() as connection:
            connection.execute(statement)
        return not schema.is_current(note, url)

    assert changed(f"create table {TABLE}")
    assert changed("insert into django_migrations (name) values ('0001'), ('0002')")
    assert changed("delete from django_migrations where name = '0001'")
    assert changed(f"create schema acme create table {TABLE}")
    assert changed("insert into acme.django_migrations (name) values ('0001')")
    assert not changed("create table unrelated ()")
    schema.remember(note, url)
    migration.write_text("second")
    assert not schema.is_current(note, url)
