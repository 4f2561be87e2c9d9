"""The words of mail as pure functions."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why a mail can't be written: the codes of this app's errors."""

    MAIL_ADDRESS_INVALID = "mail_address_invalid"
    MAIL_HEADER_INVALID = "mail_header_invalid"
