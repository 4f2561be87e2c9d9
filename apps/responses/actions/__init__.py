"""Drafts: what an agent has begun to write in a conversation, kept until it is sent or the conversation ends."""

from apps.responses.actions.drafts import draft_save
from apps.responses.actions.responses import (
    response_delete,
    response_group_delete,
    response_group_save,
    response_save,
)

__all__ = [
    "draft_save",
    "response_delete",
    "response_group_delete",
    "response_group_save",
    "response_save",
]
