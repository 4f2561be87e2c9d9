"""Every change of wake-ups and outages that owns its transaction."""

from apps.timers.actions.outages import heartbeat_record
from apps.timers.actions.wakeups import FiringResult, wakeup_fire, wakeups_claim

__all__ = [
    "FiringResult",
    "heartbeat_record",
    "wakeup_fire",
    "wakeups_claim",
]
