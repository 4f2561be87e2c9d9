"""Looking for secrets wherever a tenant keeps anything."""

import re
from collections.abc import Sequence

from django.db import connection
from psycopg import sql

VAULTED = {"email_rawcontent", "vault_datakey", "forms_answer"}
"""Tables whose contents are sealed: nothing can be found in them, and nothing is looked for."""


def tables_with(secrets: Sequence[str], *, schemas: Sequence[str] = ("public",)) -> list[str]:
    """The tables of the current schema, and of these, whose rows hold one of these numbers, in whatever formatting.

    Gaps of one or two signs between digits are looked through, and what is encoded as JSON is as well.
    """
    gap = r"[^0-9A-Za-z]{0,3}"
    pattern = "|".join(gap.join(map(re.escape, re.sub(r"\W", "", secret))) for secret in secrets)
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
            " AND (table_schema = current_schema() OR table_schema = ANY(%s)) ORDER BY 1, 2",
            [list(schemas)],
        )
        for schema, table in cursor.fetchall():
            query = sql.SQL("SELECT count(*) FROM {}.{} AS row WHERE row::text ~* %s")
            cursor.execute(query.format(sql.Identifier(schema), sql.Identifier(table)), [pattern])
            if cursor.fetchone()[0]:
                found.append(table)
    return found
