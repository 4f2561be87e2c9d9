"""Whether migrations have anything to do, told without starting Django.

They have nothing to do when neither the code's migrations nor the migrations that any schema has recorded have
changed since they last succeeded. Both halves matter: somebody may migrate by hand, restore a dump or add a tenant.
"""

import hashlib
import os
from pathlib import Path

from config.local.state import ROOT

SOURCES = ("apps/**/migrations/*.py", "config/settings/**/*.py", "requirements/*.txt")
TABLES = """
    select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname = 'django_migrations' and c.relkind = 'r' order by 1
"""


def fingerprint(database_url: str) -> str:
    """Return a digest of the code's migrations and of those that the database's schemas have recorded."""
    digest = hashlib.sha256(os.environ.get("DJANGO_SETTINGS_MODULE", "").encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    digest.update(_recorded(database_url).encode())
    return digest.hexdigest()


def _recorded(database_url: str) -> str:
    import psycopg  # loaded here, as most commands don't need it
    from psycopg import sql

    with psycopg.connect(database_url, autocommit=True) as connection:
        schemas = [row[0] for row in connection.execute(TABLES)]
        counts = [
            connection.execute(
                sql.SQL("select count(*), max(id) from {}").format(sql.Identifier(schema, "django_migrations"))
            ).fetchone()
            for schema in schemas
        ]
        # Tells a database that was dropped and made anew from its predecessor.
        identity = connection.execute(
            "select system_identifier, oid from pg_control_system(), pg_database where datname = current_database()"
        ).fetchone()
    return repr((identity, list(zip(schemas, counts, strict=True))))


def is_current(note: Path, database_url: str) -> bool:
    """Tell whether nothing has changed since `remember` wrote its note."""
    return note.exists() and note.read_text() == fingerprint(database_url)


def remember(note: Path, database_url: str) -> None:
    """Note that the migrations have just succeeded."""
    note.write_text(fingerprint(database_url))
