"""A directory's groups: their members have the role that an administrator gives the group (TEN-6)."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.actions import user_update
from apps.accounts.models import Role, User
from apps.accounts.permissions import Permission
from apps.accounts.selectors import grantable_roles, mappable_roles
from apps.accounts.steps import user_lock
from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.scim.choices import Refusal
from apps.scim.documents import group_document
from apps.scim.models import DirectoryGroup, SignInGroup
from apps.scim.resources import Group
from apps.scim.selectors import (
    directory_group,
    directory_users,
    groups_by_name,
    people_of_group,
    role_by_groups,
    users_by_id,
)


@transaction.atomic
def directory_group_create(*, document: Group) -> DirectoryGroup:
    """Make a group that a directory sends; which role its members have, an administrator says.

    Raises:
        DomainError: ``directory_group_exists``, ``directory_member_unknown``.
        ValidationError: a value is not acceptable.
    """
    row = DirectoryGroup(display_name=_name(document), external_id=document.external_id or "")
    return _write(row, _members(document))


@transaction.atomic
def directory_group_change(*, group_id: UUID, change: Callable[[Group], Group]) -> DirectoryGroup:
    """Write what a directory has changed of a group: its name, its members.

    Args:
        group_id: which.
        change: makes what it wants of what there is; called while the group is locked.

    Raises:
        DomainError: ``directory_group_unknown``, ``directory_group_exists``, ``directory_member_unknown``.
        ValidationError: a value is not acceptable.
    """
    _locked(group_id)
    if (row := directory_group(group_id)) is None:
        raise group_unknown()
    after = change(group_document(row, ""))
    row.display_name, row.external_id = _name(after), after.external_id or ""
    return _write(row, _members(after))


@transaction.atomic
@audited_action("group")
def directory_group_save(
    *, group: DirectoryGroup, members: Iterable[User] | None = None, actor: User | None
) -> DirectoryGroup:
    """Make a group or write its changes, and give those their role whom it concerns.

    Args:
        group: with its new values.
        members: all that it has from now on; None for no change.
        actor: who gives it a role, one that they may give; None for a directory, which gives none.

    Raises:
        DomainError: ``not_allowed``.
        ValidationError: a value is not acceptable.
    """
    stored = _locked(group.pk)
    if actor is not None:
        _check_may(actor, group.role, stored.role if stored is not None else None)
    group.full_clean()
    group.save()
    concerned: set[User] = set()
    old = set(directory_users().filter(directory_groups=group))
    if members is not None:
        new = set(members)
        concerned = old ^ new
        group.members.set(new)
    if stored is not None and (stored.role_id, stored.position) != (group.role_id, group.position):
        concerned |= people_of_group(group)
    if group.role_id is not None or (stored is not None and stored.role_id is not None):
        users_follow_groups(users=concerned)
    return group


@transaction.atomic
@audited_action("group")
def directory_group_delete(*, group: DirectoryGroup, actor: User | None) -> None:
    """Delete a group: its members have the role of another one, or none.

    Args:
        group: which.
        actor: who deletes it; None for a directory.

    Raises:
        DomainError: ``not_allowed``, ``directory_group_unknown``.
    """
    locked = _locked(group.pk)
    if locked is None:
        raise group_unknown()
    if actor is not None:
        _check_may(actor, None, locked.role)
    concerned = people_of_group(locked) if locked.role_id else set()
    for each in sorted(concerned, key=lambda user: user.pk):
        # Before the row goes: who signs in holds their own lock while they are put into their groups.
        user_lock(each)
    locked.delete()
    users_follow_groups(users=concerned)


@transaction.atomic
def users_follow_groups(*, users: Iterable[User]) -> None:
    """Give users the role of the groups that they are in, or none; the owner keeps theirs.

    Args:
        users: whose groups, or whose groups' roles, have changed.
    """
    for each in sorted(users, key=lambda user: user.pk):
        # Locked before their groups are read: of two changes at once the later one sees the earlier.
        user = user_lock(each)
        role = role_by_groups(user)
        if not user.is_owner and user.role != role:
            user_update(user=user, fields={"role": role}, actor=None)


@transaction.atomic
def sign_in_groups_set(*, user: User, issuer: str, names: Iterable[str]) -> None:
    """Keep in which groups somebody is by the word of the provider at which they sign in, and give them their role.

    Args:
        user: who.
        issuer: the provider.
        names: of all groups that it names; those that nobody has made here count for nothing.
    """
    user = user_lock(user)
    before = SignInGroup.objects.filter(user=user)
    now = groups_by_name(names)
    gives = before.filter(group__role__isnull=False).exists() or any(group.role_id for group in now)
    before.delete()
    SignInGroup.objects.bulk_create(SignInGroup(group=group, user=user, issuer=issuer) for group in now)
    if gives:
        users_follow_groups(users=[user])


@transaction.atomic
def sign_in_groups_forget(*, user: User) -> None:
    """Have what a provider once said of somebody's groups count no more.

    Args:
        user: locked.
    """
    SignInGroup.objects.filter(user=user).delete()


def group_unknown() -> DomainError:
    """The refusal for a group that is not there."""
    return DomainError(Refusal.GROUP_UNKNOWN, _("There is no such group."))


def _locked(group_id: UUID) -> DirectoryGroup | None:
    """A group, locked; rows that refer to it may come meanwhile: who signs in has locked themself first."""
    return DirectoryGroup.objects.select_for_update(of=("self",), no_key=True).filter(pk=group_id).first()


def _write(row: DirectoryGroup, members: Iterable[User]) -> DirectoryGroup:
    """Write a group; that another one has its name is a refusal of its own."""
    try:
        with transaction.atomic():
            return directory_group_save(group=row, members=members, actor=None)
    except (IntegrityError, ValidationError):
        same = DirectoryGroup.objects.filter(display_name__iexact=row.display_name).exclude(pk=row.pk)
        if same.exists():
            raise DomainError(Refusal.GROUP_EXISTS, _("A group with this name exists already.")) from None
        raise


def _name(document: Group) -> str:
    return (document.display_name or "").strip()


def _members(document: Group) -> list[User]:
    """The members that a request names.

    Raises:
        DomainError: ``directory_member_unknown``.
    """
    ids = [each.value or "" for each in document.members or []]
    known = users_by_id(ids)
    if missing := [each for each in ids if each not in known]:
        message = _("There is no user with the id “%(id)s”; groups in groups are not read.") % {"id": missing[0][:60]}
        raise DomainError(Refusal.MEMBER_UNKNOWN, message)
    return list(known.values())


def _check_may(actor: User, *roles: Role | None) -> None:
    """Nobody has a directory give, or take, what they may not give themself (TEN-5)."""
    given = set(grantable_roles(actor)) & set(mappable_roles())
    if not actor.may(Permission.SETTINGS) or not {role for role in roles if role is not None} <= given:
        raise DomainError(Refusal.NOT_ALLOWED, _("You can't have a group give a role that may do more than yours."))
