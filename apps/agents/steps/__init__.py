"""What is done to an agent under the lock of whoever asks for it."""

from apps.agents.steps.agents import agent_lock
from apps.agents.steps.notices import notice_add
from apps.agents.steps.status import (
    LOGIN_PREP_DEADLINE,
    line_reconsider,
    readiness_announce,
    sign_in_status_enter,
    status_enter,
    status_follow_load,
)

__all__ = [
    "LOGIN_PREP_DEADLINE",
    "agent_lock",
    "line_reconsider",
    "notice_add",
    "readiness_announce",
    "sign_in_status_enter",
    "status_enter",
    "status_follow_load",
]
