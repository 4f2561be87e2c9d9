"""Sign-ins, sign-outs and what was tried in vain are written down (AUD-1)."""

from django.db import transaction

from apps.accounts.choices import AuditVerb
from apps.accounts.models import User
from apps.audit.actions import AuditActor, audit_record
from apps.audit.choices import ActorKind


@transaction.atomic
def sign_in_record(*, user: User, by_openid: bool = False) -> None:
    """Somebody has signed in; by OpenID Connect, or by what we keep of them."""
    audit_record(AuditVerb.SIGN_IN_OPENID if by_openid else AuditVerb.SIGN_IN, actor=user, target=user)


@transaction.atomic
def sign_out_record(*, user: User) -> None:
    """Somebody has signed out."""
    audit_record(AuditVerb.SIGN_OUT, actor=user, target=user)


@transaction.atomic
def sign_in_failure_record(*, email: str) -> None:
    """Somebody has tried to sign in, in vain. What they typed is kept only where it is a user's address: it may be a
    password that was typed into the wrong field.
    """
    try:
        user = User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        user = None
    actor = AuditActor(ActorKind.UNKNOWN)
    audit_record(AuditVerb.SIGN_IN_FAILED, actor=actor, target=user)
