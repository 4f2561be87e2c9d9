"""Every change of a user. Who may change whom is decided here, so that no page can forget it.

`actor` is who asks for it; None is the installation itself (a command, a seed), which may do everything.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.choices import AuditVerb, Refusal
from apps.accounts.events import UserDeactivating, UserDeleted, UserSaved, UserSigningOut
from apps.accounts.models import Role, User, UserSession
from apps.accounts.permissions import OWNER, Permission
from apps.accounts.pictures import encode_picture
from apps.accounts.selectors import grantable_roles, password_opens, role_exceeds
from apps.accounts.steps import user_lock
from apps.audit.actions import audited_action, audited_creation
from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.realtime.frames import CLOSE_SIGNED_OUT, Close
from apps.realtime.publish import agent_group, publish
from apps.tenants.selectors import current_time_zone

EDITABLE = frozenset({"email", "first_name", "last_name", "nick_name", "role", "phone", "custom_id", "time_zone"})


@transaction.atomic
@audited_creation
def user_create(
    *, email: str, first_name: str, role: Role | None, password: str | None = None, actor: User | None, **fields: Any
) -> User:
    """Make a user (TEN-4).

    Args:
        email: their sign-in, unique in the tenant whatever its case.
        first_name: what to call them.
        role: what they may do; None is nothing, or everything for an operator.
        password: None lets nobody sign in until one is set; how strong it is, the installation itself decides.
        actor: who makes them.
        fields: any other of `EDITABLE`, `is_operator` in the public schema, and `leaves_at`; without a time zone they
            have the tenant's.

    Raises:
        DomainError: ``not_allowed`` when the role exceeds the actor's own; ``password_closed``.
        ValidationError: a field or the password is not acceptable.
        ValueError: an operator inside a tenant.
    """
    _check_grant(actor, role)
    if fields.get("is_operator") and connection.schema_name != "public":  # type: ignore[attr-defined]
        raise ValueError("operators live in the public schema alone")
    fields.setdefault("time_zone", current_time_zone())
    user = User(email=email.strip(), first_name=first_name, role=role, **fields)
    if password is None:
        user.set_unusable_password()
    else:
        if actor is not None:
            check_password_opens(user)
            validate_password(password, user)
        user.set_password(password)
    user.full_clean()
    user.save(force_insert=True)
    _tell(UserSaved(user))
    return user


@transaction.atomic
@audited_action("user")
def user_update(*, user: User, fields: Mapping[str, Any], actor: User | None) -> User:
    """Change what is known of a user.

    Args:
        user: the one to change.
        fields: new values, by names of `EDITABLE`.
        actor: who changes them.

    Raises:
        DomainError: ``not_allowed``, ``user_unknown``.
        ValidationError: a value is not acceptable.
        ValueError: a field that is not `EDITABLE`.
    """
    if unknown := set(fields) - EDITABLE:
        raise ValueError(f"not editable: {', '.join(sorted(unknown))}")
    user = user_lock(user)
    check_may_change(actor, user)
    if "role" in fields and fields["role"] != user.role:
        _check_role_change(actor, user, fields["role"])
    for name, value in fields.items():
        setattr(user, name, value)
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(fields))
    _tell(UserSaved(user))
    return user


@transaction.atomic
@audited_action("user", verb=AuditVerb.PASSWORD)
def user_set_password(*, user: User, password: str, actor: User | None) -> User:
    """Give a user a new password: every session and socket of theirs ends (TEN-6).

    Args:
        user: whose password.
        password: the new one.
        actor: themself, or who may change them.

    Raises:
        DomainError: ``not_allowed``, ``user_unknown``, ``password_closed``.
        ValidationError: the password is too weak.
    """
    user = user_lock(user)
    check_may_change(actor, user)
    if actor is not None:
        check_password_opens(user)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    close_sockets(user)
    return user


@transaction.atomic
@audited_action("user", verb=AuditVerb.DEACTIVATE)
def user_deactivate(*, user: User, actor: User | None) -> User:
    """End a user's access at once: no sign-in, every session and socket ends (TEN-6, TEN-7).

    Raises:
        DomainError: ``not_yourself``, ``not_the_owner``, ``not_allowed``, ``user_unknown``, or what an app above has
            against it, such as a live conversation.
    """
    user = user_lock(user)
    if user.is_active:
        _leave(user, actor)
        user.save(update_fields=["is_active", "session_generation"])
        _tell(UserSaved(user))
    return user


@transaction.atomic
@audited_action("user", verb=AuditVerb.ACTIVATE)
def user_activate(*, user: User, actor: User | None) -> User:
    """Let a deactivated user sign in again; sessions from before stay ended.

    Raises:
        DomainError: ``not_allowed``, ``user_unknown``.
    """
    user = user_lock(user)
    check_may_change(actor, user)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        _tell(UserSaved(user))
    return user


@transaction.atomic
@audited_action("user")
def user_delete(*, user: User, actor: User | None) -> User:
    """Take a user out of everything but history, which keeps their name (TEN-7). Their email may be used again.

    Raises:
        DomainError: as `user_deactivate`.
    """
    user = user_lock(user)
    _leave(user, actor)
    user.deleted_at = timezone.now()
    user.set_unusable_password()
    user.save(update_fields=["is_active", "session_generation", "deleted_at", "password"])
    _tell(UserDeleted(user))
    return user


@transaction.atomic
@audited_action("user")
def user_set_picture(*, user: User, upload: "File[bytes] | None", actor: User | None) -> User:
    """Give a user a picture, or take it away (TEN-4). The address changes with it, so that no cache shows the old one.

    Args:
        user: whose picture.
        upload: an image file, None for no picture.
        actor: themself, or who may change them.

    Raises:
        DomainError: ``not_allowed``, ``user_unknown``, ``picture_too_large``, ``picture_unreadable``.
    """
    user = user_lock(user)
    check_may_change(actor, user)
    old = user.picture.name
    if upload is None:
        user.picture = ""
    else:
        user.picture.save("picture.webp", encode_picture(upload), save=False)
    user.save(update_fields=["picture"])
    if old:
        after_commit(default_storage.delete, old)
    return user


@transaction.atomic
def user_sign_out(*, user: User) -> None:
    """Tell the apps above that a user leaves; the page that asked ends the session.

    Raises:
        DomainError: what an app above has against it, such as a live conversation (AGT-8).
    """
    _tell(UserSigningOut(user))


def _tell(event: UserSaved | UserDeactivating | UserDeleted | UserSigningOut) -> None:
    """Tell the apps above; not of operators, as those apps have no tables where operators are."""
    if not event.user.is_operator:
        announce(event)


def _leave(user: User, actor: User | None) -> None:
    """What deactivating and deleting have in common."""
    if actor is not None and actor.pk == user.pk:
        raise DomainError(Refusal.NOT_YOURSELF, _("You can't deactivate or delete yourself."))
    if user.is_owner:
        raise DomainError(Refusal.NOT_THE_OWNER, _("The owner can't be deactivated or deleted."))
    check_may_change(actor, user)
    _tell(UserDeactivating(user))
    UserSession.objects.filter(user=user).delete()
    user.is_active = False
    user.session_generation += 1
    close_sockets(user)


def close_sockets(user: User) -> None:
    """End every socket of a user's, after the commit."""
    publish(Close(code=CLOSE_SIGNED_OUT), groups=[agent_group(user.pk)])


