"""An operator's way into a tenant, and out of it again (TEN-2): a pass, which the tenant's people see and can end."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from apps.accounts.actions import user_create, user_delete
from apps.accounts.models import Role, User
from apps.accounts.permissions import OPERATOR
from apps.audit.actions import AuditActor, audit_record
from apps.audit.choices import ActorKind
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.operators.choices import LINK_VALID, MINUTES, AuditVerb, Refusal
from apps.operators.models import OperatorPass, link_hash
from apps.tenants.models import Tenant
from apps.timers.steps import wakeup_clear, wakeup_set

DEADLINE = "operators.pass"


def pass_issue(*, tenant: Tenant, reason: str, minutes: int, operator: User) -> str:
    """Give an operator a pass for a tenant: a user of its own there, whom nobody else can become.

    Args:
        tenant: which.
        reason: why they enter, for the tenant's people to read.
        minutes: for how long, one of `MINUTES`.
        operator: who enters.

    Returns:
        The key of the link that leads in: valid once, for `LINK_VALID`; only its hash is kept.

    Raises:
        DomainError: ``operator_only``, ``length_invalid``, ``reason_missing``, ``tenant_frozen``.
    """
    if not (operator.is_operator and operator.is_active):
        raise DomainError(Refusal.OPERATOR_ONLY, _("Only operators enter by a pass."))
    if minutes not in MINUTES:
        raise DomainError(Refusal.LENGTH_INVALID, _("Choose one of the lengths that are offered."))
    if not reason.strip():
        raise DomainError(Refusal.REASON_MISSING, _("Say why you enter: the tenant's people read it."))
    if tenant.is_frozen:
        raise DomainError(Refusal.TENANT_FROZEN, _("This tenant is frozen. Unfreeze it first."))
    detail = {"tenant": tenant.schema_name, "reason": reason, "minutes": minutes}
    with transaction.atomic():
        audit_record(AuditVerb.ISSUE, actor=operator, target=tenant, detail=detail)
        with tenant_context(tenant):
            return _issue(reason=reason.strip(), minutes=minutes, operator=operator)


def _issue(*, reason: str, minutes: int, operator: User) -> str:
    key, now, pk = secrets.token_urlsafe(32), timezone.now(), uuid7()
    user = user_create(
        email=f"pass-{pk.hex}@operators.invalid",
        first_name=operator.first_name,
        last_name=operator.last_name,
        role=Role.objects.get(code=OPERATOR),
        leaves_at=now + timedelta(minutes=minutes),
        time_zone=operator.time_zone,
        actor=None,
    )
    row = OperatorPass.objects.create(
        pk=pk,
        operator_id=operator.pk,
        operator_name=operator.full_name,
        operator_email=operator.email,
        user=user,
        reason=reason,
        issued_at=now,
        expires_at=now + timedelta(minutes=minutes),
        link_hash=link_hash(key),
        link_expires_at=now + LINK_VALID,
    )
    wakeup_set(kind=DEADLINE, object_id=row.pk, due_at=row.expires_at)
    detail = {"reason": reason, "minutes": minutes, "email": operator.email}
    audit_record(AuditVerb.ISSUE, actor=_actor(row), target=row, detail=detail)
    return key


@transaction.atomic
def pass_enter(*, key: str) -> OperatorPass:
    """Use the link of a pass: it works once.

    Returns:
        The pass, whose user is to be signed in.

    Raises:
        DomainError: ``link_invalid``: used, too old, ended, or none.
    """
    now = timezone.now()
    usable = OperatorPass.objects.select_for_update(of=("self",)).select_related("user__role")
    row = usable.filter(link_hash=link_hash(key), link_expires_at__gt=now, ended_at=None, expires_at__gt=now).first()
    if row is None:
        raise DomainError(Refusal.LINK_INVALID, _("This link was used already, or is too old: take a new pass."))
    row.link_hash, row.entered_at = "", now
    row.save(update_fields=["link_hash", "entered_at"])
    audit_record(AuditVerb.ENTER, actor=_actor(row), target=row, detail={"reason": row.reason})
    return row


@transaction.atomic
def pass_end(*, operator_pass: OperatorPass, actor: User | None) -> OperatorPass:
    """End a pass: whoever is in by it is out at once. Ending what has ended changes nothing.

    Args:
        operator_pass: which.
        actor: one of the tenant's people; None when its time is over.
    """
    row = OperatorPass.objects.select_for_update(of=("self",)).select_related("user").get(pk=operator_pass.pk)
    if row.ended_at is not None:
        return row
    row.ended_at, row.link_hash = timezone.now(), ""
    row.ended_by = actor if actor is not None and actor.pk != row.user_id else None
    row.save(update_fields=["ended_at", "ended_by", "link_hash"])
    user_delete(user=row.user, actor=None)
    wakeup_clear(kind=DEADLINE, object_id=row.pk)
    left = actor is not None and actor.pk == row.user_id
    audit_record(AuditVerb.END, actor=_actor(row) if left else actor, target=row, detail={"reason": row.reason})
    return row


@transaction.atomic
def pass_expire(*, pass_id: UUID, due_at: datetime) -> None:
    """Its time is over; nothing where it has ended, or holds another time."""
    row = OperatorPass.objects.filter(pk=pass_id, expires_at=due_at, ended_at=None).first()
    if row is not None:
        pass_end(operator_pass=row, actor=None)


def _actor(row: OperatorPass) -> AuditActor:
    return AuditActor(ActorKind.OPERATOR, row.operator_name, row.operator_id)
