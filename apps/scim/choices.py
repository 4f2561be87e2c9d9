"""The words of directory sync."""

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

DAYS, DAYS_MOST = 365, 1_095
"""For how many days a token is valid: unless told otherwise, and at most."""

PAGE, PAGE_MOST = 100, 200
"""How many resources a list has: unless asked otherwise, and at most."""

BODY_BYTES: Final = 1024 * 1024
"""How large a request may be: a group of about ten thousand members."""

OPERATIONS_MOST: Final = 1_000
"""How many operations one PATCH may have."""

FARTHEST: Final = 2**31
"""The last place in a list at which a page begins."""

FILTER_MOST: Final = 1_000
"""How many characters a filter may have."""


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    GROUP_EXISTS = "directory_group_exists"
    GROUP_UNKNOWN = "directory_group_unknown"
    LENGTH_INVALID = "token_length_invalid"
    MEMBER_UNKNOWN = "directory_member_unknown"
    NOT_ALLOWED = "not_allowed"
    OWNER = "directory_owner"
    USER_EXISTS = "directory_user_exists"
    USER_UNKNOWN = "user_unknown"


class AuditVerb(models.TextChoices):
    """What is done with tokens, in the audit log (AUD-1)."""

    REVOKE = "directory_token.revoke", _("Directory token revoked")
