"""Admin pages of users and agents, of queues with their members, and of what agents are sorted by."""

from apps.agents.admin import groups, queues, settings, users

__all__ = ["groups", "queues", "settings", "users"]
