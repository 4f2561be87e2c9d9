"""What routing does under the lock of whoever asks for it: most of it under a conversation's."""

from apps.routing.steps.offer_ends import offer_drop, offer_give_back, offer_withdraw
from apps.routing.steps.offers import (
    FIRST_RESPONSE_DEADLINE,
    OFFER_DEADLINE,
    offer_auto_accept,
    offer_close,
    offer_create,
    offer_lock,
)
from apps.routing.steps.reopen import conversation_reopen
from apps.routing.steps.requirements import skills_change, skills_forget_removed
from apps.routing.steps.slots import slot_await, slot_force, slot_reserve, slots_release, slots_release_and_dispatch
from apps.routing.steps.transfer_offers import (
    transfer_offer_cancel,
    transfer_offer_complete,
    transfer_offer_create,
    transfer_offer_return,
)
from apps.routing.steps.waits import WAIT_DEADLINE, queue_enter, queue_return, wait_end, wait_follow_due, wait_restart

__all__ = [
    "FIRST_RESPONSE_DEADLINE",
    "OFFER_DEADLINE",
    "WAIT_DEADLINE",
    "conversation_reopen",
    "offer_auto_accept",
    "offer_close",
    "offer_create",
    "offer_drop",
    "offer_give_back",
    "offer_lock",
    "offer_withdraw",
    "queue_enter",
    "queue_return",
    "skills_change",
    "skills_forget_removed",
    "slot_await",
    "slot_force",
    "slot_reserve",
    "slots_release",
    "slots_release_and_dispatch",
    "transfer_offer_cancel",
    "transfer_offer_complete",
    "transfer_offer_create",
    "transfer_offer_return",
    "wait_end",
    "wait_follow_due",
    "wait_restart",
]
