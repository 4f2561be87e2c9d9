"""A directory's users become those of Parley, stay like them, and leave (TEN-6, TEN-7)."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.actions import user_activate, user_create, user_deactivate, user_invite, user_update
from apps.accounts.models import User as UserRow
from apps.accounts.selectors import password_opens, user_by_email
from apps.accounts.steps import user_lock
from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.scim.actions.groups import sign_in_groups_forget
from apps.scim.choices import Refusal
from apps.scim.documents import user_document
from apps.scim.models import DirectoryToken, DirectoryUser
from apps.scim.profiles import new_profile, profile_changes
from apps.scim.resources import User
from apps.scim.selectors import directory_user


@transaction.atomic
def directory_user_create(*, document: User, token: DirectoryToken) -> UserRow:
    """Make a user whom a directory sends; one whom it has removed comes back as the same.

    Args:
        document: what it says of them.
        token: by which it came: says which role they have, and whether they are invited.

    Raises:
        DomainError: ``directory_user_exists``.
        ValidationError: a value is not acceptable.
    """
    profile = new_profile(document)
    active = document.active is not False
    known = user_by_email(profile["email"])
    if known is None:
        user = _write(profile["email"], None, lambda: user_create(**profile, role=token.new_user_role, actor=None))
    elif _is_removed(known):
        profile = {name: value for name, value in profile.items() if value} | {"role": token.new_user_role}
        user = user_update(user=known, fields=profile, actor=None)
        user = user_activate(user=user, actor=None)
    else:
        raise _exists()
    directory_user_save(row=DirectoryUser(user=user, external_id=document.external_id or ""))
    if not active:
        return user_deactivate(user=user, actor=None)
    if token.sends_invitations and not user.has_usable_password() and password_opens(user):
        user_invite(user=user, actor=None)
    return user


@transaction.atomic
def directory_user_change(*, user_id: UUID, change: Callable[[User], User]) -> UserRow:
    """Write what a directory has changed of a user, and let them in or out.

    Args:
        user_id: whose.
        change: makes what it wants of what there is; called while the user is locked.

    Raises:
        DomainError: ``user_unknown``, ``directory_owner``, ``directory_user_exists``, or why a user stays active:
            ``user_busy``, ``user_only_member``.
        ValidationError: a value is not acceptable.
    """
    row = _lock(user_id)
    before = user_document(row, "", with_groups=False)
    after = change(before.model_copy(deep=True))
    fields = profile_changes(before, after)
    switched = after.active is not None and after.active != row.is_active
    if fields or switched:
        check_no_owner(row)
    if fields:
        row = _write(fields.get("email"), row, lambda: user_update(user=row, fields=fields, actor=None))
    if (after.external_id or "") != (before.external_id or ""):
        directory_user_save(row=DirectoryUser(user=row, external_id=after.external_id or ""))
    if switched:
        row = user_activate(user=row, actor=None) if after.active else user_deactivate(user=row, actor=None)
    return row


@transaction.atomic
def directory_user_remove(*, user_id: UUID) -> UserRow:
    """Deactivate a user whom a directory has deleted: they are kept with all their work, and in none of its groups.

    Raises:
        DomainError: ``user_unknown``, ``directory_owner``, ``user_busy``, ``user_only_member``.
    """
    row = _lock(user_id)
    check_no_owner(row)
    row = user_deactivate(user=row, actor=None)
    known = DirectoryUser.objects.filter(pk=row.pk).first() or DirectoryUser(user=row)
    known.removed_at = timezone.now()
    directory_user_save(row=known)
    row.directory_groups.clear()
    sign_in_groups_forget(user=row)
    return row


@transaction.atomic
@audited_action("row")
def directory_user_save(*, row: DirectoryUser) -> DirectoryUser:
    """Note what a directory calls a user, and whether it has removed them.

    Raises:
        ValidationError: a value is not acceptable.
    """
    row.full_clean(validate_unique=False)
    row.save()
    return row


def check_no_owner(user: UserRow) -> None:
    """A directory leaves the owner alone: who writes its rows would else be the owner themself (TEN-7).

    Raises:
        DomainError: ``directory_owner``.
    """
    if user.is_owner:
        raise DomainError(Refusal.OWNER, _("The owner's account is changed by the owner alone, not by a directory."))


def _lock(user_id: UUID) -> UserRow:
    """One of the directory's users, locked.

    Raises:
        DomainError: ``user_unknown``.
    """
    locked = user_lock(UserRow(pk=user_id))
    if (row := directory_user(locked.pk)) is None:
        raise user_unknown()
    return row


def user_unknown() -> DomainError:
    """The refusal for a user whom the directory does not see, or who is not there."""
    return DomainError(Refusal.USER_UNKNOWN, _("There is no such user."))


def _write(email: str | None, user: UserRow | None, write: Callable[[], UserRow]) -> UserRow:
    """Write a user; that somebody else has the email, or had it first, is a refusal of its own (RFC 7644, 3.3).

    Args:
        email: a new one, if it is one.
        user: whose; None for one who is being made.
        write: makes or changes them.
    """
    try:
        return write()
    except (IntegrityError, ValidationError):
        holder = user_by_email(email) if email else None
        if holder is not None and holder != user:
            raise _exists() from None
        raise


def _exists() -> DomainError:
    return DomainError(Refusal.USER_EXISTS, _("A user with this userName exists already."))


def _is_removed(user: UserRow) -> bool:
    return DirectoryUser.objects.filter(pk=user.pk, removed_at__isnull=False).exists()
