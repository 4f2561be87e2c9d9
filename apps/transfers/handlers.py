"""What transfers do when one that rang is settled."""

from apps.core.events import subscribe
from apps.routing.events import TransferEnded
from apps.transfers import steps


@subscribe(TransferEnded)
def on_ended(event: TransferEnded) -> None:
    """Keep the hop, or say that it came back."""
    steps.transfer_settle(offer=event.offer, conversation=event.conversation, end=event.end)
