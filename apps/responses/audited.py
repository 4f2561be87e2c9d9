"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.responses.models import Response, ResponseGroup

audited_model(
    Response,
    "response",
    ignored=["queues_only", "skills_only", "groups_only"],
    related=["queues", "skills", "agent_groups"],
)
audited_model(ResponseGroup, "response_group")
