"""Admin pages of conversations, and of what agents ask about whose they are."""

from apps.conversations.admin import contacts, conversations, merge_requests

__all__ = ["contacts", "conversations", "merge_requests"]
