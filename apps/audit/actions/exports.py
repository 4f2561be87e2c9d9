"""The log, taken away as a file."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.audit.actions.entries import AuditTarget, audit_record
from apps.audit.choices import AuditVerb
from apps.audit.models import AuditEntry


@transaction.atomic
def log_export(*, entries: QuerySet[AuditEntry], filters: str, actor: Any) -> QuerySet[AuditEntry]:
    """Write down that somebody takes entries away (AUD-1), before the first of them leaves.

    Args:
        entries: which.
        filters: the same, as the list's address says it.
        actor: who.

    Returns:
        Those of them that there are now: the entry of the export isn't one of them.
    """
    there = entries.filter(at__lte=timezone.now())
    detail = {"rows": there.count(), "filters": filters[:500]}
    audit_record(AuditVerb.EXPORT, actor=actor, target=AuditTarget("audit.export"), detail=detail)
    return there
