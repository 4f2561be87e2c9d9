"""The words of sockets."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    BUSY = "busy"
