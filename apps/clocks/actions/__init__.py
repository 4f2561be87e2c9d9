"""Reply clocks: one deadline for each active conversation."""

from apps.clocks.actions.clock import (
    REPLY_DEADLINE,
    clock_fire,
    clock_pause,
    clock_resume,
    clock_start,
    clock_stop,
    clock_wait_for_agent,
    clock_wait_for_customer,
)
from apps.clocks.actions.settings import reply_message_delete, reply_message_save, reply_rules_save

__all__ = [
    "REPLY_DEADLINE",
    "clock_fire",
    "clock_pause",
    "clock_resume",
    "clock_start",
    "clock_stop",
    "clock_wait_for_agent",
    "clock_wait_for_customer",
    "reply_message_delete",
    "reply_message_save",
    "reply_rules_save",
]
