"""Who looks at the console."""

from uuid import UUID

from apps.agents.models import Agent


def agent_of(user_id: UUID) -> Agent | None:
    """The agent that this user is, with user, role, status and what they chose for their console loaded."""
    related = Agent.objects.select_related("user__role", "user__console_preferences", "status")
    return related.filter(user=user_id).first()
