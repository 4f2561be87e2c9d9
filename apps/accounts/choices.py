"""The words of accounts."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    LINK_OVER = "link_over"
    NOT_ALLOWED = "not_allowed"
    NOT_THE_OWNER = "not_the_owner"
    NOT_YOURSELF = "not_yourself"
    PICTURE_TOO_LARGE = "picture_too_large"
    PICTURE_UNREADABLE = "picture_unreadable"
    PASSWORD_CLOSED = "password_closed"  # noqa: S105 - a code
    PROVIDER_UNUSABLE = "provider_unusable"
    ROLE_BUILT_IN = "role_built_in"
    ROLE_IN_USE = "role_in_use"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_IN_UNSAFE = "sign_in_unsafe"
    USER_INACTIVE = "user_inactive"
    USER_UNKNOWN = "user_unknown"


class AuditVerb(models.TextChoices):
    """What users do that changes no row, in the audit log (AUD-1)."""

    SIGN_IN = "user.sign_in", _("Signed in")
    SIGN_IN_OPENID = "user.sign_in_openid", _("Signed in by OpenID Connect")
    SIGN_IN_FAILED = "user.sign_in_failed", _("Sign-in failed")
    SIGN_OUT = "user.sign_out", _("Signed out")
    SESSION_END = "user.end_session", _("Session ended")
    FACTORS_REMOVED = "user.remove_factors", _("Second factors removed")
    PASSWORD = "user.password", _("Password changed")
    OPENID_UNLINK = "user.unlink_openid", _("Account at the provider unlinked")
    DEACTIVATE = "user.deactivate", _("User deactivated")
    ACTIVATE = "user.activate", _("User activated")


class LinkKind(models.TextChoices):
    """What a link in a mail is for."""

    INVITATION = "invitation", _("Invitation")
    RESET = "reset", _("New password")
    EMAIL = "email", _("New email")
