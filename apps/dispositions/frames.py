"""What an agent's console is told about wrap-ups."""

from uuid import UUID

from msgspec import Struct


class WrapUpExpiredFrame(Struct, frozen=True, tag="wrap_up.expired"):
    """The time of a wrap-up was over and it closed by itself; `text` says so to its agent (WRP-3)."""

    conversation: UUID
    text: str
