"""The words of imports."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """How far an import is."""

    CHECKING = "checking", _("Being checked")
    READY = "ready", _("Checked, ready to import")
    WRONG = "wrong", _("Checked, with errors")
    APPLYING = "applying", _("Being imported")
    DONE = "done", _("Imported")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


LIVE = (JobState.CHECKING, JobState.READY, JobState.WRONG, JobState.APPLYING)
"""An import that is in one of these keeps others of its kind out."""

WORKING = (JobState.CHECKING, JobState.APPLYING)
"""A worker is at it, or will be."""


class RowState(models.TextChoices):
    """What becomes of a row of a file."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Unchanged")
    WRONG = "wrong", _("Wrong")


class ImportVerb(models.TextChoices):
    """What the audit log says of files of rows (AUD-1)."""

    IMPORT = "rows.import", _("Rows imported from a file")
    EXPORT = "rows.export", _("Rows exported to a file")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    FILE_UNREADABLE = "import_file_unreadable"
    IMPORT_NOT_READY = "import_not_ready"
    IMPORT_RUNNING = "import_running"
    NOT_ALLOWED = "import_not_allowed"
