"""What a directory may see: every user but passing operators and those it has removed, and its groups."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.accounts.selectors import openid_provider, role_exceeds
from apps.scim.filters import Column, Key
from apps.scim.models import DirectoryGroup, DirectoryToken, token_digest

USER_COLUMNS: Final[dict[Key, Column]] = {
    ("id", None): Column("pk", UUID),
    ("external_id", None): Column("directory_user__external_id", folds=False),
    ("user_name", None): Column("email"),
    ("emails", "value"): Column("email"),
    ("emails", "type"): Column(constant="work"),
    ("emails", "primary"): Column(kind=bool, constant=True),
    ("name", "given_name"): Column("first_name"),
    ("name", "family_name"): Column("last_name"),
    ("nick_name", None): Column("nick_name"),
    ("active", None): Column("is_active", bool),
    ("phone_numbers", "value"): Column("phone"),
    ("employee_number", None): Column("custom_id"),
    ("roles", "value"): Column("role__code"),
    ("groups", "value"): Column("directory_groups", UUID),
    ("meta", "created"): Column("created_at", datetime),
}
"""By what users are filtered."""

GROUP_COLUMNS: Final[dict[Key, Column]] = {
    ("id", None): Column("pk", UUID),
    ("external_id", None): Column("external_id", folds=False),
    ("display_name", None): Column("display_name"),
    ("members", "value"): Column("members", UUID),
    ("meta", "created"): Column("created_at", datetime),
}
"""By what groups are filtered."""


def token_by_secret(secret: str) -> DirectoryToken | None:
    """The token with this secret, if it is valid now."""
    valid = DirectoryToken.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
    return valid.select_related("new_user_role").filter(digest=token_digest(secret)).first()


def directory_users(condition: Q | None = None) -> QuerySet[User]:
    """The users of whom a directory is told, in the order in which they were made."""
    users = User.objects.filter(deleted_at=None, leaves_at=None, directory_user__removed_at=None)
    # A filter by groups would find somebody once for each.
    return users.filter(pk__in=users.filter(condition)) if condition else users


def users_with_facts(users: QuerySet[User], *, with_groups: bool = True) -> QuerySet[User]:
    """Users with all that is told of them, in as many queries for one as for many."""
    told = users.select_related("role", "directory_user").order_by("pk")
    return told.prefetch_related("directory_groups") if with_groups else told


def directory_user(user_id: UUID) -> User | None:
    """One of them."""
    return users_with_facts(directory_users()).filter(pk=user_id).first()


def directory_groups(condition: Q | None = None, *, with_members: bool = True) -> QuerySet[DirectoryGroup]:
    """The groups, in the order in which they were made, with those of their members that a directory sees."""
    groups = DirectoryGroup.objects.order_by("pk")
    if condition:
        groups = groups.filter(pk__in=DirectoryGroup.objects.filter(condition).order_by().values("pk"))
    return groups.prefetch_related(Prefetch("members", queryset=directory_users())) if with_members else groups


def directory_group(group_id: UUID, *, with_members: bool = True) -> DirectoryGroup | None:
    """One of them."""
    return directory_groups(with_members=with_members).filter(pk=group_id).first()


def users_by_id(ids: Iterable[str]) -> dict[str, User]:
    """Those of these users that there are, by the ids as they were asked for."""
    known: dict[UUID, str] = {}
    for each in ids:
        try:
            known[UUID(each)] = each
        except ValueError:
            continue
    return {known[user.pk]: user for user in directory_users().filter(pk__in=known)}


def role_by_groups(user: User) -> Role | None:
    """What somebody may do by the groups that they are in: the role of the first in order (TEN-6).

    A directory says who is in them, and so does the provider at which they sign in: it gives nothing that whoever has
    set it up may not do.
    """
    provider = openid_provider()
    trusted = provider.set_up_by if provider is not None else None
    groups = DirectoryGroup.objects.filter(role__isnull=False).select_related("role")
    by_directory = groups.filter(members=user)
    by_sign_in = groups.none()
    if provider is not None and provider.groups_claim:
        by_sign_in = groups.filter(sign_ins__user=user, sign_ins__issuer=provider.issuer)
    found = [*by_directory, *(group for group in by_sign_in if not role_exceeds(group.role, trusted))]
    first = min(found, key=lambda group: (group.position, group.display_name, group.pk), default=None)
    return first.role if first is not None else None


def groups_by_name(names: Iterable[str]) -> list[DirectoryGroup]:
    """The groups that have these names, whatever their case, or are so called by a directory."""
    known = set(names)
    folded = DirectoryGroup.objects.alias(folded=Lower("display_name"))
    return list(folded.filter(Q(folded__in={name.lower() for name in known}) | Q(external_id__in=known - {""})))


def people_of_group(group: DirectoryGroup) -> set[User]:
    """Who is in a group, by a directory or by what the provider said when they signed in."""
    said = User.objects.filter(deleted_at=None, leaves_at=None, sign_in_groups__group=group)
    return {*directory_users().filter(directory_groups=group), *said}
