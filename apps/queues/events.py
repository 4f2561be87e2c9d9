"""What happens to queues, skills and hours, told to the apps above inside the same transaction.

`actor` is who asked for it; None is the installation itself (a command, a seed).
"""

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser

from apps.queues.models import HoursProfile, Queue

Actor = AbstractBaseUser | None


@dataclass(frozen=True)
class QueueChanged:
    """A queue was made, or changed in a way that may alter who serves whom, and when (RTE-8)."""

    queue: Queue
    actor: Actor = None


@dataclass(frozen=True)
class QueueDeactivating:
    """A queue is about to be deactivated, and it was said what becomes of those who wait there (RTE-13).

    The handler moves them to `move_to`. Without one the queue is drained: it takes nobody any more, and they are served
    from it as before. `QueueChanged` follows once the queue is inactive.
    """

    queue: Queue
    move_to: Queue | None
    actor: Actor = None


@dataclass(frozen=True)
class QueueClosing:
    """A queue is about to be deactivated or deleted, and nobody said what becomes of those who wait there (RTE-13).

    A handler that knows of somebody who waits raises DomainError.
    """

    queue: Queue
    actor: Actor = None


@dataclass(frozen=True)
class HoursChanged:
    """A profile was made, or when it is open has changed: what was planned by its next change is to be planned anew."""

    profile: HoursProfile
    actor: Actor = None
