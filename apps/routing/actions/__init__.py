"""Every change that routing makes."""

from apps.routing.actions.console_loss import console_grace_expire
from apps.routing.actions.dispatch import agent_dispatch, conversation_dispatch, queue_head_dispatch
from apps.routing.actions.manual import (
    conversation_assign,
    conversation_change_queue,
    conversation_force_close,
    conversation_pick,
    conversation_requeue,
    conversation_set_priority,
)
from apps.routing.actions.offers import (
    agent_offers_withdraw,
    first_response_expire,
    offer_accept,
    offer_drop,
    offer_expire,
    offer_reject,
)
from apps.routing.actions.queue_changes import hours_reevaluate, queue_move_waiting, queue_reevaluate
from apps.routing.steps.offers import FIRST_RESPONSE_DEADLINE, OFFER_DEADLINE
from apps.routing.steps.reopen import conversation_reopen
from apps.routing.steps.requirements import skills_change, skills_forget_removed
from apps.routing.steps.slots import slot_take, slots_release
from apps.routing.steps.transfer_offers import transfer_offer_cancel, transfer_offer_create
from apps.routing.steps.waits import WAIT_DEADLINE, queue_enter, queue_return, wait_end, wait_expire

__all__ = [
    "FIRST_RESPONSE_DEADLINE",
    "OFFER_DEADLINE",
    "WAIT_DEADLINE",
    "agent_dispatch",
    "agent_offers_withdraw",
    "console_grace_expire",
    "conversation_assign",
    "conversation_change_queue",
    "conversation_dispatch",
    "conversation_force_close",
    "conversation_pick",
    "conversation_reopen",
    "conversation_requeue",
    "conversation_set_priority",
    "first_response_expire",
    "hours_reevaluate",
    "offer_accept",
    "offer_drop",
    "offer_expire",
    "offer_reject",
    "queue_enter",
    "queue_head_dispatch",
    "queue_move_waiting",
    "queue_reevaluate",
    "queue_return",
    "skills_change",
    "skills_forget_removed",
    "slot_take",
    "slots_release",
    "transfer_offer_cancel",
    "transfer_offer_create",
    "wait_end",
    "wait_expire",
]
