"""Refusals that several modules of files have in common."""

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.files.choices import Refusal
from apps.files.models import FileRules
from apps.files.types import extension_of


def file_too_large_error(rules: FileRules) -> DomainError:
    """It is larger than files may be."""
    message = _("This file is too large: %(max)s MB at most.") % {"max": rules.max_megabytes}
    return DomainError(Refusal.FILE_TOO_LARGE, message, max=rules.max_bytes)


def file_unknown_error() -> DomainError:
    """There is no such file, or none that they may know of."""
    return DomainError(Refusal.FILE_UNKNOWN, _("This file is not there any more. Please attach it again."))


def file_empty_error() -> DomainError:
    """There is nothing in it."""
    return DomainError(Refusal.FILE_EMPTY, _("This file is empty."))


def file_type_error(name: str) -> DomainError:
    """Files of this type are not taken."""
    ending = extension_of(name)
    if not ending:
        return DomainError(Refusal.FILE_TYPE_REFUSED, _("Files of this type can't be sent here."))
    return DomainError(
        Refusal.FILE_TYPE_REFUSED, _("Files of type .%(ending)s can't be sent here.") % {"ending": ending}
    )
