"""The words of notes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.event_kinds import event_kinds


@event_kinds
class NoteEventKind(models.TextChoices):
    """What notes record on the timeline."""

    NOTED = "noted", _("Note added")
