"""Which schemas lack something that migrating brings, told by what they have recorded, for hundreds in one query."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

AT_ONCE = 200
"""Schemas in one query: it holds a lock of each table that it reads."""

_EMPTY = """
SELECT nspname FROM pg_namespace n
WHERE nspname = ANY(%s) AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid)
"""
_WITH_TABLES = """
SELECT nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
WHERE nspname = ANY(%s) AND relname IN ('django_migrations', 'django_content_type', 'auth_permission')
GROUP BY nspname HAVING count(*) = 3
"""
_RECORDED = """
SELECT {name}, app || '.' || name FROM {schema}.django_migrations
"""
_ALLOWED = """
SELECT {name}, app_label || '.' || model || '.' || codename
FROM {schema}.auth_permission p JOIN {schema}.django_content_type t ON t.id = p.content_type_id
"""
_COMPLETE = """
SELECT schema FROM (SELECT DISTINCT schema, item FROM ({each}) AS each (schema, item) WHERE item = ANY(%s)) AS found
GROUP BY schema HAVING count(*) = %s
"""


def empty_schemas(schemas: Iterable[str]) -> list[str]:
    """Those of some schemas that exist and hold nothing at all."""
    return _names(_EMPTY, [list(schemas)])


def schemas_behind(schemas: Iterable[str]) -> list[str]:
    """Those of some schemas that migrating would change, in their order.

    A schema is current when it has recorded every migration of the code, and holds the permissions that come after the
    last one: a run that was killed between the two is finished by the next.
    """
    asked = list(schemas)
    parts = [asked[start : start + AT_ONCE] for start in range(0, len(asked), AT_ONCE)]
    current = {name for part in parts for name in _current(part)}
    return [name for name in asked if name not in current]


def _current(schemas: list[str]) -> set[str]:
    with_tables = _names(_WITH_TABLES, [schemas])
    migrated = _complete(_RECORDED, with_tables, _migrations())
    return set(_complete(_ALLOWED, migrated, _permissions()))


def _complete(select: str, schemas: list[str], items: list[str]) -> list[str]:
    """Those in which a select finds all of these items."""
    if not schemas:
        return []
    each = [sql.SQL(select).format(name=sql.Literal(name), schema=sql.Identifier(name)) for name in schemas]
    statement = sql.SQL(_COMPLETE).format(each=sql.SQL(" UNION ALL ").join(each))
    return _names(statement.as_string(), [items, len(items)])


def _names(statement: str, parameters: list[Any]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [name for (name,) in cursor.fetchall()]


def _migrations() -> list[str]:
    """Every migration of the code: each schema records all, whichever apps have tables in it."""
    return [f"{label}.{name}" for label, name in MigrationLoader(None).disk_migrations]


def _permissions() -> list[str]:
    return sorted(set(_permission_names()))


def _permission_names() -> Iterator[str]:
    for model in apps.get_models():
        options = model._meta  # noqa: SLF001
        own = [codename for codename, _name in options.permissions]
        for codename in [*(get_permission_codename(action, options) for action in options.default_permissions), *own]:
            yield f"{options.app_label}.{options.model_name}.{codename}"
