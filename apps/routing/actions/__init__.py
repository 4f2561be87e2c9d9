"""Every change that routing makes."""

from apps.routing.actions.agent_leave import agent_leave, refuse_sign_out
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
    offer_expire,
    offer_reject,
)
from apps.routing.actions.queue_changes import hours_reevaluate, queue_move_waiting, queue_reevaluate
from apps.routing.actions.settings import (
    channel_rules_save,
    flow_delete,
    flow_save,
    routing_settings_save,
    waiting_experience_delete,
    waiting_experience_save,
)
from apps.routing.actions.waits import wait_expire

__all__ = [
    "agent_dispatch",
    "agent_leave",
    "agent_offers_withdraw",
    "channel_rules_save",
    "console_grace_expire",
    "conversation_assign",
    "conversation_change_queue",
    "conversation_dispatch",
    "conversation_force_close",
    "conversation_pick",
    "conversation_requeue",
    "conversation_set_priority",
    "first_response_expire",
    "flow_delete",
    "flow_save",
    "hours_reevaluate",
    "offer_accept",
    "offer_expire",
    "offer_reject",
    "queue_head_dispatch",
    "queue_move_waiting",
    "queue_reevaluate",
    "refuse_sign_out",
    "routing_settings_save",
    "wait_expire",
    "waiting_experience_delete",
    "waiting_experience_save",
]
