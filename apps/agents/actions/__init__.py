"""Every change of an agent."""

from apps.agents.actions.agents import agent_create, agent_set_group, agent_set_skills, agent_set_slots
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
from apps.agents.actions.members import (
    agent_retire,
    group_memberships_set,
    membership_remove,
    membership_set,
    queue_set_members,
)
from apps.agents.actions.settings import (
    agent_group_delete,
    agent_group_save,
    agent_settings_save,
    status_delete,
    status_save,
)
from apps.agents.actions.status import (
    agent_drain,
    agent_login_prep_expire,
    agent_set_idle_away,
    agent_status_choose,
)

__all__ = [
    "CONSOLE_DEADLINE",
    "CONSOLE_GRACE",
    "PRESENCE_DEADLINE",
    "PRESENCE_ID",
    "agent_console_close",
    "agent_console_expire",
    "agent_console_open",
    "agent_create",
    "agent_drain",
    "agent_group_delete",
    "agent_group_save",
    "agent_login_prep_expire",
    "agent_retire",
    "agent_set_group",
    "agent_set_idle_away",
    "agent_set_skills",
    "agent_set_slots",
    "agent_settings_save",
    "agent_sign_out",
    "agent_status_choose",
    "group_memberships_set",
    "membership_remove",
    "membership_set",
    "queue_set_members",
    "status_delete",
    "status_save",
]
