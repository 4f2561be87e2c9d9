"""The words of the tray, and why this app refuses."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Show(models.TextChoices):
    """Which conversations of the tray are shown (CON-1)."""

    ALL = "all", _("All")
    ONGOING = "ongoing", _("Ongoing")
    OVERDUE = "overdue", _("Overdue")
    IDLE = "idle", _("Idle")
    SNOOZED = "snoozed", _("Snoozed")
    WRAP_UP = "wrap_up", _("Wrap-up")


class Order(models.TextChoices):
    """In which order they stand (CON-1)."""

    NEED = "need", _("Who needs me first")
    LATEST = "latest", _("Latest on top")
    WAITING = "waiting", _("Longest waiting on top")
    OLDEST = "oldest", _("Oldest on top")


class Refusal(StrEnum):
    """Why the console refuses: the codes of its errors."""

    BY_MAIL = "by_mail"
    CONTACT_UNKNOWN = "contact_unknown"
    CONVERSATION_ENDED = "conversation_ended"
    CONVERSATION_UNKNOWN = "conversation_unknown"
    DRAFT_GONE = "draft_gone"
    FORM_UNKNOWN = "form_unknown"
    KEY_RESERVED = "key_reserved"
    KEY_TAKEN = "key_taken"
    KEY_UNKNOWN = "key_unknown"
    MAIL_UNKNOWN = "mail_unknown"
    MESSAGE_UNKNOWN = "message_unknown"
    NOT_ALLOWED = "not_allowed"
    NOT_YOURS = "not_yours"
    NOTE_UNKNOWN = "note_unknown"
    ORDER_UNKNOWN = "order_unknown"
    SHORTCUT_UNKNOWN = "shortcut_unknown"
    SKILL_UNKNOWN = "skill_unknown"
