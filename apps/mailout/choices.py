"""The words of mail that goes out."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CHANNEL_CANNOT_SEND = "channel_cannot_send"
    CONVERSATION_ENDED = "conversation_ended"
    DRAFT_EMPTY = "draft_empty"
    DRAFT_GONE = "draft_gone"
    DRAFT_INCOMPLETE = "draft_incomplete"
    DRAFT_OUTDATED = "draft_outdated"
    DRAFT_SENT = "draft_sent"
    MAIL_BLOCKED = "mail_blocked"
    MAIL_LEFT = "mail_left"
    MAIL_NOT_FAILED = "mail_not_failed"
    MAIL_RECIPIENT_OURS = "mail_recipient_ours"
    MAIL_TOO_LARGE = "mail_too_large"
    MAIL_UNKNOWN = "mail_unknown"
    MESSAGE_TOO_LONG = "message_too_long"
    NO_FREE_SLOT = "no_free_slot"
    NOT_ALLOWED = "not_allowed"
    NOT_BY_MAIL = "not_by_mail"
    NOT_YOURS = "not_yours"
    QUEUE_UNKNOWN = "queue_unknown"
    REPLIED_SINCE = "replied_since"
    TOO_MANY_FILES = "too_many_files"
    TOO_MANY_RECIPIENTS = "too_many_recipients"
    USER_BUSY = "user_busy"
