"""What the runner hands to the workers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from celery import shared_task

from apps.timers.actions.wakeups import WakeupPayload, wakeup_fire

BATCH: Final = 10
"""Most wake-ups in one message; a message each costs nearly twice the processor time."""


# Taken off the queue when it is begun: the lease in the database brings up again whatever a dead worker leaves.
@shared_task(name="timers.fire", acks_late=False, ignore_result=True)
def fire_wakeups(wakeups: Iterable[WakeupPayload]) -> None:
    """Fire due wake-ups, one after another."""
    for schema, kind, object_id, due_at in wakeups:
        wakeup_fire(schema=schema, kind=kind, object_id=UUID(object_id), due_at=datetime.fromisoformat(due_at))
