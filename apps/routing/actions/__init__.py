"""Every change that routing makes."""

from apps.routing.actions.byhand import (
    conversation_assign,
    conversation_change_queue,
    conversation_force_close,
    conversation_pick,
    conversation_requeue,
    conversation_set_priority,
)
from apps.routing.actions.dispatch import agent_dispatch, conversation_dispatch, line_dispatch
from apps.routing.actions.handing import transfer_offer, transfer_take_back
from apps.routing.actions.lost import agent_lost
from apps.routing.actions.offers import (
    first_response_expire,
    offer_accept,
    offer_drop,
    offer_expire,
    offer_reject,
    offers_withdraw,
)
from apps.routing.actions.reorganise import hours_look_again, queue_empty, queue_look_again
from apps.routing.actions.returning import conversation_come_back
from apps.routing.actions.ringing import FIRST_RESPONSE_DEADLINE, OFFER_DEADLINE
from apps.routing.actions.skills import skills_change, skills_forget_removed
from apps.routing.actions.slots import slot_take, slots_release
from apps.routing.actions.waiting import WAIT_DEADLINE, queue_entered, queue_returned, wait_end, wait_expire

__all__ = [
    "FIRST_RESPONSE_DEADLINE",
    "OFFER_DEADLINE",
    "WAIT_DEADLINE",
    "agent_dispatch",
    "agent_lost",
    "conversation_assign",
    "conversation_change_queue",
    "conversation_come_back",
    "conversation_dispatch",
    "conversation_force_close",
    "conversation_pick",
    "conversation_requeue",
    "conversation_set_priority",
    "first_response_expire",
    "hours_look_again",
    "line_dispatch",
    "offer_accept",
    "offer_drop",
    "offer_expire",
    "offer_reject",
    "offers_withdraw",
    "queue_empty",
    "queue_entered",
    "queue_look_again",
    "queue_returned",
    "skills_change",
    "skills_forget_removed",
    "slot_take",
    "slots_release",
    "transfer_offer",
    "transfer_take_back",
    "wait_end",
    "wait_expire",
]
