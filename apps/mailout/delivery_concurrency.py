"""How much of a worker sending may take: other people's servers are slow, and chats wait for the same threads."""

from threading import BoundedSemaphore
from typing import Final
from uuid import UUID

from apps.mailout.actions.delivery import mail_deliver
from apps.mailout.selectors.outbox import outbound_due

MOST_AT_ONCE: Final = 2
"""Mails that one process hands over at the same time."""
MOST: Final = 200
"""Mails of one tenant before another has its turn."""

_deliveries = BoundedSemaphore(MOST_AT_ONCE)


def mails_deliver(*, first: UUID) -> int:
    """Send a mail, and then whatever else of this tenant is to be sent, each once.

    Whoever finds the lanes taken leaves: those at it go on until nothing is left, and each mail has its own wake-up.

    Returns:
        How many were tried.
    """
    if not _deliveries.acquire(blocking=False):
        return 0
    tried: list[UUID] = []
    try:
        following: UUID | None = first
        while following is not None and len(tried) < MOST:
            mail_deliver(outbound_id=following)
            tried.append(following)
            following = outbound_due(but=tried)
    finally:
        _deliveries.release()
    return len(tried)
