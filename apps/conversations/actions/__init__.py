"""Every change of a conversation that stands by itself; what others do under its lock are steps."""

from apps.conversations.actions.contact import conversation_change_contact, conversation_prove_contact
from apps.conversations.actions.contact_merges import contact_merge_checked, merge_request_create, merge_request_decide
from apps.conversations.actions.end import conversation_end
from apps.conversations.actions.messages import marks_advance, message_post
from apps.conversations.actions.reading import conversation_download_record, conversation_read_record
from apps.conversations.actions.recipients import contact_for_recipient, contact_forget_unknown
from apps.conversations.actions.redaction import message_redact
from apps.conversations.actions.spam import conversation_mark_spam, conversation_unmark_spam, may_unmark_spam
from apps.conversations.actions.start import conversation_start
from apps.conversations.actions.uploads import message_upload_announce

__all__ = [
    "contact_for_recipient",
    "contact_forget_unknown",
    "contact_merge_checked",
    "conversation_change_contact",
    "conversation_download_record",
    "conversation_end",
    "conversation_mark_spam",
    "conversation_prove_contact",
    "conversation_read_record",
    "conversation_start",
    "conversation_unmark_spam",
    "marks_advance",
    "may_unmark_spam",
    "merge_request_create",
    "merge_request_decide",
    "message_post",
    "message_redact",
    "message_upload_announce",
]
