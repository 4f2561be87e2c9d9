"""What is in a database, and having it so again.

A table that was written to is emptied and filled again, in one transaction: that needs no right but its owner's, and
switches off no trigger and no constraint. Rows of a table that is large, or refuses to lose any, go by TRUNCATE. What
is not rows (tables, columns, constraints, triggers, statistics of the planner) is compared only.
"""

# Names come from the catalogue, quoted by the database itself.
# ruff: noqa: S608

from dataclasses import dataclass

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
    (SELECT concat(count(*), ' ', sum(hashtext(concat_ws(' ', oid, relname, relkind, relchecks, relhastriggers))))
     FROM pg_class WHERE oid >= 16384 AND relkind <> 't'),
    (SELECT concat(count(*), ' ', sum(hashtext(concat_ws(' ', attrelid, attnum, attname, atttypid, attnotnull,
        atthasdef)))) FROM pg_attribute WHERE attrelid >= 16384),
    (SELECT concat(count(*), ' ', sum(oid::bigint)) FROM pg_constraint WHERE oid >= 16384),
    (SELECT concat(count(*), ' ', sum(hashtext(concat(oid, tgenabled)))) FROM pg_trigger WHERE oid >= 16384),
    (SELECT concat(count(*), ' ', sum(hashtext(concat(oid, prosrc)))) FROM pg_proc WHERE oid >= 16384),
    (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384)
"""
END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
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
        with admin.transaction():
            self._tables = {oid: _read(admin, name, columns) for oid, name, columns in admin.execute(TABLES).fetchall()}
            self._guarded = {oid for (oid,) in admin.execute(GUARDED).fetchall()}
            self._below = _references(admin)
            self._shape = admin.execute(SHAPE).fetchone()
            self._written_by = _transaction(admin)
        self._looks = sql.SQL(" UNION ALL ".join(_look(oid, table) for oid, table in self._tables.items()))

    def restore(self, admin: psycopg.Connection) -> bool:
        """Have it as it was; whoever else is connected is cut off.

        Returns:
            Whether that was possible: its shape must be as it was.
        """
        admin.execute(END_OTHERS)
        if admin.execute(SHAPE).fetchone() != self._shape:
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
