"""Every change of an agent."""

from apps.agents.actions.agents import agent_create, agent_lock
from apps.agents.actions.console import (
    CONSOLE_DEADLINE,
    CONSOLE_GRACE,
    PRESENCE_DEADLINE,
    PRESENCE_ID,
    agent_console_close,
    agent_console_expire,
    agent_console_open,
    agent_sign_out,
)
from apps.agents.actions.status import (
    LOGIN_PREP_DEADLINE,
    agent_drain,
    agent_login_prep_expire,
    agent_set_idle_away,
    agent_status_choose,
)
from apps.agents.steps.notices import notice_add
from apps.agents.steps.slots import slot_await, slot_force, slot_release, slot_reserve

__all__ = [
    "CONSOLE_DEADLINE",
    "CONSOLE_GRACE",
    "LOGIN_PREP_DEADLINE",
    "PRESENCE_DEADLINE",
    "PRESENCE_ID",
    "agent_console_close",
    "agent_console_expire",
    "agent_console_open",
    "agent_create",
    "agent_drain",
    "agent_lock",
    "agent_login_prep_expire",
    "agent_set_idle_away",
    "agent_sign_out",
    "agent_status_choose",
    "notice_add",
    "slot_await",
    "slot_force",
    "slot_release",
    "slot_reserve",
]
