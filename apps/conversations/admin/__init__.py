"""Admin pages of conversations, and of what agents ask about whose they are."""

from apps.conversations.admin import conversations, merge_requests

__all__ = ["conversations", "merge_requests"]
