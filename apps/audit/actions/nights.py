"""Once a day the head of the chain is signed, and what is too old goes."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from apps.audit.actions.entries import audit_change, audit_record
from apps.audit.choices import AuditVerb
from apps.audit.models import AuditSeal, AuditSettings
from apps.audit.steps import SEAL_DEADLINE, SEAL_EVERY, SEAL_ID, head_seal
from apps.core.rows import row_lock
from apps.timers.steps import wakeup_set


@transaction.atomic
def audit_nights_begin() -> None:
    """Have the head of the current tenant's chain be signed each day from now on."""
    settings: AuditSettings = AuditSettings.load()
    _plan(settings, timezone.now() + SEAL_EVERY)


@transaction.atomic
def audit_night(*, due_at: datetime) -> bool:
    """Sign the head, then delete what is older than the tenant keeps. Plans the next night.

    Args:
        due_at: as the settings have it; anything else is a night that has been.

    Returns:
        Whether it was due.
    """
    settings = row_lock(AuditSettings, 1)
    if settings is None or settings.seal_due_at != due_at:
        return False
    head_seal()
    entries_expire(keep_days=settings.keep_days)
    now = timezone.now()
    _plan(settings, max(due_at + SEAL_EVERY, now + SEAL_EVERY / 2))
    # The operators' chain has no timers of its own: whichever tenant is first sees to it.
    with schema_context("public"):
        if not AuditSeal.objects.filter(at__gt=now - SEAL_EVERY).exists():
            head_seal()
    return True


def _plan(settings: AuditSettings, due_at: datetime) -> None:
    settings.seal_due_at = due_at
    settings.save(update_fields=["seal_due_at"])
    wakeup_set(kind=SEAL_DEADLINE, object_id=SEAL_ID, due_at=due_at)


@transaction.atomic
def entries_expire(*, keep_days: int) -> int:
    """Delete the oldest entries up to the newest signed head that is old enough: what is kept goes on from there.

    The database's own function is the only way; it spares what is younger than 90 days, whatever it is told.

    Args:
        keep_days: how many days are kept.

    Returns:
        How many were deleted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_expire(%s)", [timezone.now() - timedelta(days=keep_days)])
        deleted = int(cursor.fetchone()[0])
    if deleted:
        audit_record(AuditVerb.EXPIRE, actor=None, detail={"entries": deleted, "days": keep_days})
    return deleted


@transaction.atomic
def audit_settings_save(*, settings: AuditSettings, actor: object) -> AuditSettings:
    """Say how long the tenant's log is kept (AUD-1).

    Args:
        settings: with its new value.
        actor: who.

    Raises:
        ValidationError: fewer days than 90, or too many.
    """
    settings.full_clean()
    with audit_change(settings, actor=actor):
        settings.save(update_fields=["keep_days"])
    return settings
