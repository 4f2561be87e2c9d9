"""What went wrong, as SCIM says it (RFC 7644, 3.12)."""

from typing import Final

import pydantic
from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, ValidationError
from django.utils.encoding import force_str
from scim2_models import Error, SCIMException

from apps.core.choices import Refusal as CoreRefusal
from apps.core.errors import DomainError
from apps.scim.choices import Refusal
from apps.scim.profiles import ATTRIBUTES

STATUS: Final[dict[str, int]] = {
    Refusal.GROUP_UNKNOWN: 404,
    Refusal.USER_UNKNOWN: 404,
    Refusal.OWNER: 403,
    Refusal.MEMBER_UNKNOWN: 400,
    CoreRefusal.SLOW_DOWN: 429,
}
"""By code of the refusal; any other is a state that doesn't let it be, 409."""
KEYWORD: Final[dict[str, str]] = {
    Refusal.GROUP_EXISTS: "uniqueness",
    Refusal.USER_EXISTS: "uniqueness",
    Refusal.MEMBER_UNKNOWN: "invalidValue",
}
"""By code of the refusal, SCIM's own word where it has one."""

EXPECTED: Final = (SCIMException, pydantic.ValidationError, DomainError, ValidationError, RequestDataTooBig)
"""What a request can be refused by."""


def error_of(failure: Exception) -> Error:
    """The answer for what a request was refused by, one of `EXPECTED`."""
    if isinstance(failure, SCIMException):
        return failure.to_error()
    if isinstance(failure, pydantic.ValidationError):
        return Error.from_validation_errors(failure)[0]
    if isinstance(failure, DomainError):
        code = failure.code
        return Error(status=STATUS.get(code, 409), scim_type=KEYWORD.get(code), detail=force_str(failure.message))
    if isinstance(failure, ValidationError):
        return Error(status=400, scim_type="invalidValue", detail=_sentences(failure))
    return Error(status=413, detail="The request is too large.")


def _sentences(failure: ValidationError) -> str:
    if not hasattr(failure, "error_dict"):
        return " ".join(failure.messages)
    parts = []
    for name, messages in failure.message_dict.items():
        about = "" if name == NON_FIELD_ERRORS else f"{ATTRIBUTES.get(name, name)}: "
        parts.append(about + " ".join(messages))
    return " ".join(parts)
