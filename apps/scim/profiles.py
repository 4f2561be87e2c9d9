"""What of a directory's words on a user becomes which field of theirs."""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from scim2_models import InvalidValueException

from apps.contacts.text import clean_phone
from apps.scim.resources import EnterpriseUser, User
from apps.tenants.zones import zone_validate

ATTRIBUTES = {
    "email": "userName",
    "first_name": "name.givenName",
    "last_name": "name.familyName",
    "nick_name": "nickName",
    "phone": "phoneNumbers",
    "custom_id": "employeeNumber",
    "time_zone": "timezone",
    "external_id": "externalId",
    "display_name": "displayName",
}
"""What SCIM calls the fields that an error may be about."""


NAMES = ("first_name", "last_name")


def new_profile(document: User) -> dict[str, Any]:
    """The fields of a user who is made.

    Args:
        document: of the request.

    Returns:
        By name of the field, of those that are given; always an email and a first name.
    """
    given = {name: value for name, read in _READERS.items() if (value := read(document))}
    email, (first, last) = _email(document), _names(document)
    return {"email": email, "first_name": first or email.partition("@")[0], "last_name": last, **given}


def profile_changes(before: User, after: User) -> dict[str, Any]:
    """The fields of a user that a request changes: what it says the same of as before, stays.

    Args:
        before: what the directory was told of them.
        after: what it wants.
    """
    changes: dict[str, Any] = {}
    if _email(after).lower() != _email(before).lower():
        changes["email"] = _email(after)
    names = _names(after)
    if after.name == before.name and after.display_name != before.display_name and not _names(before)[1]:
        names = (after.display_name or "", "")
    if names[0]:
        written = zip(NAMES, _names(before), names, strict=True)
        changes |= {name: new for name, old, new in written if new != old}
    for name, read in _READERS.items():
        old, new = read(before), read(after)
        if new != old and new is not None and (new or name != "time_zone"):
            changes[name] = new
    return changes


def _email(document: User) -> str:
    email = (document.user_name or "").strip()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise InvalidValueException(
            detail="userName must be an email address: have the directory send that", attribute="userName"
        )
    return email


def _names(document: User) -> tuple[str, str]:
    """First and last name; the first from what they are shown as, where there is neither."""
    name = document.name
    first = ((name.given_name if name else "") or "").strip()
    last = ((name.family_name if name else "") or "").strip()
    if not first and not last:
        first = (document.display_name or (name.formatted if name else "") or "").strip()
    return first or last, last if first else ""


def _nick_name(document: User) -> str:
    return (document.nick_name or "").strip()


def _phone(document: User) -> str | None:
    """The primary one, or the first; None where none of them is in the international form, which is no change."""
    numbers = [each for each in document.phone_numbers or [] if each.value]
    if not numbers:
        return ""
    for number in sorted(numbers, key=lambda each: not each.primary):
        try:
            return clean_phone(str(number.value))
        except ValidationError:
            continue
    return None


def _custom_id(document: User) -> str:
    company = document[EnterpriseUser]
    return ((company.employee_number if company else "") or "").strip()


def _time_zone(document: User) -> str | None:
    """By its name; None where nobody knows it, which is no change."""
    zone = (document.timezone or "").strip()
    if zone:
        try:
            zone_validate(zone)
        except ValidationError:
            return None
    return zone


_READERS: dict[str, Callable[[User], str | None]] = {
    "nick_name": _nick_name,
    "phone": _phone,
    "custom_id": _custom_id,
    "time_zone": _time_zone,
}
