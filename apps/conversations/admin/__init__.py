"""Admin pages of conversations, and of what agents ask about whose they are."""

from apps.conversations.admin import conversations, merging

__all__ = ["conversations", "merging"]
