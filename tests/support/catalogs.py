"""All that PostgreSQL's catalogs say of a schema, in a form in which two schemas can be compared."""

from typing import Any

from django.db import connection

_RELATIONS = """
SELECT c.relname, c.relkind, c.relpersistence, c.reloptions, c.relacl::text, obj_description(c.oid)
FROM pg_class c WHERE c.relnamespace = %s::regnamespace
"""
_COLUMNS = """
SELECT c.relname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
       format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
       a.attcollation::regcollation::text, a.attstorage, a.attcompression, pg_get_expr(d.adbin, d.adrelid)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, contype, condeferrable, condeferred, convalidated, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = %s::regnamespace
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisunique, i.indisprimary, i.indisvalid
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = %s::regnamespace
"""
_TRIGGERS = """
SELECT t.tgname, t.tgenabled, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal
"""
_FUNCTIONS = "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = %s::regnamespace"
_SEQUENCES = """
SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle, cache_size,
       pg_get_serial_sequence(d.refobjid::regclass::text, a.attname)
FROM pg_sequences s
JOIN pg_class c ON c.relname = s.sequencename AND c.relnamespace = s.schemaname::regnamespace
LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE s.schemaname = %s
"""
_TYPES = """
SELECT t.typname, t.typtype FROM pg_type t
WHERE t.typnamespace = %s::regnamespace AND t.typrelid = 0 AND t.typelem = 0
"""
_QUERIES = {
    "relations": _RELATIONS,
    "columns": _COLUMNS,
    "constraints": _CONSTRAINTS,
    "indexes": _INDEXES,
    "triggers": _TRIGGERS,
    "functions": _FUNCTIONS,
    "sequences": _SEQUENCES,
    "types": _TYPES,
}
_CONTENTS = {
    "migrations": "SELECT DISTINCT app, name FROM {}.django_migrations",
    "content types": "SELECT app_label, model FROM {}.django_content_type",
    "permissions": (
        "SELECT t.app_label, t.model, p.codename, p.name FROM {0}.auth_permission p"
        " JOIN {0}.django_content_type t ON t.id = p.content_type_id"
    ),
}

_FIRST = "SELECT 1 FROM {}.{} LIMIT 1"


def catalog_of(schema_name: str) -> dict[str, list[str]]:
    """Everything in a schema, without the schema's own name, and what migrating writes into its tables."""
    with connection.cursor() as cursor:
        found = {kind: _rows(cursor, query, schema_name, [schema_name]) for kind, query in _QUERIES.items()}
        contents = {kind: _rows(cursor, query.format(schema_name), schema_name) for kind, query in _CONTENTS.items()}
    return found | contents


def filled_tables(schema_name: str) -> set[str]:
    """The tables of a schema that hold rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema_name])
        tables = [name for (name,) in cursor.fetchall()]
        return {name for name in tables if _rows(cursor, _FIRST.format(schema_name, name), schema_name)}


def _rows(cursor: Any, query: str, schema_name: str, parameters: list[str] | None = None) -> list[str]:
    cursor.execute(query, parameters)
    return sorted(repr(row).replace(f"{schema_name}.", "") for row in cursor.fetchall())
