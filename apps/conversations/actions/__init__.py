"""Every change of a conversation."""

from apps.conversations.actions.contact import (
    conversation_change_contact,
    conversation_inherit_origin,
    conversation_prove_contact,
    conversations_change_contact,
)
from apps.conversations.actions.contact_merges import contact_merge_checked, merge_request_create, merge_request_decide
from apps.conversations.actions.lifecycle import (
    WRAP_UP_DEADLINE,
    FirstMessage,
    conversation_accept,
    conversation_close,
    conversation_end,
    conversation_offer,
    conversation_return,
    conversation_start,
    wrap_up_begin,
)
from apps.conversations.actions.messages import (
    AttachedFiles,
    form_message_post,
    marks_advance,
    message_post,
    message_post_late,
    system_message_post,
)
from apps.conversations.actions.redaction import message_redact
from apps.conversations.actions.spam import conversation_mark_spam, conversation_unmark_spam, may_unmark_spam
from apps.conversations.steps.message_moves import messages_move
from apps.conversations.steps.outbound import outbound_begin, outbound_discard, outbound_prepare
from apps.conversations.steps.queue_place import conversation_move_to_queue, conversation_reprioritise
from apps.conversations.steps.reassign import (
    conversation_pass_to_queue,
    conversation_raise_version,
    conversation_reassign,
)
from apps.conversations.steps.reopen import conversation_mark_reopened
from apps.conversations.steps.rows import conversation_lock as conversation_lock
from apps.conversations.steps.rows import timeline_record as timeline_record
from apps.conversations.steps.snooze import conversation_mark_snoozed, conversation_mark_waking, conversation_mark_woken

__all__ = [
    "WRAP_UP_DEADLINE",
    "AttachedFiles",
    "FirstMessage",
    "contact_merge_checked",
    "conversation_accept",
    "conversation_change_contact",
    "conversation_close",
    "conversation_end",
    "conversation_inherit_origin",
    "conversation_lock",
    "conversation_mark_reopened",
    "conversation_mark_snoozed",
    "conversation_mark_spam",
    "conversation_mark_waking",
    "conversation_mark_woken",
    "conversation_move_to_queue",
    "conversation_offer",
    "conversation_pass_to_queue",
    "conversation_prove_contact",
    "conversation_raise_version",
    "conversation_reassign",
    "conversation_reprioritise",
    "conversation_return",
    "conversation_start",
    "conversation_unmark_spam",
    "conversations_change_contact",
    "form_message_post",
    "marks_advance",
    "may_unmark_spam",
    "merge_request_create",
    "merge_request_decide",
    "message_post",
    "message_post_late",
    "message_redact",
    "messages_move",
    "outbound_begin",
    "outbound_discard",
    "outbound_prepare",
    "system_message_post",
    "timeline_record",
    "wrap_up_begin",
]
