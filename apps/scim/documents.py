"""Rows as the resources that a directory reads."""

from django.urls import reverse
from scim2_models import Meta, Reference

from apps.accounts.models import User as UserRow
from apps.scim.models import DirectoryGroup
from apps.scim.resources import (
    Email,
    EnterpriseUser,
    Group,
    GroupOfUser,
    Member,
    Name,
    PhoneNumber,
    RoleOfUser,
    ScimUser,
    User,
)
from apps.tenants.links import absolute_url


def base_address() -> str:
    """Where this tenant's SCIM is, without a slash at the end."""
    return absolute_url(reverse("scim:root")).removesuffix("/")


def user_document(user: UserRow, base: str, *, with_groups: bool = True) -> User:
    """A user.

    Args:
        user: with the facts of `users_with_facts`.
        base: of `base_address`.
        with_groups: whether the groups that they are in are read.
    """
    known = getattr(user, "directory_user", None)
    document = ScimUser(
        id=str(user.pk),
        external_id=(known.external_id or None) if known else None,
        user_name=user.email,
        name=Name(formatted=user.full_name, given_name=user.first_name, family_name=user.last_name or None),
        display_name=user.full_name,
        nick_name=user.nick_name or None,
        active=user.is_active,
        emails=[Email(type="work", primary=True, value=user.email)],
        phone_numbers=[PhoneNumber(type="work", value=user.phone)] if user.phone else None,
        timezone=user.time_zone,
        roles=[RoleOfUser(value=user.role.code, display=user.role.name)] if user.role else None,
        meta=Meta(resource_type="User", created=user.created_at, location=f"{base}/Users/{user.pk}"),
    )
    if with_groups:
        groups = [GroupOfUser(value=str(each.pk), display=each.display_name) for each in user.directory_groups.all()]
        document.groups = groups or None
    if user.custom_id:
        document[EnterpriseUser] = EnterpriseUser(employee_number=user.custom_id)
    return document


def group_document(group: DirectoryGroup, base: str, *, with_members: bool = True) -> Group:
    """A group.

    Args:
        group: with its members, where they are told.
        base: of `base_address`.
        with_members: whether they are.
    """
    document = Group(
        id=str(group.pk),
        external_id=group.external_id or None,
        display_name=group.display_name,
        meta=Meta(resource_type="Group", created=group.created_at, location=f"{base}/Groups/{group.pk}"),
    )
    if with_members:
        document.members = [_member(user, base) for user in group.members.all()] or None
    return document


def _member(user: UserRow, base: str) -> Member:
    reference = Reference[User](f"{base}/Users/{user.pk}")
    return Member(value=str(user.pk), ref=reference, type="User", display=user.full_name)
