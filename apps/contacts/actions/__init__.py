"""Every change of a contact."""

from apps.contacts.actions.blocking import contact_block, contact_unblock
from apps.contacts.actions.creation import contact_create, contact_get_or_create, contact_of_address
from apps.contacts.actions.details import contact_external_id_release, contact_tell, contact_update, contact_vouch
from apps.contacts.actions.fields import contact_field_delete, contact_field_save
from apps.contacts.actions.many import ContactWrite, contacts_write
from apps.contacts.actions.merge import MERGED_DEADLINE, contact_merge, contact_merge_settle
from apps.contacts.actions.requests import merge_confirm, merge_decline, merge_request, merge_requests_settle

__all__ = [
    "MERGED_DEADLINE",
    "ContactWrite",
    "contact_block",
    "contact_create",
    "contact_external_id_release",
    "contact_field_delete",
    "contact_field_save",
    "contact_get_or_create",
    "contact_merge",
    "contact_merge_settle",
    "contact_of_address",
    "contact_tell",
    "contact_unblock",
    "contact_update",
    "contact_vouch",
    "contacts_write",
    "merge_confirm",
    "merge_decline",
    "merge_request",
    "merge_requests_settle",
]
