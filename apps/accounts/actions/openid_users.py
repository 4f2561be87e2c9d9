"""Whose account it is of which an OpenID Connect provider speaks: found, made, linked and unlinked (TEN-6)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.actions.users import check_may_change, close_sockets, user_create
from apps.accounts.choices import AuditVerb, Refusal
from apps.accounts.events import OpenIDGroupsSaid
from apps.accounts.models import OpenIDIdentity, OpenIDProvider, User
from apps.accounts.openid import groups_said, verified_email
from apps.accounts.permissions import OWNER
from apps.accounts.selectors import openid_identity, role_exceeds, user_by_email, user_by_identity, was_deleted
from apps.accounts.steps import user_lock
from apps.audit.actions import audit_record, audited_creation
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_lock


@transaction.atomic
def openid_user_identify(*, provider: OpenIDProvider, claims: dict[str, Any]) -> User:
    """Whose account it is of which a provider speaks: by its subject, the first time by a verified email.

    They have the role that follows from the groups that it names. Refused, nothing of it stays.

    Args:
        provider: the tenant's.
        claims: of an ID token, checked.

    Raises:
        DomainError: ``sign_in_refused`` when it is nobody's, or that of somebody whom this provider may not sign in.
    """
    is_new, user = False, user_by_identity(provider.issuer, claims["sub"])
    if user is None:
        # Of two first sign-ins at once the second waits, and finds what the first has made.
        row_lock(OpenIDProvider, provider.pk)
        user = user_by_identity(provider.issuer, claims["sub"])
    if user is None:
        is_new, user = _first_sign_in(provider, claims)
    _check_trusted(provider, user)
    user = _with_role_of_groups(provider, user, claims)
    if is_new and user.role is None:
        message = _("You have no role here: none of your groups gives one. Please ask an administrator.")
        raise DomainError(Refusal.SIGN_IN_REFUSED, message)
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
    # Somebody who was deleted here is a new user when an administrator has made them again.
    OpenIDIdentity.objects.filter(issuer=issuer, subject=subject, user__deleted_at__isnull=False).delete()
    return OpenIDIdentity.objects.create(user=user, issuer=issuer, subject=subject)


@transaction.atomic
def openid_identity_unlink(*, user: User, actor: User | None) -> User:
    """Have the provider know somebody no more; every session of theirs ends. Their email links them anew.

    Args:
        user: whose.
        actor: who may change them.

    Raises:
        DomainError: ``not_allowed``, ``user_unknown``.
    """
    user = user_lock(user)
    check_may_change(actor, user)
    if (identity := openid_identity(user)) is None:
        return user
    detail = {"subject": identity.subject, "issuer": identity.issuer}
    identity.delete()
    announce(OpenIDGroupsSaid(user, detail["issuer"], frozenset()))
    user = user_lock(user)
    user.session_generation += 1
    user.save(update_fields=["session_generation"])
    close_sockets(user)
    audit_record(AuditVerb.OPENID_UNLINK, actor=actor, target=user, detail=detail)
    return user


def _first_sign_in(provider: OpenIDProvider, claims: dict[str, Any]) -> tuple[bool, User]:
    """The user of a verified email, known by their subject from now on; and whether they had to be made."""
    email = verified_email(claims)
    found = user_by_email(email) if email else None
    is_new = found is None and bool(email) and provider.creates_users
    if is_new:
        found = _make(provider, claims, email)
    if found is None:
        message = _("The provider names no verified email of somebody here. Please ask an administrator.")
        raise DomainError(Refusal.SIGN_IN_REFUSED, message)
    _check_trusted(provider, found)
    user, subject = user_lock(found), claims["sub"]
    known = OpenIDIdentity.objects.filter(user=user, issuer=provider.issuer).first()
    if known is not None and known.subject != subject:
        # At the provider an email may have passed to somebody else.
        message = _("This email belongs to another account at the provider. Please ask an administrator.")
        raise DomainError(Refusal.SIGN_IN_REFUSED, message)
    if known is None:
        openid_identity_link(user=user, issuer=provider.issuer, subject=subject)
    return is_new, user


def _make(provider: OpenIDProvider, claims: dict[str, Any], email: str) -> User:
    """Somebody new, with the role of new users until their groups are looked at."""
    if was_deleted(provider.issuer, claims["sub"], email):
        message = _("Your account was deleted here. Please ask an administrator to make it again.")
        raise DomainError(Refusal.SIGN_IN_REFUSED, message)
    first, last = _said_name(claims, "given_name"), _said_name(claims, "family_name")
    first = first or _said_name(claims, "name") or email.partition("@")[0][:80]
    try:
        with transaction.atomic():
            return user_create(email=email, first_name=first, last_name=last, role=provider.new_user_role, actor=None)
    except (IntegrityError, ValidationError) as error:
        message = _("No account can be made of what the provider says of you. Please ask an administrator.")
        raise DomainError(Refusal.SIGN_IN_REFUSED, message) from error


def _said_name(claims: dict[str, Any], claim: str) -> str:
    said = claims.get(claim)
    return said.strip()[:80] if isinstance(said, str) else ""


def _with_role_of_groups(provider: OpenIDProvider, user: User, claims: dict[str, Any]) -> User:
    """The user with the role that they have by what the provider says of their groups now."""
    groups = groups_said(provider, claims)
    if groups is not None and not user.is_owner:
        announce(OpenIDGroupsSaid(user, provider.issuer, groups))
        user = User.objects.select_related("role").get(pk=user.pk)
        _check_trusted(provider, user)
    return user


def _check_trusted(provider: OpenIDProvider, user: User) -> None:
    trusted = provider.set_up_by
    owner_by_other = user.is_owner and (trusted is None or trusted.code != OWNER)
    if user.is_visitor or not user.is_active or owner_by_other or role_exceeds(user.role, trusted):
        message = _("This account can’t sign in by OpenID Connect. Please use your password, or ask an administrator.")
        raise DomainError(Refusal.SIGN_IN_REFUSED, message)
