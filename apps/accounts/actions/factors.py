"""Who must have a second factor, and taking those of somebody away who has lost theirs (TEN-6)."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.actions.users import check_may_change, close_sockets
from apps.accounts.choices import AuditVerb, Refusal
from apps.accounts.models import Role, SignInSettings, User
from apps.accounts.permissions import Permission
from apps.accounts.steps import user_lock
from apps.audit.actions import audit_record, audited_action
from apps.core.errors import DomainError


@transaction.atomic
@audited_action("settings")
def signin_settings_save(*, settings: SignInSettings, roles: Iterable[Role], actor: User | None) -> SignInSettings:
    """Say how people sign in. Who must have a second factor from now on sets one up at their next sign-in.

    Args:
        settings: with their new values.
        roles: whose second factor is forced.
        actor: who says so.

    Raises:
        DomainError: ``not_allowed``.
    """
    if actor is not None and not actor.may(Permission.SETTINGS):
        raise DomainError(Refusal.NOT_ALLOWED, _("Only administrators say how people sign in."))
    settings.full_clean()
    settings.save()
    settings.second_factor_roles.set(roles)
    return settings


@transaction.atomic
def user_remove_factors(*, user: User, actor: User | None) -> User:
    """Take all second factors of somebody away who can't use theirs any more; every session of theirs ends.

    Args:
        user: whose.
        actor: who may change them, not themself: one's own are removed one by one, after a confirmation.

    Raises:
        DomainError: ``not_yourself``, ``not_allowed``, ``user_unknown``.
    """
    user = user_lock(user)
    if actor is not None and actor.pk == user.pk:
        raise DomainError(Refusal.NOT_YOURSELF, _("Remove your own second factors on your account's page."))
    check_may_change(actor, user)
    Authenticator.objects.filter(user_id=user.pk).delete()
    user.session_generation += 1
    user.save(update_fields=["session_generation"])
    close_sockets(user)
    audit_record(AuditVerb.FACTORS_REMOVED, actor=actor, target=user)
    return user
