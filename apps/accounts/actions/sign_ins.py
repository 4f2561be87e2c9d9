"""Sign-ins, sign-outs and what was tried in vain are written down (AUD-1)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.accounts.choices import AuditVerb
from apps.accounts.models import User
from apps.accounts.selectors import user_by_email
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
    audit_record(AuditVerb.SIGN_IN_FAILED, actor=AuditActor(ActorKind.UNKNOWN), target=user_by_email(email))


@transaction.atomic
def openid_failure_record(*, claims: Mapping[str, Any], reason: str) -> None:
    """A sign-in at the provider came to nothing: whom it named is kept, also where that is nobody here.

    Args:
        claims: of a token that was verified; empty where none was.
        reason: the code of the refusal.
    """
    named = {name: str(claims[name])[:254] for name in ("email", "sub") if claims.get(name)}
    actor, user = AuditActor(ActorKind.UNKNOWN), user_by_email(named.get("email", ""))
    detail = {"way": "openid", "reason": reason, **named}
    audit_record(AuditVerb.SIGN_IN_FAILED, actor=actor, target=user, detail=detail)
