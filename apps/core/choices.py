"""The words of what all apps share."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why an action of this app refuses: the codes of its errors."""

    SLOW_DOWN = "slow_down"
