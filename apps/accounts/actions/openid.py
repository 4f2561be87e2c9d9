"""The tenant's OpenID Connect provider, and whose account somebody is whom it has identified (TEN-6)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.choices import Refusal
from apps.accounts.models import OpenIDIdentity, OpenIDProvider, Role, User
from apps.accounts.openid import OWNER as SECRET_OWNER
from apps.accounts.openid import PURPOSE
from apps.accounts.permissions import OWNER, Permission
from apps.accounts.selectors import role_exceeds, user_by_email, user_by_identity
from apps.accounts.steps import user_lock
from apps.audit.actions import audited_action, audited_creation
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
        DomainError: ``not_allowed``.
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
    provider.full_clean()
    provider.save()
    return provider


@transaction.atomic
def openid_user_identify(*, provider: OpenIDProvider, claims: dict[str, Any]) -> User:
    """Whose account it is of which a provider speaks: by its subject, the first time by a verified email.

    Args:
        provider: the tenant's.
        claims: of an ID token, checked.

    Raises:
        DomainError: ``sign_in_refused`` when it is nobody's, or that of somebody whom this provider may not sign in.
    """
    user = user_by_identity(provider.issuer, claims["sub"]) or _user_by_verified_email(provider, claims)
    _check_trusted(provider, user)
    return user


def _user_by_verified_email(provider: OpenIDProvider, claims: dict[str, Any]) -> User:
    """The user of a verified email, known by their subject from now on."""
    email, subject = claims.get("email"), claims["sub"]
    found = user_by_email(email) if isinstance(email, str) and claims.get("email_verified") is True else None
    if found is None:
        message = _("The provider names no verified email of somebody here. Please ask an administrator.")
        raise DomainError(Refusal.SIGN_IN_REFUSED, message)
    _check_trusted(provider, found)
    user = user_lock(found)
    known = OpenIDIdentity.objects.filter(user=user, issuer=provider.issuer).first()
    if known is not None and known.subject != subject:
        # At the provider an email may have passed to somebody else.
        message = _("This email belongs to another account at the provider. Please ask an administrator.")
        raise DomainError(Refusal.SIGN_IN_REFUSED, message)
    if known is None:
        openid_identity_link(user=user, issuer=provider.issuer, subject=subject)
    return user


@transaction.atomic
@audited_creation
def openid_identity_link(*, user: User, issuer: str, subject: str) -> OpenIDIdentity:
    """Know somebody by a provider's subject from now on, whatever email it says later.

    Args:
        user: locked, and not yet known to this provider.
        issuer: the provider.
        subject: what it calls them.
    """
    # Somebody who was deleted here is a new user when they come back.
    OpenIDIdentity.objects.filter(issuer=issuer, subject=subject, user__deleted_at__isnull=False).delete()
    return OpenIDIdentity.objects.create(user=user, issuer=issuer, subject=subject)


def _check_trusted(provider: OpenIDProvider, user: User) -> None:
    trusted = provider.set_up_by
    owner_by_other = user.is_owner and (trusted is None or trusted.code != OWNER)
    if user.is_visitor or not user.is_active or owner_by_other or role_exceeds(user.role, trusted):
        message = _("This account can’t sign in by OpenID Connect. Please use your password.")
        raise DomainError(Refusal.SIGN_IN_REFUSED, message)
