"""Roles of the tenant's own (TEN-5)."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.accounts.choices import Refusal
from apps.accounts.models import Role, User
from apps.accounts.permissions import Permission
from apps.accounts.selectors import role_exceeds
from apps.audit.actions import audited_action
from apps.core.errors import DomainError


@transaction.atomic
@audited_action("role")
def role_save(*, role: Role, actor: User | None) -> Role:
    """Make a role of the tenant's own, or write its changes (TEN-5).

    Args:
        role: with its new values.
        actor: who does it; a role can't do more than theirs.

    Raises:
        DomainError: ``role_built_in``, ``not_allowed``.
        ValidationError: a value is not acceptable.
    """
    if role.is_stock:
        raise DomainError(
            Refusal.ROLE_BUILT_IN, _("The built-in roles stay as they are. Make a role of your own instead.")
        )
    before = Role.objects.select_for_update().filter(pk=role.pk).first()
    further = actor is not None and (role_exceeds(role, actor.role) or role_exceeds(before, actor.role))
    if actor is not None and (further or not actor.may(Permission.SETTINGS)):
        raise DomainError(Refusal.NOT_ALLOWED, _("You can't make or change a role that may do more than yours."))
    role.full_clean()
    role.save()
    return role


@transaction.atomic
@audited_action("role")
def role_delete(*, role: Role, actor: User | None) -> None:
    """Delete a role of the tenant's own that nobody has (TEN-5).

    Raises:
        DomainError: ``role_built_in``, ``not_allowed``, ``role_in_use``.
    """
    if role.is_stock:
        raise DomainError(Refusal.ROLE_BUILT_IN, _("The built-in roles stay."))
    if actor is not None and not actor.may(Permission.SETTINGS):
        raise DomainError(Refusal.NOT_ALLOWED, _("Only administrators delete roles."))
    try:
        role.delete()
    except ProtectedError as error:
        message = _("Users have the role “%(role)s”: give them another one first.") % {"role": role}
        raise DomainError(Refusal.ROLE_IN_USE, message) from error
