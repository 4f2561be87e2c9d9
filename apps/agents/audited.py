"""What the audit log shows of this app's rows (AUD-1)."""

from apps.agents.models import Agent, AgentGroup, AgentSettings, Status
from apps.audit.registry import audited_model, audited_related
from apps.queues.models import Queue

# What an agent does all day is the timeline's and the intervals'.
DAY = (
    "status",
    "base",
    "status_since",
    "chosen_status",
    "is_draining",
    "login_prep_until",
    "console_id",
    "console_opened_at",
    "console_lost_at",
    "idle_since",
    "last_offered_at",
)
COUNTERS = ("capacities.used", "capacities.forced", "capacities.awaited")
audited_model(Agent, "agent", ignored=(*DAY, *COUNTERS), related=["capacities", "skills", "memberships"])
audited_model(AgentGroup, "agent_group")
audited_model(AgentSettings, "agent_settings")
audited_model(Status, "status")
audited_related(Queue, "group_memberships")
