"""Users and groups as SCIM has them (RFC 7643): what is served, and nothing else.

The texts under the attributes are part of `/Schemas`. Whatever else a directory sends is left out.
"""

from typing import Annotated, Any, Final, cast

from pydantic import Field
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    Extension,
    Mutability,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    Uniqueness,
)

POLICY: Final = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    # As Entra ID writes its changes.
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""What is tolerated of requests."""


class Name(ComplexAttribute):
    """What somebody is called."""

    formatted: str | None = None
    """First and last name; follows from them."""

    given_name: str | None = None
    """First name."""

    family_name: str | None = None
    """Last name."""


class Email(ComplexAttribute):
    """The email address."""

    type: str | None = Field(None, examples=["work"])
    """Always work."""

    primary: bool | None = None
    """Always true: there is one."""

    value: str | None = None
    """Follows from userName, which is the email address."""


class PhoneNumber(ComplexAttribute):
    """The phone number; of several the primary one, or the first."""

    type: str | None = Field(None, examples=["work"])
    """Always work."""

    primary: bool | None = None
    """Whether it is the one that is kept."""

    value: str | None = None
    """In the international form, such as +4930123456."""


class GroupOfUser(ComplexAttribute):
    """A group that somebody is in."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    """The group's id."""

    display: Annotated[str | None, Mutability.read_only] = None
    """The group's name."""


class RoleOfUser(ComplexAttribute):
    """What somebody may do; follows from their groups."""

    value: Annotated[str | None, Mutability.read_only] = None
    """The role's code."""

    display: Annotated[str | None, Mutability.read_only] = None
    """The role's name."""


class EnterpriseUser(Extension):
    """What companies add."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    employee_number: str | None = None
    """The custom id: their key in the company's own system, at most 64 characters without spaces."""


class User(Resource[Any]):
    """A person who signs in."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The email address by which they sign in."""

    name: Name | None = None
    """What they are called."""

    display_name: str | None = None
    """First and last name; taken where there is neither."""

    nick_name: str | None = None
    """What customers see."""

    active: bool | None = None
    """Whether they may sign in."""

    emails: list[Email] | None = None
    """The email address, which follows from userName."""

    phone_numbers: list[PhoneNumber] | None = None
    """The phone number."""

    timezone: str | None = None
    """By its name, such as Europe/Madrid; the company's for a new user without one."""

    groups: Annotated[list[GroupOfUser] | None, Mutability.read_only] = None
    """The groups that they are in."""

    roles: Annotated[list[RoleOfUser] | None, Mutability.read_only] = None
    """What they may do."""


class Member(ComplexAttribute):
    """A user in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The user's id."""

    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The user's address."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """User: groups have no groups as members."""

    display: Annotated[str | None, Mutability.immutable] = None
    """The user's name."""


class Group(Resource[Any]):
    """A group of the directory, which may give its members a role."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The group's name."""

    members: list[Member] | None = None
    """The users in it."""


ScimUser = cast("type[User]", User.__class_getitem__(EnterpriseUser))
"""A user with the company's extension: `User[EnterpriseUser]`, which only the library's own base class is to mypy."""
