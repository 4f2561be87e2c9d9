"""What happens to queues, told to the apps above inside the same transaction."""

from dataclasses import dataclass

from apps.queues.models import Queue


@dataclass(frozen=True)
class QueueClosing:
    """A queue is about to be deactivated or deleted; a handler that must not let it be raises DomainError (RTE-13)."""

    queue: Queue
