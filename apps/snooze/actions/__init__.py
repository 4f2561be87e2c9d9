"""Snoozing and waking (SNZ-1 to SNZ-5)."""

from apps.snooze.actions.settings import snooze_settings_save
from apps.snooze.actions.snooze import (
    conversation_snooze,
    conversation_wake,
    snooze_expire,
    snoozes_wake_waiting,
    wrap_up_timers_start,
)

__all__ = [
    "conversation_snooze",
    "conversation_wake",
    "snooze_expire",
    "snooze_settings_save",
    "snoozes_wake_waiting",
    "wrap_up_timers_start",
]
