"""The words of chat."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.event_kinds import event_kinds


@event_kinds
class ChatEventKind(models.TextChoices):
    """What a chat records on the timeline."""

    EMAIL_LEFT = "email_left", _("Email address left")


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    BAD_FRAME = "bad_frame"
    CHANNEL_UNKNOWN = "channel_unknown"
    CONVERSATION_ENDED = "conversation_ended"
    CONVERSATION_UNKNOWN = "conversation_unknown"
    EMAIL_NOT_ASKED = "email_not_asked"
    IDENTITY_REFUSED = "identity_refused"
    NOT_WELCOME = "not_welcome"
    START_KEY_TAKEN = "start_key_taken"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a code
    TRANSCRIPT_NOT_MAILED = "transcript_not_mailed"
    WIDGET_IN_USE = "widget_in_use"
