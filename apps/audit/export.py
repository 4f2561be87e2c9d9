"""Entries as a CSV file, read part by part: a million of them take no more memory than one part."""

from collections.abc import Iterator
from datetime import UTC

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from apps.audit.models import AuditEntry
from apps.audit.registry import verb_label
from apps.audit.selectors import entries_after
from apps.audit.words import detail_lines, field_changes
from apps.core.csv_files import BOM, csv_bytes, marked

PART_ENTRIES = 1000


def entries_csv(entries: QuerySet[AuditEntry]) -> Iterator[bytes]:
    """A file of entries, the newest first, part by part; each part is a query of its own.

    Args:
        entries: which, of the current schema.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return _parts(entries.select_related("link"), schema)


def _parts(entries: QuerySet[AuditEntry], schema: str) -> Iterator[bytes]:
    yield BOM.encode() + csv_bytes([_head()])
    last: AuditEntry | None = None
    while True:
        # What sends the file may have left the tenant by now.
        with schema_context(schema):
            part = list(entries_after(entries, last)[:PART_ENTRIES])
            lines = csv_bytes([marked(cell) for cell in _cells(entry)] for entry in part)
        if not part:
            return
        yield lines
        last = part[-1]


def _head() -> list[str]:
    return [
        _("Number"),
        _("When (UTC)"),
        _("Who"),
        _("Kind of actor"),
        _("From"),
        _("What"),
        _("To what"),
        _("Kind"),
        _("Key"),
        _("What changed"),
        _("Details"),
    ]


def _cells(entry: AuditEntry) -> list[str]:
    changes = [f"{each.label}: {', '.join(each.before)} → {', '.join(each.after)}" for each in field_changes(entry)]
    link = getattr(entry, "link", None)
    return [
        str(link.seq) if link else "",
        entry.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
        entry.actor_name,
        str(entry.get_actor_kind_display()),
        entry.address,
        verb_label(entry.verb),
        entry.target_name,
        entry.target_type,
        entry.target_id,
        "\n".join(changes),
        "\n".join(f"{name}: {value}" for name, value in detail_lines(entry)),
    ]
