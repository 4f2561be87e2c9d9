"""Reply clocks: one deadline for each active conversation."""

from apps.clocks.actions.clock import (
    clock_fire,
)
from apps.clocks.actions.settings import reply_message_delete, reply_message_save, reply_rules_save

__all__ = [
    "clock_fire",
    "reply_message_delete",
    "reply_message_save",
    "reply_rules_save",
]
