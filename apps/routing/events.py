"""What routing tells itself and the apps above."""

from dataclasses import dataclass
from uuid import UUID

from apps.conversations.models import Conversation
from apps.routing.choices import TransferEnd
from apps.routing.models import Offer


@dataclass(frozen=True)
class SlotFreed:
    """A slot of this agent is free again."""

    agent_id: UUID


@dataclass(frozen=True)
class AwaitedSlotFree:
    """A slot is free that a conversation of this agent waits for, to wake up (SNZ-4)."""

    agent_id: UUID


@dataclass(frozen=True)
class TransferEnded:
    """What one agent offered to another is settled; `conversation` stands as it does after it (XFR-4)."""

    offer: Offer
    conversation: Conversation
    end: TransferEnd
