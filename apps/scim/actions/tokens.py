"""Tokens: made, changed, revoked and used."""

import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.accounts.selectors import grantable_roles, mappable_roles
from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.scim.choices import DAYS_MOST, AuditVerb, Refusal
from apps.scim.models import DirectoryToken, token_digest

PREFIX: Final = "parley_scim_"
"""What every secret begins with, so that one which has got lost is recognised."""
NOTED_EVERY: Final = timedelta(minutes=1)
"""How often the time of the last use is written down: a directory asks many times in a second."""


@transaction.atomic
@audited_action("token")
def directory_token_create(*, token: DirectoryToken, days: int, actor: User) -> str:
    """Make a token.

    Args:
        token: with its name, and what becomes of new users.
        days: for how long it is valid, 1 to `DAYS_MOST`.
        actor: who makes it: somebody who may give every role that it may give.

    Returns:
        Its secret, which is kept nowhere.

    Raises:
        DomainError: ``not_allowed``, ``token_length_invalid``.
        ValidationError: a value is not acceptable.
    """
    _check_may(actor, token)
    if not 1 <= days <= DAYS_MOST:
        raise DomainError(Refusal.LENGTH_INVALID, _("A token is valid for 1 to %(most)s days.") % {"most": DAYS_MOST})
    secret = PREFIX + secrets.token_urlsafe(32)
    token.digest = token_digest(secret)
    token.created_by = actor
    token.expires_at = timezone.now() + timedelta(days=days)
    token.full_clean()
    token.save(force_insert=True)
    return secret


@transaction.atomic
@audited_action("token")
def directory_token_update(*, token: DirectoryToken, actor: User) -> DirectoryToken:
    """Change a token's name, or what becomes of new users.

    Raises:
        DomainError: ``not_allowed``.
        ValidationError: a value is not acceptable.
    """
    _check_may(actor, token)
    token.full_clean()
    token.save(update_fields=["name", "sends_invitations", "new_user_role"])
    return token


@transaction.atomic
@audited_action("token", verb=AuditVerb.REVOKE)
def directory_token_revoke(*, token: DirectoryToken, actor: User) -> DirectoryToken:
    """Have a token open nothing any more. One that is revoked already stays so.

    Raises:
        DomainError: ``not_allowed``.
    """
    if not actor.may(Permission.SETTINGS):
        raise DomainError(Refusal.NOT_ALLOWED, _("Only administrators revoke tokens."))
    locked = DirectoryToken.objects.select_for_update().get(pk=token.pk)
    if locked.revoked_at is None:
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
    return locked


@transaction.atomic
def directory_token_use(*, token: DirectoryToken) -> None:
    """Note that a token was used, to the minute."""
    now = timezone.now()
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
    DirectoryToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)


def _check_may(actor: User, token: DirectoryToken) -> None:
    """A token writes every account but the owner's: it is for those to make who may give every role but theirs."""
    given = set(grantable_roles(actor))
    allowed = set(mappable_roles())
    if not allowed <= given or (token.new_user_role is not None and token.new_user_role not in allowed):
        raise DomainError(
            Refusal.NOT_ALLOWED, _("A directory may give every role but Owner: only who may do so makes tokens for it.")
        )
