"""The words of received mail."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    CHANNEL_UNKNOWN = "channel_unknown"
    MAIL_EMPTY = "mail_empty"
    MAIL_NOT_QUARANTINED = "mail_not_quarantined"
    MAIL_ORIGINAL_REFUSED = "mail_original_refused"
    MAIL_UNKNOWN = "mail_unknown"
