"""Every change of a conversation."""

from apps.conversations.actions._steps import lock as conversation_lock
from apps.conversations.actions._steps import record as timeline_record
from apps.conversations.actions.again import conversation_reopen
from apps.conversations.actions.carry import messages_carry
from apps.conversations.actions.contact import (
    conversation_contact_change,
    conversation_contact_prove,
    conversation_descend,
    conversations_join,
)
from apps.conversations.actions.hands import conversation_hand_over, conversation_pass_on, conversation_touch
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
from apps.conversations.actions.line import conversation_move, conversation_reprioritise
from apps.conversations.actions.merging import contacts_merge, merge_ask, merge_decide
from apps.conversations.actions.messages import (
    Enclosed,
    form_line_post,
    marks_move,
    message_post,
    message_post_late,
    notice_post,
)
from apps.conversations.actions.outbound import conversation_begin, conversation_forget, conversation_prepare
from apps.conversations.actions.redacting import message_redact
from apps.conversations.actions.rest import conversation_rest, conversation_resume, conversation_stir
from apps.conversations.actions.spam import conversation_spam, conversation_spam_undo, spam_may_be_undone

__all__ = [
    "WRAP_UP_DEADLINE",
    "Enclosed",
    "FirstMessage",
    "contacts_merge",
    "conversation_accept",
    "conversation_begin",
    "conversation_close",
    "conversation_contact_change",
    "conversation_contact_prove",
    "conversation_descend",
    "conversation_end",
    "conversation_forget",
    "conversation_hand_over",
    "conversation_lock",
    "conversation_move",
    "conversation_offer",
    "conversation_pass_on",
    "conversation_prepare",
    "conversation_reopen",
    "conversation_reprioritise",
    "conversation_rest",
    "conversation_resume",
    "conversation_return",
    "conversation_spam",
    "conversation_spam_undo",
    "conversation_start",
    "conversation_stir",
    "conversation_touch",
    "conversations_join",
    "form_line_post",
    "marks_move",
    "merge_ask",
    "merge_decide",
    "message_post",
    "message_post_late",
    "message_redact",
    "messages_carry",
    "notice_post",
    "spam_may_be_undone",
    "timeline_record",
    "wrap_up_begin",
]
