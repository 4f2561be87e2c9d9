"""Every change that transfers make."""

from apps.transfers.actions.settings import transfer_settings_save
from apps.transfers.actions.skills import conversation_skill_add, conversation_skill_remove
from apps.transfers.actions.transfer import transfer_cancel, transfer_to_agent, transfer_to_queue

__all__ = [
    "conversation_skill_add",
    "conversation_skill_remove",
    "transfer_cancel",
    "transfer_settings_save",
    "transfer_to_agent",
    "transfer_to_queue",
]
