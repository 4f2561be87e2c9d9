"""The words of notes."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.event_kinds import event_kinds


@event_kinds
class NoteEventKind(models.TextChoices):
    """What notes record on the timeline."""

    NOTED = "noted", _("Note added")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CONVERSATION_UNKNOWN = "conversation_unknown"
    NOTE_DELETED = "note_deleted"
    NOTE_KEY_TAKEN = "note_key_taken"
    NOTE_NOT_YOURS = "note_not_yours"
    NOTE_TOO_OLD = "note_too_old"
    NOTE_UNKNOWN = "note_unknown"