def check_password_opens(user: User) -> None:
    """Nobody is given a password who can't sign in by it.

    Raises:
        DomainError: ``password_closed``.
    """
    if not password_opens(user):
        message = _("People sign in at your company’s provider here: only the owner has a password.")
        raise DomainError(Refusal.PASSWORD_CLOSED, message)


def check_may_change(actor: User | None, user: User) -> None:
    """Nobody changes the account of somebody who may do more; the owner's is changed by the owner alone.

    Raises:
        DomainError: ``not_allowed``.
    """
    if user.leaves_at is not None and actor is not None:
        message = _("An operator's account is nobody's to change: end their pass instead.")
        raise DomainError(Refusal.NOT_ALLOWED, message)
    if actor is None or actor.pk == user.pk or actor.is_operator:
        return
    if user.is_owner:
        raise DomainError(Refusal.NOT_ALLOWED, _("Only the owner may change the owner's account."))
    if not actor.may(Permission.SETUP) or role_exceeds(user.role, actor.role):
        raise DomainError(
            Refusal.NOT_ALLOWED, _("This user may do more than you: ask an administrator to change them.")
        )


def _check_role_change(actor: User | None, user: User, role: Role | None) -> None:
    if actor is not None and actor.pk == user.pk:
        raise DomainError(Refusal.NOT_YOURSELF, _("You can't change your own role."))
    if user.is_owner and not User.objects.filter(role__code=OWNER, is_active=True).exclude(pk=user.pk).exists():
        raise DomainError(Refusal.NOT_THE_OWNER, _("A tenant keeps an owner: make somebody else the owner first."))
    _check_grant(actor, role)


def _check_grant(actor: User | None, role: Role | None) -> None:
    """Nobody gives away more than they have."""
    if actor is None or actor.is_operator or role is None:
        return
    if not actor.may(Permission.SETUP) or role not in grantable_roles(actor):
        raise DomainError(Refusal.NOT_ALLOWED, _("You can't give a role that may do more than yours."))
