"""Who has second factors, and who must have one (TEN-6). allauth keeps them, as rows of its `Authenticator`."""

from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings

from apps.accounts.models import SignInSettings, User

FACTOR_MISSING: Final = "second_factor_missing"
"""Marks a session whose user has to set up a second factor before anything else."""
WHOLE: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor: recovery codes only stand in for one."""


def factors_has(user: Any) -> bool:
    """Whether somebody has a second factor."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=WHOLE).exists())


def factors_of(user: User) -> list[Authenticator]:
    """Their second factors and recovery codes, the oldest first."""
    return list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at"))


def second_factor_required(user: User) -> bool:
    """Whether somebody must have a second factor: operators always, others by their role."""
    if user.is_operator:
        return bool(settings.OPERATORS_NEED_SECOND_FACTOR)
    chosen = SignInSettings.load().second_factor_roles
    return user.role_id is not None and chosen.filter(pk=user.role_id).exists()


def factor_is_last_required(authenticator: Authenticator) -> bool:
    """Whether this is the last second factor of somebody who must have one."""
    if not second_factor_required(authenticator.user):
        return False
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=WHOLE).exclude(pk=authenticator.pk)
    return not others.exists()


def session_lacks_factor(session: Any) -> bool:
    """Whether a session is good for nothing but setting up a second factor."""
    return bool(session.get(FACTOR_MISSING))
