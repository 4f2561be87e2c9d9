"""What a sender's console is told about their transfers."""

from uuid import UUID

from msgspec import Struct


class TransferFrame(Struct, frozen=True, tag="transfer"):
    """A transfer to an agent is settled.

    Attributes:
        end: a value of `routing.choices.TransferEnd`.
        text: what the sender is told.
    """

    conversation: UUID
    end: str
    text: str
