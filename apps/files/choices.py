"""The words of files."""

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
