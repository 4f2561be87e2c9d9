"""The words of files."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """What a file is, as an administrator allows it and as screens show it."""

    IMAGE = "image", _("Images (JPEG, PNG, GIF, WebP, AVIF, HEIC)")
    PDF = "pdf", _("PDF documents")
    TEXT = "text", _("Plain text and CSV")
    OFFICE = "office", _("Office documents without macros")
    ARCHIVE = "archive", _("Zip archives")
    AUDIO = "audio", _("Sound")
    VIDEO = "video", _("Video")


class MailFileKind(models.TextChoices):
    """What a file is that only mails bring: it is saved, and never shown."""

    MAIL = "mail", _("A mail")
    OTHER = "other", _("Another file")
    UNSAFE = "unsafe", _("A file that can do harm")


class FileState(models.TextChoices):
    """How far an upload has come."""

    EXPECTED = "expected", _("Expected")
    RECEIVING = "receiving", _("Being received")
    READY = "ready", _("Ready")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    ARCHIVE_LOCKED = "archive_locked"
    ARCHIVE_PROGRAM = "archive_program"
    ARCHIVE_TOO_LARGE = "archive_too_large"
    ARCHIVE_UNREADABLE = "archive_unreadable"
    FILE_BUSY = "file_busy"
    FILE_EMPTY = "file_empty"
    FILE_INCOMPLETE = "file_incomplete"
    FILE_TOO_LARGE = "file_too_large"
    FILE_TYPE_MISMATCH = "file_type_mismatch"
    FILE_TYPE_REFUSED = "file_type_refused"
    FILE_UNKNOWN = "file_unknown"
    FILE_UNREADABLE = "file_unreadable"
    FILE_USED = "file_used"
    FILES_OFF = "files_off"
    IMAGE_TOO_LARGE = "image_too_large"
    TICKET_REFUSED = "ticket_refused"
    TOO_MANY_FILES = "too_many_files"
