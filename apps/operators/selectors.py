"""What operators see of tenants (TEN-2), and the pass to which a link leads.

Of each tenant: how large it is, whether it is up to date, when somebody was last there. Figures are read for the
tenants of one page at once, in as many queries for fifty of them as for one; none is what somebody wrote, or who did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context
from psycopg import sql

from apps.operators.models import OperatorPass, link_hash
from apps.tenants.migration_state import schemas_behind
from apps.tenants.models import Tenant

_SIZES = """
SELECT nspname, sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relkind = 'r')::bigint
FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
WHERE nspname = ANY(%s) GROUP BY nspname HAVING bool_or(c.relname = 'accounts_user')
"""
_PEOPLE = """
SELECT {name}, count(*) FILTER (WHERE is_active), max(last_login)
FROM {schema}.accounts_user WHERE deleted_at IS NULL
"""
_CONVERSATIONS = """
SELECT nspname, greatest(reltuples, 0)::bigint
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE nspname = ANY(%s) AND relname = 'conversations_conversation'
"""


@dataclass(frozen=True)
class TenantFigures:
    """How large a tenant is, and how it stands.

    Attributes:
        database_bytes: its tables with their indexes.
        users: those who may sign in.
        last_sign_in: the latest of any of them.
        conversations: about how many there are, as the database last counted.
        is_behind: whether an upgrade has not reached it yet: `migrate_all` brings it up to date.
    """

    database_bytes: int
    users: int
    last_sign_in: datetime | None
    conversations: int
    is_behind: bool


def tenant_figures(tenants: Sequence[Tenant]) -> dict[str, TenantFigures]:
    """The figures of some tenants, by schema; one whose schema is not there, or not finished, has none."""
    schemas = [tenant.schema_name for tenant in tenants]
    sizes = dict(_rows(_SIZES, [schemas]))
    there = [schema for schema in schemas if schema in sizes]
    people = {name: (users, last) for name, users, last in _people(there)}
    conversations = dict(_rows(_CONVERSATIONS, [there]))
    behind = set(schemas_behind(there))
    return {
        schema: TenantFigures(
            database_bytes=sizes[schema],
            users=people[schema][0],
            last_sign_in=people[schema][1],
            conversations=conversations.get(schema, 0),
            is_behind=schema in behind,
        )
        for schema in there
    }


def tenant_file_bytes(tenant: Tenant) -> int:
    """How much the files of a tenant take, its folder walked: for one tenant, not for a list."""
    with tenant_context(tenant):
        folder = Path(default_storage.path(""))
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else 0


def _people(schemas: list[str]) -> list[tuple[str, int, datetime | None]]:
    if not schemas:
        return []
    each = [sql.SQL(_PEOPLE).format(name=sql.Literal(name), schema=sql.Identifier(name)) for name in schemas]
    return _rows(sql.SQL(" UNION ALL ").join(each).as_string(), [])


def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def pass_by_key(key: str) -> OperatorPass | None:
    """The pass to which a link leads that can still be used."""
    now = timezone.now()
    valid = OperatorPass.objects.filter(link_expires_at__gt=now, expires_at__gt=now, ended_at=None)
    return valid.filter(link_hash=link_hash(key)).first()
