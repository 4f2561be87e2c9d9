"""The words of accounts."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    NOT_ALLOWED = "not_allowed"
    NOT_THE_OWNER = "not_the_owner"
    NOT_YOURSELF = "not_yourself"
    PICTURE_TOO_LARGE = "picture_too_large"
    PICTURE_UNREADABLE = "picture_unreadable"
    ROLE_BUILT_IN = "role_built_in"
    ROLE_IN_USE = "role_in_use"
    USER_UNKNOWN = "user_unknown"
