"""The words of secured forms."""

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.event_kinds import event_kinds

PURPOSE: Final = "forms"
"""Which of the tenant's keys encrypts what customers fill in."""


class Kind(models.TextChoices):
    """What a field takes, or shows (FRM-1)."""

    TEXT = "text", _("Text")
    AREA = "area", _("Longer text")
    NUMBER = "number", _("Number")
    RADIO = "radio", _("One of several, all shown")
    DROPDOWN = "dropdown", _("One of a list")
    CHECKBOX = "checkbox", _("Any of several")
    TOGGLE = "toggle", _("Yes or no")
    DATE = "date", _("Date")
    DATETIME = "datetime", _("Date and time")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("Email")
    ADDRESS = "address", _("Postal address")
    URL = "url", _("Web address")
    RANGE = "range", _("Slider")
    PASSWORD = "password", _("Password or code")
    HEADING = "heading", _("Heading")
    NOTE = "note", _("Note")


STATIC: Final = frozenset({Kind.HEADING, Kind.NOTE})
"""Only shown: nothing is filled in."""

OPTIONS: Final = frozenset({Kind.RADIO, Kind.DROPDOWN, Kind.CHECKBOX})
"""There is something to choose from."""

LENGTHS: Final = {
    Kind.TEXT: 300,
    Kind.AREA: 5000,
    Kind.PASSWORD: 200,
    Kind.EMAIL: 254,
    Kind.URL: 2000,
    Kind.PHONE: 60,
}
"""How many characters a field takes at most, whatever its own limits say."""

TEXTS: Final = frozenset({Kind.TEXT, Kind.AREA, Kind.PASSWORD})
"""Least and most count their characters, and a pattern may say what they look like."""

NUMBERS: Final = frozenset({Kind.NUMBER, Kind.RANGE})
DAYS: Final = frozenset({Kind.DATE, Kind.DATETIME})


class Condition(models.TextChoices):
    """When a field is shown, by what stands in another one."""

    IS = "is", _("is")
    IS_NOT = "is_not", _("is not")
    FILLED = "filled", _("is filled in")
    EMPTY = "empty", _("is empty")


class Secure(models.TextChoices):
    """What an agent sees of a secured field before it is revealed (FRM-3)."""

    NO = "", _("The value")
    REDACT = "redact", _("Dots")
    REPLACE = "replace", _("Another text")
    MASK = "mask", _("Characters, the last ones shown")


class Via(models.TextChoices):
    """Where a form was filled in."""

    WIDGET = "widget", _("In the widget")
    LINK = "link", _("By its link")


class Status(models.TextChoices):
    """How a sent form stands."""

    SENT = "sent", _("Sent")
    FILLED = "filled", _("Filled")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Taken back")


class AccessKind(models.TextChoices):
    """What was done with a sent form that has to be known later (FRM-4)."""

    REVEAL = "reveal", _("Revealed")
    LINK = "link", _("Link copied")
    ERASE = "erase", _("Values erased")


REDACTED: Final = "••••••••"
"""What stands for a value: the same for every one, however long it is."""

REASON_LENGTH = 240
FIELDS_MOST = 60
OPTIONS_MOST = 100
OPTION_LENGTH = 120
LABEL_LENGTH = 200
KEEP_MOST = 6
HOURS_LEAST, HOURS_MOST = 1, 30 * 24
HIDE_LEAST, HIDE_MOST = 5, 300
"""Seconds after which revealed values are hidden again."""


@event_kinds
class FormEventKind(models.TextChoices):
    """What forms record on the timeline."""

    FORM_SENT = "form_sent", _("Form sent")
    FORM_FILLED = "form_filled", _("Form filled in")
    FORM_WITHDRAWN = "form_withdrawn", _("Form taken back")
    FORM_REVEALED = "form_revealed", _("Secured values revealed")
    FORM_ERASED = "form_erased", _("Values of a form erased")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CONVERSATION_SNOOZED = "conversation_snoozed"
    FIELD_UNKNOWN = "field_unknown"
    FORM_ERASED = "form_erased"
    FORM_EXPIRED = "form_expired"
    FORM_FILLED = "form_filled"
    FORM_IN_USE = "form_in_use"
    FORM_NOT_FILLED = "form_not_filled"
    FORM_NOT_READY = "form_not_ready"
    FORM_NOT_YOURS = "form_not_yours"
    FORM_OPEN = "form_open"
    FORM_UNKNOWN = "form_unknown"
    FORM_WITHDRAWN = "form_withdrawn"
    FORM_WRONG = "form_wrong"
    NOT_YOURS = "not_yours"
    REASON_NEEDED = "reason_needed"
    REVEAL_REFUSED = "reveal_refused"
    SLOW_DOWN = "slow_down"


class AuditVerb(models.TextChoices):
    """What is done with forms, in the audit log (AUD-1)."""

    REVEAL = "form.reveal", _("Secured values revealed")
    LINK = "form.link", _("Link of a form copied")
    ERASE = "form.erase", _("Values of a form erased")
    PUBLISH = "form.publish", _("Form published")
