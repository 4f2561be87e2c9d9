"""Reads of files."""

from uuid import UUID

from django.contrib.auth import get_user_model

from apps.files.models import StoredFile


def is_uploader_inactive(file_id: UUID) -> bool:
    """Whether a file was announced by a user who was deactivated since."""
    inactive = get_user_model().objects.filter(is_active=False)
    return StoredFile.objects.filter(pk=file_id, uploader__in=inactive).exists()
