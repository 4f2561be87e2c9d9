"""The words of responses."""

from enum import StrEnum

from apps.conversations.choices import State

DRAFT_STATES = (State.ACTIVE, State.SNOOZED)
"""An agent can write in it, and keeps a draft."""


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CONVERSATION_ENDED = "conversation_ended"
    MESSAGE_TOO_LONG = "message_too_long"
    NOT_YOURS = "not_yours"
    RESPONSE_NOT_YOURS = "response_not_yours"
