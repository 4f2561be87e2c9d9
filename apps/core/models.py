"""Base classes of every model."""

from typing import Any

from django.db import models

from apps.core.ids import uuid7
from apps.core.rows import row_get


class Entity(models.Model):
    """A row with an opaque, time-ordered identifier."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Singleton(models.Model):
    """A table of one row: the settings of one area of one tenant."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def load(cls) -> Any:
        """The row, made with its defaults if it is not there yet."""
        return row_get(cls, 1) or cls._default_manager.get_or_create(pk=1)[0]
