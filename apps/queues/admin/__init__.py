"""Admin pages of skills and hours. That of queues is finished in `agents`, which knows their members."""

from apps.queues.admin import hours, skills

__all__ = ["hours", "skills"]
