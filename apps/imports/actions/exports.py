"""Rows that somebody took away."""

from typing import Any

from django.db import transaction

from apps.audit.actions import AuditTarget, audit_record
from apps.imports.choices import ImportVerb
from apps.imports.kinds import CsvKind


@transaction.atomic
def export_note(*, kind: CsvKind, count: int, filters: str, actor: Any) -> None:
    """Have the audit log say that somebody took rows away (AUD-1).

    Args:
        kind: of what.
        count: how many.
        filters: which, as the list's address says it.
        actor: who.
    """
    target = AuditTarget("imports.export", str(kind.label), kind.code)
    audit_record(ImportVerb.EXPORT, actor=actor, target=target, detail={"rows": count, "filters": filters[:500]})
