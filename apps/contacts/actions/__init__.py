"""Every change of a contact."""

from apps.contacts.actions.block import contact_block, contact_unblock
from apps.contacts.actions.edit import contact_tell, contact_update, contact_vouch
from apps.contacts.actions.merge import MERGED_DEADLINE, contact_merge, contact_merge_settle

__all__ = [
    "MERGED_DEADLINE",
    "contact_block",
    "contact_merge",
    "contact_merge_settle",
    "contact_tell",
    "contact_unblock",
    "contact_update",
    "contact_vouch",
]
