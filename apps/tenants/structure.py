"""The tables of a schema as SQL that was recorded: a new schema is made of it at once, not by a hundred migrations.

`make structure` writes `structure.sql`: what the migrations of all apps leave behind in an empty schema, in an order in
which it can be made. Migrations stay the truth: what the file does not know yet is migrated afterwards, and a file that
knows another text of a migration than there is is not used at all.
"""

import hashlib
import inspect
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connection, router
from django.db.migrations.loader import MigrationLoader

FILE = Path(__file__).with_name("structure.sql")
Key = tuple[str, str]
"""A migration: the app's label and its name."""
_MIGRATION, _APP = "-- migration: ", "-- app: "


@dataclass(frozen=True)
class Structure:
    """What the file says.

    Attributes:
        digests: of the text of each migration that the file holds the outcome of.
        parts: an app's label and statements of its, in the order in which they can be run.
    """

    digests: dict[Key, str]
    parts: list[tuple[str, str]]


def structure_read() -> Structure:
    """Read the file."""
    digests: dict[Key, str] = {}
    parts: list[tuple[str, str]] = []
    for line in FILE.read_text().splitlines(keepends=True):
        if line.startswith(_MIGRATION):
            label, name, digest = line.removeprefix(_MIGRATION).split()
            digests[label, name] = digest
        elif line.startswith(_APP):
            parts.append((line.removeprefix(_APP).strip(), ""))
        elif parts:
            parts[-1] = (parts[-1][0], parts[-1][1] + line)
    return Structure(digests, parts)


def migration_digests() -> dict[Key, str]:
    """The digest of the text of every migration of the installed apps."""
    migrations = MigrationLoader(None).disk_migrations
    return {key: _digest(type(migration)) for key, migration in migrations.items()}


def _digest(migration: type) -> str:
    return hashlib.sha256(Path(inspect.getfile(migration)).read_bytes()).hexdigest()[:16]


def is_usable(structure: Structure) -> bool:
    """Tell whether the file holds the outcome of migrations as they are, of the installed apps."""
    there = migration_digests()
    return all(there.get(key) == structure.digests[key] for key in recorded_migrations(structure))


def recorded_migrations(structure: Structure) -> list[Key]:
    """The migrations of installed apps whose outcome the file holds: each schema records all of them."""
    labels = {each.label for each in apps.get_app_configs()}
    return [key for key in structure.digests if key[0] in labels]


def structure_statements(structure: Structure) -> str:
    """What makes the tables of the current schema: statements of the apps that have theirs in it."""
    labels = {each.label for each in apps.get_app_configs()}
    here = {label for label in labels if router.allow_migrate(connection.alias, label)}
    return "".join(statements for label, statements in structure.parts if label in here)
