"""The tenant's OpenID Connect provider: who may set it up, and how far it is trusted (TEN-6)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.choices import Refusal
from apps.accounts.models import OpenIDProvider, Role, User
from apps.accounts.openid import OWNER as SECRET_OWNER
from apps.accounts.openid import PURPOSE
from apps.accounts.permissions import OWNER, Permission
from apps.accounts.selectors import grantable_roles, mappable_roles, role_exceeds
from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.core.rows import row_lock
from apps.vault.encryption import encrypt_value

NEEDED = ("label", "issuer", "client_id", "sealed")


@transaction.atomic
@audited_action("provider")
def openid_provider_save(*, provider: OpenIDProvider, secret: str = "", actor: User | None) -> OpenIDProvider:
    """Say by which provider people may sign in. It signs in nobody who may do more than whoever has set it up.

    Args:
        provider: with its new values.
        secret: the client's; empty keeps the one that there is, unless the issuer is another one: a secret is not
            sent to whoever is named later.
        actor: who says so.

    Raises:
        DomainError: ``not_allowed``; ``sign_in_unsafe`` where without passwords somebody would be locked out.
        ValidationError: a value is missing or not acceptable.
    """
    if actor is not None and not actor.may(Permission.SETTINGS):
        raise DomainError(Refusal.NOT_ALLOWED, _("Only administrators say how people sign in."))
    stored = row_lock(OpenIDProvider, provider.pk)
    if secret:
        provider.sealed = encrypt_value(secret.encode(), purpose=PURPOSE, owner=SECRET_OWNER)
    elif stored is not None and stored.sealed and stored.issuer != provider.issuer:
        raise ValidationError(_("Another issuer needs its own client secret: enter it."))
    if provider.is_on and not all(getattr(provider, name) for name in NEEDED):
        raise ValidationError(_("Enter the button’s text, issuer, client id and client secret to switch it on."))
    provider.set_up_by = Role.objects.get(code=OWNER) if actor is None else actor.role
    _check_new_user_role(provider, actor)
    if provider.is_enforced:
        _check_nobody_locked_out(provider)
    provider.full_clean()
    provider.save()
    return provider


@transaction.atomic
@audited_action("provider")
def openid_passwords_open(*, provider: OpenIDProvider) -> OpenIDProvider:
    """Let everybody sign in by password again: the installation's way, where no owner can sign in to do it.

    Args:
        provider: the tenant's; who has set it up stays as it was.
    """
    provider.is_enforced = False
    provider.save(update_fields=["is_enforced"])
    return provider


def _check_new_user_role(provider: OpenIDProvider, actor: User | None) -> None:
    """Nobody has a provider give what they may not give themself (TEN-5)."""
    role = provider.new_user_role
    given = set(mappable_roles()) if actor is None else set(mappable_roles()) & set(grantable_roles(actor))
    if role is not None and role not in given:
        raise DomainError(Refusal.NOT_ALLOWED, _("You can't have new users given a role that may do more than yours."))


def _check_nobody_locked_out(provider: OpenIDProvider) -> None:
    """Passwords close only where everybody else is signed in by the provider, and an owner has a password."""
    if not provider.is_on:
        raise ValidationError(_("Passwords can be closed only while people can sign in by OpenID Connect."))
    if any(role_exceeds(role, provider.set_up_by) for role in mappable_roles()):
        message = _("Some roles may do more than you: the provider would sign them in for nobody. Ask an owner.")
        raise DomainError(Refusal.SIGN_IN_UNSAFE, message)
    owners = User.objects.filter(role__code=OWNER, is_active=True, deleted_at=None)
    if not any(owner.has_usable_password() for owner in owners):
        message = _("No owner has a password: one needs it to get in when the provider fails.")
        raise DomainError(Refusal.SIGN_IN_UNSAFE, message)
