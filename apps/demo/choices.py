"""The words of demo."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    MAIL_REFUSED = "mail_refused"
