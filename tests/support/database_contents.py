"""What is in a database, and having it so again.

A table that was written to is emptied and filled again, in one transaction; a superuser does that past triggers and
references, anybody else by the right of the tables' owner. Rows of a table that is large, or refuses to lose any, go by
TRUNCATE, after which the database has to plan anew how it looks at all tables: that costs ten times the rest. What is
not rows (tables, columns, constraints, triggers, statistics of the planner) is compared only.
"""

# Names come from the catalogue, quoted by the database itself.
# ruff: noqa: S608

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

TABLES = """
SELECT c.oid, format('%I.%I', n.nspname, c.relname),
    (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY c.oid
"""
GUARDED = "SELECT tgrelid FROM pg_trigger WHERE NOT tgisinternal AND (tgtype & 8) <> 0"
"""Tables with a trigger of ours on DELETE."""
REFERENCES = "SELECT confrelid, conrelid FROM pg_constraint WHERE contype = 'f'"
SHAPE = """
SELECT (SELECT string_agg(concat(oid, nspname), ',' ORDER BY oid) FROM pg_namespace WHERE nspname !~ '^pg_'),
    (SELECT array[count(*), count(*) FILTER (WHERE age(xmin) < age(%(since)s::xid))]
     FROM pg_class WHERE oid >= 16384 AND relkind <> 't'),
    (SELECT array[count(*), count(*) FILTER (WHERE age(xmin) < age(%(since)s::xid))]
     FROM pg_attribute WHERE attrelid >= 16384),
    (SELECT array[count(*), count(*) FILTER (WHERE age(xmin) < age(%(since)s::xid))]
     FROM pg_constraint WHERE oid >= 16384),
    (SELECT array[count(*), count(*) FILTER (WHERE age(xmin) < age(%(since)s::xid))]
     FROM pg_trigger WHERE oid >= 16384),
    (SELECT array[count(*), count(*) FILTER (WHERE age(xmin) < age(%(since)s::xid))]
     FROM pg_proc WHERE oid >= 16384),
    (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384)
"""
"""What is there but rows: how much of it, and how much is newer than ours."""
END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)
"""
LARGE = 512 * 1024
"""Bytes from which a table is truncated: rows that are only deleted stay in its way."""


@dataclass(frozen=True)
class Table:
    """A table as it was.

    Attributes:
        name: with its schema, quoted.
        columns: those that are written, quoted.
        count: how many rows it had.
        rows: all of them, as COPY writes and reads them.
    """

    name: str
    columns: str
    count: int
    rows: bytes


class Contents:
    """The rows of a database at one moment, and its shape.

    Args:
        admin: a connection to it, each statement of which commits by itself.
    """

    def __init__(self, admin: psycopg.Connection) -> None:
        is_free = _switch_triggers_off(admin)
        with admin.transaction():
            self._tables = {oid: _read(admin, name, columns) for oid, name, columns in admin.execute(TABLES).fetchall()}
            self._guarded = set() if is_free else {oid for (oid,) in admin.execute(GUARDED).fetchall()}
            self._below = _references(admin)
            self._written_by = _transaction(admin)
            self._shape = self._look_at_shape(admin)
        self._looks = sql.SQL(" UNION ALL ".join(_look(oid, table) for oid, table in self._tables.items()))

    def restore(self, admin: psycopg.Connection, spared: list[int]) -> bool:
        """Have it as it was; whoever else is connected is cut off.

        Args:
            admin: a connection to it, each statement of which commits by itself.
            spared: backends that stay, being idle.

        Returns:
            Whether that was possible: its shape must be as it was.
        """
        admin.execute(END_OTHERS, [spared])
        if self._look_at_shape(admin) != self._shape:
            return False
        with admin.transaction():
            admin.execute("SET LOCAL lock_timeout = '5s'")
            sizes = self._dirty(admin)
            dirty = set(sizes)
            cut = self._with_below({oid for oid in dirty if oid in self._guarded or sizes[oid] > LARGE})
            if cut:
                admin.execute(sql.SQL("TRUNCATE " + ", ".join(self._tables[oid].name for oid in cut)))
            for oid in dirty - cut:
                admin.execute(sql.SQL("DELETE FROM " + self._tables[oid].name))
            # References are checked at the commit: all rows are there again by then.
            for oid in dirty | cut:
                _write(admin, self._tables[oid])
            self._written_by = _transaction(admin)
        return True

    def _look_at_shape(self, admin: psycopg.Connection) -> tuple[Any, ...] | None:
        return admin.execute(SHAPE, {"since": self._written_by}, prepare=True).fetchone()

    def _dirty(self, admin: psycopg.Connection) -> dict[int, int]:
        """The tables that differ, rows being newer than ours or fewer, with their sizes."""
        return dict(admin.execute(self._looks, {"since": self._written_by}, prepare=True).fetchall())

    def _with_below(self, cut: set[int]) -> set[int]:
        """These, and whatever refers to them: what is referred to is not truncated alone."""
        found, todo = set(cut), list(cut)
        while todo:
            more = self._below.get(todo.pop(), set()) - found
            found |= more
            todo += more
        return found


def _switch_triggers_off(admin: psycopg.Connection) -> bool:
    """In this session alone, and if its user may: says whether."""
    ((is_superuser,),) = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchall()
    if is_superuser:
        admin.execute("SET session_replication_role = replica")
    return bool(is_superuser)


def _look(oid: int, table: Table) -> str:
    """Gives the table's number if it is not as it was."""
    look = f"SELECT {oid}, pg_relation_size({oid}) WHERE "
    if not table.count:
        return look + f"EXISTS (SELECT 1 FROM {table.name})"
    newer = f"SELECT 1 FROM {table.name} WHERE age(xmin) < age(%(since)s::xid)"
    return look + f"(SELECT count(*) FROM {table.name}) <> {table.count} OR EXISTS ({newer})"


def _references(admin: psycopg.Connection) -> dict[int, set[int]]:
    """By table, those that refer to it."""
    below: dict[int, set[int]] = {}
    for referred, refers in admin.execute(REFERENCES).fetchall():
        below.setdefault(referred, set()).add(refers)
    return below


def _read(admin: psycopg.Connection, name: str, columns: str) -> Table:
    with admin.cursor().copy(sql.SQL(f"COPY {name} ({columns}) TO STDOUT")) as copy:
        rows = b"".join(bytes(part) for part in copy)
    return Table(name, columns, rows.count(b"\n"), rows)


def _write(admin: psycopg.Connection, table: Table) -> None:
    if table.count:
        with admin.cursor().copy(sql.SQL(f"COPY {table.name} ({table.columns}) FROM STDIN")) as copy:
            copy.write(table.rows)


def _transaction(admin: psycopg.Connection) -> str:
    """The number of this transaction, as rows carry it."""
    ((number,),) = admin.execute("SELECT (pg_current_xact_id()::text::numeric % 4294967296)::bigint").fetchall()
    return str(number)
