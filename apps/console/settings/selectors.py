"""What an agent has chosen for their console."""

from apps.agents.models import Agent
from apps.console.models import Preferences


def preferences_of(agent: Agent) -> Preferences:
    """What this agent has chosen for their console, else the defaults."""
    try:
        return agent.user.console_preferences
    except Preferences.DoesNotExist:
        return Preferences(user=agent.user)
