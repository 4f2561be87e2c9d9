"""What is done to a conversation under the lock of whoever asks for it."""

from apps.conversations.steps.contact import conversation_inherit_origin, conversations_change_contact
from apps.conversations.steps.lifecycle import (
    WRAP_UP_DEADLINE,
    conversation_accept,
    conversation_close,
    conversation_offer,
    conversation_return,
    wrap_up_begin,
)
from apps.conversations.steps.message_moves import messages_move
from apps.conversations.steps.messages import (
    AttachedFiles,
    MessageDraft,
    form_message_post,
    message_write,
    system_message_post,
)
from apps.conversations.steps.outbound import outbound_begin, outbound_discard, outbound_prepare
from apps.conversations.steps.queue_place import conversation_move_to_queue, conversation_reprioritise
from apps.conversations.steps.reassign import conversation_pass_to_queue, conversation_reassign
from apps.conversations.steps.reopen import conversation_mark_reopened
from apps.conversations.steps.rows import conversation_lock, conversation_raise_version, timeline_record
from apps.conversations.steps.snooze import conversation_mark_snoozed, conversation_mark_waking, conversation_mark_woken

__all__ = [
    "WRAP_UP_DEADLINE",
    "AttachedFiles",
    "MessageDraft",
    "conversation_accept",
    "conversation_close",
    "conversation_inherit_origin",
    "conversation_lock",
    "conversation_mark_reopened",
    "conversation_mark_snoozed",
    "conversation_mark_waking",
    "conversation_mark_woken",
    "conversation_move_to_queue",
    "conversation_offer",
    "conversation_pass_to_queue",
    "conversation_raise_version",
    "conversation_reassign",
    "conversation_reprioritise",
    "conversation_return",
    "conversations_change_contact",
    "form_message_post",
    "message_write",
    "messages_move",
    "outbound_begin",
    "outbound_discard",
    "outbound_prepare",
    "system_message_post",
    "timeline_record",
    "wrap_up_begin",
]
